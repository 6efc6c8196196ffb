// How long a response is used depends on where it comes from.
import assert from 'node:assert/strict';
import {CachedSession, DO_NOT_CACHE, NEVER_EXPIRE} from 'got-client-cache';
import {startOrigin} from './origin.mjs';

const origin = await startOrigin();
const {host} = new URL(origin.url);
const session = new CachedSession({
	expireAfter: {hours: 1},
	// The first match wins. A glob has no scheme, and its end is open; a RegExp sees the whole URL.
	urlsExpireAfter: [
		[`${host}/static`, NEVER_EXPIRE],
		[/\/users\/\d+$/, {minutes: 5}],
		['*/prices', 0.05],
		['*/login', DO_NOT_CACHE],
	],
});

/** For how many seconds a response is fresh; `Infinity` for ever, and `undefined` where it is not stored. */
async function lifeOf(path, options) {
	const {cacheKey, createdAt, expires} = await session.get(`${origin.url}${path}`, options);
	if (cacheKey === undefined) {
		return undefined;
	}
	return expires === undefined ? Number.POSITIVE_INFINITY : Math.round((expires - createdAt) / 10) / 100;
}

try {
	assert.equal(await lifeOf('/static/logo.svg'), Number.POSITIVE_INFINITY);
	assert.equal(await lifeOf('/users/17'), 5 * 60);
	assert.equal(await lifeOf('/prices'), 0.05);
	assert.equal(await lifeOf('/login'), undefined);
	assert.equal(await lifeOf('/anything/else'), 60 * 60);
	// What one request says wins over its URL.
	assert.equal(await lifeOf('/users/18', {expireAfter: '1d'}), 24 * 60 * 60);

	const before = origin.requests;
	assert.equal((await session.get(`${origin.url}/users/17`)).isFromCache, true);
	await new Promise(resolve => setTimeout(resolve, 60));
	assert.equal((await session.get(`${origin.url}/prices`)).isFromCache, false, 'the price is out of date');
	assert.equal((await session.get(`${origin.url}/login`)).isFromCache, false, 'and this is never stored');
	assert.equal(origin.requests, before + 2);
	console.log('five lives, by URL');
} finally {
	await session.close();
	await origin.close();
}
