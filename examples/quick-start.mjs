// The first example of README.md, with an origin to talk to.
import assert from 'node:assert/strict';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {SQLiteBackend} from '@got-client-cache/sqlite';
import {CachedSession} from 'got-client-cache';
import {startOrigin} from './origin.mjs';

const origin = await startOrigin();
const folder = await mkdtemp(path.join(tmpdir(), 'got-client-cache-example-'));
const session = new CachedSession({
	cache: new SQLiteBackend(path.join(folder, 'http-cache')),
	expireAfter: {hours: 3},
});

try {
	const begin = performance.now();
	for (let i = 0; i < 10; i++) {
		const response = await session.get(`${origin.url}/delay/1`);
		assert.equal(response.isFromCache, i > 0);
		assert.ok(response.expires - response.createdAt <= 3 * 60 * 60 * 1000);
		assert.equal(response.isExpired, false);
	}
	const milliseconds = performance.now() - begin;
	assert.equal(origin.requests, 1, 'only the first request reaches the origin');
	assert.ok(milliseconds < 2000, `ten requests take about one second, not ${milliseconds} ms`);

	// The rest of got is as it was.
	const {path: asked} = await session.get(`${origin.url}/user`).json();
	assert.equal(asked, '/user');
	console.log(`ten requests in ${milliseconds.toFixed(0)} ms, one of them to the origin`);
} finally {
	await session.close();
	await origin.close();
	await rm(folder, {recursive: true, force: true});
}
