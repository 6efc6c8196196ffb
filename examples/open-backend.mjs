// The place of a cache in one line, such as out of the environment, see docs/backends.md.
import assert from 'node:assert/strict';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {CachedSession, openBackend} from 'got-client-cache';
import {startOrigin} from './origin.mjs';

const origin = await startOrigin();
const folder = await mkdtemp(path.join(tmpdir(), 'got-client-cache-example-'));
// A Redis server would be 'redis://127.0.0.1:6379/0?name=my-program', a DynamoDB table 'dynamodb://my-table?region=eu-central-1'.
const places = [
	process.env.HTTP_CACHE ?? 'memory:',
	`file:${path.join(folder, 'cache')}`,
	`sqlite:${path.join(folder, 'cache.db')}`,
];

try {
	for (const [index, place] of places.entries()) {
		const session = new CachedSession({cache: await openBackend(place, {expireAfter: '1h'})});
		await session.get(`${origin.url}/a`);
		assert.equal((await session.get(`${origin.url}/a`)).isFromCache, true);
		assert.equal(origin.requests, index + 1, 'one request for each place');
		await session.close();
	}

	await assert.rejects(openBackend('carrier-pigeon://loft'), {code: 'ERR_INVALID_OPTION'});
	console.log(`the same program with ${places.length} places for its cache`);
} finally {
	await origin.close();
	await rm(folder, {recursive: true, force: true});
}
