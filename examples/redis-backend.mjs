// Two programs that share what they have fetched through a Redis server. It starts a redis-server of its own, which must be on the PATH.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createServer} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import {RedisBackend} from '@got-client-cache/redis';
import {CachedSession} from 'got-client-cache';
import {startOrigin} from './origin.mjs';

const origin = await startOrigin();
const port = await findFreePort();
const url = `redis://127.0.0.1:${port}`;
const server = spawn('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--save', ''], {stdio: 'ignore'});
await once(server, 'spawn');

const errors = [];
const openSession = () => {
	const session = new CachedSession({cache: new RedisBackend('my-program', {url, grace: 3600}), expireAfter: '10m'});
	session.on('error', error => errors.push(error));
	return session;
};
const first = openSession();
const second = openSession();

try {
	await untilCached(first);
	assert.equal((await second.get(`${origin.url}/user`)).isFromCache, true, 'one finds what the other has stored');
	assert.equal(await second.cache.hasUrl(`${origin.url}/user`), true);
	assert.equal(await second.cache.deleteUrl(`${origin.url}/user`), 1);
	assert.equal((await first.get(`${origin.url}/user`)).isFromCache, false, 'and what one removes is gone for both');

	// Without the server requests are answered all the same, from the network and at once.
	server.kill('SIGKILL');
	await once(server, 'exit');
	errors.length = 0;
	const begin = performance.now();
	for (let i = 0; i < 5; i++) {
		assert.equal((await first.get(`${origin.url}/user`)).isFromCache, false);
	}
	const milliseconds = performance.now() - begin;
	assert.ok(milliseconds < 1000, `nobody waits for a server that is away: ${milliseconds} ms`);
	assert.ok(errors.some(({message}) => message.includes('is not connected')));
	console.log(
		`without the server, five requests in ${milliseconds.toFixed(0)} ms, and the session says: ${errors[0].message}`,
	);
} finally {
	server.kill('SIGKILL');
	await Promise.all([first.close(), second.close(), origin.close()]);
}

/** The server may take a moment to start, and until then responses are not stored. */
async function untilCached(session) {
	for (let attempt = 0; attempt < 400; attempt++) {
		await session.cache.size().catch(() => sleep(25));
		if ((await session.cache.hasUrl(`${origin.url}/user`).catch(() => false)) === true) {
			return;
		}
		await session.get(`${origin.url}/user`);
	}
	throw new Error('redis-server did not start: is it on the PATH?');
}

async function findFreePort() {
	const probe = createServer().listen(0, '127.0.0.1');
	await once(probe, 'listening');
	const {port} = probe.address();
	probe.close();
	await once(probe, 'close');
	return port;
}
