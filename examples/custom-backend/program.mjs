// A session on a backend of one's own, see docs/backends.md.
import assert from 'node:assert/strict';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {CachedSession} from 'got-client-cache';
import {startOrigin} from '../origin.mjs';
import {FolderBackend} from './folder-backend.mjs';

const origin = await startOrigin();
const folder = await mkdtemp(path.join(tmpdir(), 'got-client-cache-example-'));

/** A new session on the same folder each time, as a new process would have it. */
const openSession = () => new CachedSession({cache: new FolderBackend(folder, {expireAfter: '1h'})});

try {
	const first = openSession();
	const fetched = await first.get(`${origin.url}/a`).json();
	assert.deepEqual(await first.get(`${origin.url}/a`).json(), fetched);
	await first.close();

	const second = openSession();
	assert.deepEqual(await second.get(`${origin.url}/a`).json(), fetched);
	assert.equal(origin.requests, 1, 'the second session finds what the first one stored');
	assert.deepEqual(await second.cache.getUrls(), [`${origin.url}/a`]);

	await second.cache.deleteUrl(`${origin.url}/a`);
	await second.get(`${origin.url}/a`);
	assert.equal(origin.requests, 2, 'what is deleted is fetched again');
	await second.close();
	console.log('two sessions on one folder, one request for both');
} finally {
	await origin.close();
	await rm(folder, {recursive: true, force: true});
}
