import {afterAll, afterEach} from '@jest/globals';
import {createClient} from 'redis';
import {type RedisServer, startRedis} from '../../../test-support/redis-servers.js';
import {RedisBackend, type RedisBackendOptions} from '../src/redis-backend.js';

/** A client to look at a server with. */
export type RawClient = Awaited<ReturnType<typeof connect>>;

/** The server of a test file, empty before each test; it is stopped after the last. */
export interface OpenRedis {
	readonly server: RedisServer;
	readonly raw: RawClient;
	/** A backend on it that is closed after the test. */
	open(name?: string, options?: RedisBackendOptions): RedisBackend;
}

/** Call it once, at the top of a test file. */
export async function openRedis(): Promise<OpenRedis> {
	const server = await startRedis();
	const raw = await connect(server.url);
	const backends: RedisBackend[] = [];
	afterEach(async () => {
		await Promise.all(backends.splice(0).map(backend => backend.close()));
		await raw.flushAll();
	});
	afterAll(async () => {
		raw.destroy();
		await server.stop();
	});
	return {
		server,
		raw,
		open(name = 'http-cache', options = {url: server.url}) {
			const backend = new RedisBackend(name, options);
			backends.push(backend);
			return backend;
		},
	};
}

async function connect(url: string) {
	const client = createClient({url});
	client.on('error', () => undefined);
	return client.connect();
}
