// Responses in a folder, a file each, see docs/backends/file.md.
import assert from 'node:assert/strict';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {CachedSession, FileBackend} from 'got-client-cache';
import {startOrigin} from './origin.mjs';

const origin = await startOrigin();
const folder = await mkdtemp(path.join(tmpdir(), 'got-client-cache-example-'));

/** A new session on the same folder each time, as a new process would have it. */
function openSession() {
	const cache = new FileBackend(path.join(folder, 'http-cache'), {maxBytes: 100 * 1024 * 1024});
	return new CachedSession({cache, expireAfter: '1h'});
}

try {
	const first = openSession();
	const fetched = await first.get(`${origin.url}/a`).json();
	await first.close();

	const second = openSession();
	const response = await second.get(`${origin.url}/a`);
	assert.equal(response.isFromCache, true);
	assert.deepEqual(JSON.parse(response.body), fetched);
	assert.equal(origin.requests, 1, 'the second session finds what the first one stored');
	assert.equal(await second.cache.hasUrl(`${origin.url}/a`), true);

	// Two more, to see one go.
	await second.get(`${origin.url}/b`);
	await second.get(`${origin.url}/c`);
	assert.equal(await second.cache.size(), 3);
	await second.cache.deleteUrl(`${origin.url}/b`);
	assert.deepEqual(await second.cache.getUrls(), [`${origin.url}/a`, `${origin.url}/c`]);
	await second.close();
	console.log(`two sessions on one folder, ${origin.requests} requests for three URLs`);
} finally {
	await origin.close();
	await rm(folder, {recursive: true, force: true});
}
