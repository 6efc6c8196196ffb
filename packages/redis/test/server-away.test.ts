import {createServer, type Server} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import {sampleResponse} from '@got-client-cache/contract';
import {afterEach, beforeAll, describe, expect, it, jest} from '@jest/globals';
import {CachedSession} from 'got-client-cache';
import {createClient} from 'redis';
import {moveClock} from '../../../test-support/moved-clock.js';
import {startOrigin} from '../../../test-support/origin-server.js';
import {type RedisServer, startRedis} from '../../../test-support/redis-servers.js';
import {until} from '../../../test-support/until.js';
import {RedisBackend, type RedisBackendOptions} from '../src/redis-backend.js';

jest.setTimeout(30_000);

const opened: Array<{close(): unknown}> = [];

afterEach(async () => {
	for (const one of opened.splice(0).reverse()) {
		await one.close();
	}
});

// The driver is loaded once here, so that no test measures that.
beforeAll(() => import('redis'));

async function startServer(): Promise<RedisServer> {
	const server = await startRedis();
	opened.push({close: () => server.stop()});
	return server;
}

function open(options: RedisBackendOptions): RedisBackend {
	const backend = new RedisBackend('away', options);
	opened.push(backend);
	return backend;
}

function openSession(backend: RedisBackend): {session: CachedSession; errors: Error[]} {
	const session = new CachedSession({cache: backend});
	const errors: Error[] = [];
	session.on('error', error => errors.push(error));
	return {session, errors};
}

async function millisecondsOf(run: () => Promise<unknown>): Promise<number> {
	const begin = performance.now();
	await run();
	return performance.now() - begin;
}

const fault = {code: 'ERR_CACHE_FAULT', message: expect.stringContaining('is not connected')};

describe('while there is no server', () => {
	it.each<[string, RedisBackendOptions]>([
		['one server', {url: 'redis://127.0.0.1:1'}],
		['a cluster', {cluster: {rootNodes: [{url: 'redis://127.0.0.1:1'}, {url: 'redis://127.0.0.1:2'}]}}],
		['Sentinels', {sentinel: {name: 'none', sentinelRootNodes: [{host: '127.0.0.1', port: 1}]}}],
	])('%s: requests go to the network at once, and the fault is told once', async (_, options) => {
		await using origin = await startOrigin();
		const {session, errors} = openSession(open(options));
		expect(await session.get(origin.url)).toMatchObject({body: 'response 1', isFromCache: false});
		for (let index = 2; index <= 6; index++) {
			const milliseconds = await millisecondsOf(async () => {
				expect((await session.get(origin.url)).body).toBe(`response ${index}`);
			});
			expect(milliseconds).toBeLessThan(250);
		}
		await session.close();
		expect(errors.map(String)).toEqual([expect.stringMatching(/read: .*is not connected: .*ECONNREFUSED/)]);
	});

	it('what is asked for rejects at once, the first time too', async () => {
		const {responses} = open({url: 'redis://127.0.0.1:1'});
		await expect(responses.read('a.1')).rejects.toMatchObject(fault);
		const milliseconds = await millisecondsOf(async () => {
			for (let index = 0; index < 20; index++) {
				await expect(responses.read('a.1')).rejects.toMatchObject(fault);
				await expect(responses.write('a.1', sampleResponse(), Buffer.from('x'))).rejects.toMatchObject(fault);
			}
		});
		expect(milliseconds).toBeLessThan(200);
	});

	it('one that accepts connections and says nothing is waited for only by what is asked first', async () => {
		const silent: Server = createServer(() => undefined);
		await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve));
		opened.push({close: () => silent.close()});
		const {port} = silent.address() as {port: number};
		const backend = open({url: `redis://127.0.0.1:${port}`});
		const first = expect(backend.responses.read('a.1')).rejects.toMatchObject(fault);
		await sleep(1100);
		const second = millisecondsOf(() => expect(backend.responses.read('a.1')).rejects.toMatchObject(fault));
		expect(await second).toBeLessThan(200);
		expect(await millisecondsOf(() => backend.close())).toBeLessThan(2500);
		await first;
	});

	it('closing works while it connects, and leaves nothing behind', async () => {
		const backend = new RedisBackend('away', {url: 'redis://127.0.0.1:1'});
		const reading = Promise.resolve(backend.responses.read('a.1'));
		reading.catch(() => undefined);
		await Promise.all([backend.close(), backend.close()]);
		await expect(reading).rejects.toMatchObject({code: 'ERR_CACHE_FAULT'});
		await expect(backend.responses.read('a.1')).rejects.toMatchObject({code: 'ERR_CACHE_CLOSED'});
		await sleep(100);
	});
});

describe('a server that comes', () => {
	it('is used as soon as it is there, by a backend that was made before', async () => {
		const server = await startServer();
		server.signal('SIGKILL');
		const {responses} = open({url: server.url});
		await expect(responses.read('a.1')).rejects.toMatchObject(fault);
		await server.restart();
		await until('it is connected', async () => (await responses.read('a.1')) === undefined, 5000);
		await responses.write('a.1', sampleResponse(), Buffer.from('x'));
		expect(await responses.contains('a.1')).toBe(true);
	});
});

describe('a server that fails', () => {
	it('and comes back is used again; requests are answered all the time', async () => {
		using clock = moveClock();
		const server = await startServer();
		await using origin = await startOrigin();
		const {session, errors} = openSession(open({url: server.url}));
		await session.get(origin.url);
		expect(await session.get(origin.url)).toMatchObject({isFromCache: true});
		server.signal('SIGKILL');
		const answers = await Promise.all(Array.from({length: 20}, (_, index) => session.get(`${origin.url}/${index}`)));
		expect(answers.every(({statusCode}) => statusCode === 200)).toBe(true);
		expect(await session.get(origin.url)).toMatchObject({isFromCache: false});
		await server.restart();
		const isBack = async () => {
			clock.advance(11);
			await session.get(`${origin.url}/back`);
			return (await session.get(`${origin.url}/back`)).isFromCache;
		};
		await until('it is used again', isBack, 10_000);
		await session.close();
		expect(errors.length).toBeGreaterThan(0);
		expect(errors.length).toBeLessThanOrEqual(3);
	});

	it('by stopping to answer delays a request only for the deadlines of what it asks for', async () => {
		using clock = moveClock();
		const server = await startServer();
		await using origin = await startOrigin();
		const {session} = openSession(open({url: server.url}));
		await session.get(origin.url);
		server.signal('SIGSTOP');
		const milliseconds = await millisecondsOf(() => session.get(origin.url));
		expect(milliseconds).toBeGreaterThan(900);
		expect(milliseconds).toBeLessThan(3900);
		server.signal('SIGCONT');
		clock.advance(11);
		await until('it is used again', async () => (await session.get(origin.url)).isFromCache, 5000);
		await session.close();
	});

	it('for a ready client: what is asked for rejects at once, and works when the client is connected again', async () => {
		const server = await startServer();
		const client = createClient({url: server.url});
		opened.push({close: () => client.destroy()});
		const {responses} = open({client});
		await responses.write('a.1', sampleResponse(), Buffer.from('x'));
		server.signal('SIGKILL');
		await until('the client knows', async () => !client.isReady);
		const milliseconds = await millisecondsOf(async () => {
			await expect(responses.read('a.1')).rejects.toMatchObject(fault);
			await expect(responses.write('a.1', sampleResponse(), Buffer.from('x'))).rejects.toMatchObject(fault);
			await expect(responses.size()).rejects.toMatchObject(fault);
		});
		expect(milliseconds).toBeLessThan(100);
		await server.restart();
		await until('the client is connected', async () => client.isReady);
		expect(await responses.read('a.1')).toBeUndefined();
	});
});
