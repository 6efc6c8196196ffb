// Going on without a network: with what is stored, as far as the program allows that.
import assert from 'node:assert/strict';
import {setTimeout as sleep} from 'node:timers/promises';
import {CachedSession} from 'got-client-cache';
import {startOrigin} from './origin.mjs';

const origin = await startOrigin();
const options = {expireAfter: 0.05, retry: {limit: 0}, responseType: 'json'};
const session = new CachedSession({...options, staleIfError: {days: 7}});
// The same cache, for a program that knows that it is offline: it never sends anything.
const offline = session.extend({onlyIfCached: true});

try {
	const fresh = await session.get(`${origin.url}/news`);
	assert.equal(fresh.body.answer, 1);

	// What is fresh is served; the rest is a 504, which got throws as an HTTPError unless it is told otherwise.
	assert.equal((await offline.get(`${origin.url}/news`)).isFromCache, true);
	await assert.rejects(offline.get(`${origin.url}/sports`), {name: 'HTTPError', code: 'ERR_NON_2XX_3XX_RESPONSE'});
	const {statusCode} = await offline.get(`${origin.url}/sports`, {throwHttpErrors: false});
	assert.equal(statusCode, 504);
	assert.equal(origin.requests, 1, 'nothing was sent');

	// While the server can be reached, what is out of date is asked for again.
	await sleep(60);
	assert.equal((await session.get(`${origin.url}/news`)).body.answer, 2);

	// When it cannot, what is stored stands in, and says that it is out of date.
	await origin.close();
	await sleep(60);
	const stale = await session.get(`${origin.url}/news`);
	assert.equal(stale.body.answer, 2);
	assert.deepEqual([stale.isFromCache, stale.isExpired], [true, true]);
	assert.match(String(stale.cacheStatus), /stale/i);

	// The same holds for the session that is offline on purpose. What was never stored is missed.
	assert.equal((await offline.get(`${origin.url}/news`)).body.answer, 2);
	await assert.rejects(session.get(`${origin.url}/sports`), {code: 'ECONNREFUSED'});
	console.log(`offline: ${stale.cacheStatus}`);
} finally {
	await offline.close();
	await session.close();
	await origin.close();
}
