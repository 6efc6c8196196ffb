import {describe, expect, it} from '@jest/globals';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession} from '../../../src/index.js';

const answers = {'cache-control': 'max-age=60'};

describe('POST with cacheControl', () => {
	it.each([
		['its own Content-Location and max-age', {...answers, 'content-location': '/things?q=1'}, true],
		['no Content-Location', answers, false],
		['another Content-Location', {...answers, 'content-location': '/other'}, false],
		['no explicit freshness', {'content-location': '/things?q=1'}, false],
		['no-store', {'cache-control': 'max-age=60, no-store', 'content-location': '/things?q=1'}, false],
	])('with %s: a later GET is answered from it: %s', async (_name, headers, isReused) => {
		await using origin = await startOrigin(({method}) => ({headers, body: method}));
		await using session = new CachedSession({cacheControl: true});
		const url = `${origin.url}/things?q=1`;
		expect(await session.post(url, {json: {a: 1}})).toMatchObject({body: 'POST', isFromCache: false});
		expect(await session.get(url)).toMatchObject({body: isReused ? 'POST' : 'GET', isFromCache: isReused});
	});

	it('is never answered from the store', async () => {
		await using origin = await startOrigin({headers: {...answers, 'content-location': '/'}});
		await using session = new CachedSession({cacheControl: true, allowedMethods: ['GET', 'POST']});
		await session.post(origin.url);
		await session.post(origin.url);
		expect(origin.requests).toHaveLength(2);
	});

	it('is stored for its own user only, and for its own variant', async () => {
		await using origin = await startOrigin(({headers}) => ({
			headers: {...answers, 'content-location': '/', vary: 'accept-language'},
			body: headers['accept-language'] ?? '',
		}));
		await using session = new CachedSession({cacheControl: true});
		const headers = {cookie: 'user=anna', 'accept-language': 'de'};
		await session.post(origin.url, {headers, body: 'text'});
		expect(await session.get(origin.url, {headers})).toMatchObject({body: 'de', isFromCache: true});
		expect((await session.get(origin.url, {headers: {...headers, cookie: 'user=ben'}})).isFromCache).toBe(false);
		expect((await session.get(origin.url, {headers: {...headers, 'accept-language': 'en'}})).body).toBe('en');
	});

	it('under only-if-cached is a 504', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession({cacheControl: true, onlyIfCached: true, throwHttpErrors: false});
		expect((await session.post(origin.url)).statusCode).toBe(504);
		expect(origin.requests).toHaveLength(0);
	});
});
