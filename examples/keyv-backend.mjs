// Responses in any place for which there is a Keyv adapter, see docs/backends/keyv.md.
import assert from 'node:assert/strict';
import {CachedSession, KeyvBackend} from 'got-client-cache';
import {Keyv} from 'keyv';
import {startOrigin} from './origin.mjs';

const origin = await startOrigin();
// In place of the Map: new KeyvPostgres(url), new KeyvMongo(url), new KeyvRedis(url), …
const keyv = new Keyv({store: new Map(), namespace: 'my-program'});

/** The Keyv is ours: sessions come and go, and it stays open. */
function openSession() {
	return new CachedSession({cache: new KeyvBackend('http-cache', {store: keyv}), expireAfter: '1h'});
}

try {
	await keyv.set('setting', 'mine');

	const first = openSession();
	const fetched = await first.get(`${origin.url}/a`).json();
	await first.close();

	const second = openSession();
	assert.deepEqual(await second.get(`${origin.url}/a`).json(), fetched);
	assert.equal(origin.requests, 1, 'the second session finds what the first one stored');
	assert.deepEqual(await second.cache.getUrls(), [`${origin.url}/a`]);

	await second.cache.clear();
	assert.equal(await second.cache.size(), 0);
	assert.equal(await keyv.get('setting'), 'mine', 'what else is in the Keyv stays');
	await second.close();
	console.log('two sessions on one Keyv, one request for both');
} finally {
	await keyv.disconnect();
	await origin.close();
}
