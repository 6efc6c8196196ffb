// Responses in memory, no more than so many, see docs/backends/memory.md.
import assert from 'node:assert/strict';
import {CacheBackend, CachedSession, MemoryCache} from 'got-client-cache';
import {startOrigin} from './origin.mjs';

const origin = await startOrigin();
const responses = new MemoryCache({maxBytes: 10 * 1024 * 1024, maxEntries: 2});
const session = new CachedSession({cache: new CacheBackend('my-cache', {responses}), expireAfter: '1h'});

try {
	for (const name of ['a', 'b', 'a', 'c']) {
		await session.get(`${origin.url}/${name}`);
	}
	assert.equal(origin.requests, 3, '/a was asked for once');
	assert.deepEqual(
		await session.cache.getUrls(),
		[`${origin.url}/a`, `${origin.url}/c`],
		'/b was used longest ago, and has made room for /c',
	);

	// Every caller has an object of its own.
	const one = await session.get(`${origin.url}/a`).json();
	one.path = 'changed';
	assert.equal((await session.get(`${origin.url}/a`).json()).path, '/a');
	console.log(`two responses kept, ${origin.requests} requests for six calls`);
} finally {
	await session.close();
	await origin.close();
}
