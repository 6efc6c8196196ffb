// A library that wants an instance of got gets one with a cache: `session.toGot()`.
import assert from 'node:assert/strict';
import {CachedSession} from 'got-client-cache';
import {startOrigin} from './origin.mjs';

/** Stands for a library, from somebody who has never heard of a cache. */
function createWeatherClient({got, baseUrl}) {
	const client = got.extend({
		prefixUrl: baseUrl,
		headers: {'x-client': 'weather/1.0'},
		hooks: {
			beforeRequest: [
				options => {
					options.headers['x-sent-at'] = String(Date.now());
				},
			],
		},
	});
	return {
		today: city => client.get('today', {searchParams: {city}}).json(),
		report: city => client.stream('report', {searchParams: {city}}),
		client,
	};
}

const origin = await startOrigin();
const session = new CachedSession({expireAfter: {minutes: 10}});
const weather = createWeatherClient({got: session.toGot(), baseUrl: origin.url});

try {
	const first = await weather.today('Bern');
	const second = await weather.today('Bern');
	assert.deepEqual(second, first);
	assert.equal(origin.requests, 1, 'the second call is a hit');
	await weather.today('Basel');
	assert.equal(origin.requests, 2);

	// Streams are cached alike.
	for (let n = 0; n < 2; n++) {
		let text = '';
		for await (const chunk of weather.report('Bern')) {
			text += chunk;
		}
		assert.match(text, /report\?city=Bern/);
	}
	assert.equal(origin.requests, 3);

	// The responses are got's, and know where they come from.
	const {isFromCache, cacheStatus} = await weather.client.get('today?city=Bern');
	assert.equal(isFromCache, true);
	assert.match(String(cacheStatus), /hit/);

	// got refuses options that it does not know, so that what one request says to the cache goes into its `context`.
	await weather.client.get('today?city=Bern', {context: {gotClientCache: {forceRefresh: true}}});
	assert.equal(origin.requests, 4);
	// And, as with got, `cache: false` passes it by.
	await weather.client.get('today?city=Bern', {cache: false});
	assert.equal(origin.requests, 5);

	// It is one session: what the library has asked for is there for everybody.
	assert.equal((await session.get(`${origin.url}/today?city=Bern`)).isFromCache, true);
	console.log(`the library asked 7 times, the origin was asked ${origin.requests} times`);
} finally {
	await session.close();
	await origin.close();
}
