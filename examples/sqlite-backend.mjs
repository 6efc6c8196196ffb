// Responses in a database file: there for the next session, bounded, and shared with others.
import assert from 'node:assert/strict';
import {mkdtemp, rm, stat} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {SQLiteBackend} from '@got-client-cache/sqlite';
import {CachedSession} from 'got-client-cache';
import {startOrigin} from './origin.mjs';

const origin = await startOrigin();
const folder = await mkdtemp(path.join(tmpdir(), 'got-client-cache-example-'));
const file = path.join(folder, 'http-cache.sqlite');
const open = options => new CachedSession({cache: new SQLiteBackend(file, options), expireAfter: {hours: 3}});

try {
	const first = open();
	const urls = Array.from({length: 50}, (_, index) => `${origin.url}/page/${index}`);
	await Promise.all(urls.map(url => first.get(url)));
	assert.equal(origin.requests, 50);

	// Another session, here or in another process, finds what the first one stored. Reads of one moment are one statement.
	const second = open();
	const hits = await Promise.all(urls.map(url => second.get(url)));
	assert.ok(hits.every(({isFromCache}) => isFromCache));
	assert.equal(origin.requests, 50);

	// What one of them removes, the other asks for again.
	await first.cache.deleteUrl(urls[7]);
	assert.equal((await second.get(urls[7])).isFromCache, false);
	await first.close();

	// A large body is written and read in pieces, which takes little memory.
	const {responses} = second.cache;
	const {metadata} = await responses.read(hits[0].cacheKey);
	const piece = Buffer.alloc(64 * 1024, 'x');
	const body = async function* () {
		for (let count = 0; count < 320; count++) {
			yield piece;
		}
	};
	await responses.write('large.body', metadata, body());
	let bytes = 0;
	for await (const {byteLength} of (await responses.read('large.body')).body.stream()) {
		assert.ok(byteLength <= 256 * 1024);
		bytes += byteLength;
	}
	assert.equal(bytes, 20 * 1024 * 1024);

	// Space that is freed is used again; vacuum gives it back.
	await responses.bulkDelete(await responses.keysOf('large'));
	await second.cache.delete({keys: hits.map(({cacheKey}) => cacheKey)});
	assert.equal(await second.cache.size(), 0);
	await second.cache.vacuum();
	await second.close();

	// Those used longest ago make room.
	const bounded = open({maxBytes: 20_000});
	for (const url of urls) {
		await bounded.get(url);
	}
	const kept = await bounded.cache.size();
	assert.ok(kept > 5 && kept < 50, `${kept} of 50 responses are kept`);
	assert.equal(await bounded.cache.hasUrl(urls[49]), true);
	assert.equal(await bounded.cache.hasUrl(urls[0]), false);
	await bounded.close();

	assert.equal((await stat(file)).mode & 0o777, process.platform === 'win32' ? 0o666 : 0o600);
	console.log(`50 responses from one file for two sessions, and ${kept} of them in 20 kB`);
} finally {
	await origin.close();
	await rm(folder, {recursive: true, force: true});
}
