import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createServer} from 'node:net';
import {RedisBackend} from '@got-client-cache/redis';
import {createClient, RESP_TYPES} from 'redis';

/** A Redis server on a loopback port, beside `HGETALL` and `HSET` of the bare client. */
export async function openRedisPlace(folder) {
	const server = await startRedis(folder);
	const backend = new RedisBackend('bench', {url: server.url});
	const client = createClient({url: server.url, commandOptions: {typeMapping: {[RESP_TYPES.BLOB_STRING]: Buffer}}});
	await client.connect();
	const targets = ['1 KB', '10 KB', '100 KB'].flatMap(size =>
		['read 1', 'read 50', 'write 1', 'write 50'].map(mode => [`${mode} at ${size}`, {atMostSlower: 0.15}]),
	);
	return {
		name: 'Redis',
		cache: backend.responses,
		baseline: {
			name: 'redis, HGETALL; HSET',
			read: async key => (await client.hGetAll(`plain:${key}`)).body.length,
			write: (key, metadata, body) =>
				client.hSet(`plain:${key}`, {version: 'version', metadata: JSON.stringify(metadata), body: Buffer.from(body)}),
		},
		targets: Object.fromEntries(targets),
		async close() {
			await backend.close();
			await client.close();
			await server.stop();
		},
	};
}

async function startRedis(folder) {
	const port = await freePort();
	const options = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
	const child = spawn('redis-server', options.map(String), {stdio: ['ignore', 'pipe', 'inherit']});
	await new Promise((resolve, reject) => {
		let output = '';
		child.stdout.on('data', chunk => {
			output += chunk;
			if (output.includes('Ready to accept connections')) {
				resolve();
			}
		});
		child.once('error', cause => reject(new Error('The bench needs redis-server on the PATH', {cause})));
		child.once('exit', code => reject(new Error(`redis-server exited with ${code}: ${output}`)));
	});
	return {
		url: `redis://127.0.0.1:${port}`,
		async stop() {
			const exited = once(child, 'exit');
			child.kill('SIGKILL');
			await exited;
		},
	};
}

async function freePort() {
	const server = createServer();
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const {port} = server.address();
	server.close();
	await once(server, 'close');
	return port;
}
