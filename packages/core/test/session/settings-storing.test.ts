import {describe, expect, it} from '@jest/globals';
import {GOT_MAJOR} from '../../../../test-support/got-version.js';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {CacheBackend, CachedSession, type CacheEntry, type HttpRequest, type StoredResponse} from '../../src/index.js';

/** A backend that several sessions can use one after the other. */
function lastingBackend(): CacheBackend {
	return new CacheBackend('lasting', {autoclose: false});
}

describe('filterFn', () => {
	it.each([
		['at once', (wanted: boolean) => wanted],
		['with a promise', (wanted: boolean) => Promise.resolve(wanted)],
	])('keeps responses out of the store, answering %s', async (_how, answer) => {
		await using origin = await startOrigin(({url}) => ({headers: {'x-keep': String(url === '/kept')}}));
		const seen: Array<[StoredResponse, HttpRequest]> = [];
		await using session = new CachedSession({
			filterFn: (response, request) => {
				seen.push([response, request]);
				return answer(response.rawHeaders.includes('true'));
			},
		});
		for (const path of ['/kept', '/other']) {
			await session.get(`${origin.url}${path}`);
			const again = await session.get(`${origin.url}${path}`);
			expect(again.isFromCache).toBe(path === '/kept');
		}
		expect(await session.cache.getUrls()).toEqual([`${origin.url}/kept`]);
		expect(seen[0]).toMatchObject([
			{statusCode: 200, url: `${origin.url}/kept`},
			{method: 'GET', url: `${origin.url}/kept`},
		]);
	});

	it.each([
		['at once', (wanted: boolean) => wanted],
		['with a promise', (wanted: boolean) => Promise.resolve(wanted)],
	])('keeps what is stored from being served, answering %s', async (_how, answer) => {
		await using origin = await startOrigin();
		const cache = lastingBackend();
		await using before = new CachedSession({cache});
		await before.get(`${origin.url}/a`);
		await before.get(`${origin.url}/b`);

		await using session = new CachedSession({cache, filterFn: ({url}) => answer(!url.endsWith('/a'))});
		expect(await session.get(`${origin.url}/a`)).toMatchObject({body: 'response 3', isFromCache: false});
		expect(await session.get(`${origin.url}/b`)).toMatchObject({body: 'response 2', isFromCache: true});
		// What it refuses is not overwritten either.
		expect(await before.get(`${origin.url}/a`)).toMatchObject({body: 'response 1', isFromCache: true});
	});

	it('hides a stored response from onlyIfCached', async () => {
		await using origin = await startOrigin();
		const cache = lastingBackend();
		await using before = new CachedSession({cache});
		await before.get(origin.url);
		await using session = new CachedSession({cache, filterFn: () => false, onlyIfCached: true});
		expect(await session.get(origin.url, {throwHttpErrors: false})).toMatchObject({statusCode: 504});
	});
});

describe('readOnly', () => {
	it('serves what is stored, and stores, renews and removes nothing', async () => {
		await using origin = await startOrigin(({url, headers}) => {
			if (headers['if-none-match']) {
				return {status: 304, headers: {'x-new': 'yes'}};
			}
			return url === '/old' ? {headers: {etag: '"a"'}, body: 'old'} : 'text';
		});
		const cache = lastingBackend();
		await using writer = new CachedSession({cache});
		await writer.get(`${origin.url}/old`);
		await writer.get(`${origin.url}/kept`);
		const before = await recordsOf(cache);

		await using session = new CachedSession({cache, readOnly: true});
		expect(await session.get(`${origin.url}/kept`)).toMatchObject({isFromCache: true});
		expect(await session.get(`${origin.url}/new`)).toMatchObject({isFromCache: false, cacheKey: undefined});
		await session.get(`${origin.url}/kept`, {forceRefresh: true});
		expect(await session.get(`${origin.url}/old`, {refresh: true})).toMatchObject({
			body: 'old',
			isFromCache: true,
			headers: {'x-new': 'yes'},
		});
		expect(await recordsOf(cache)).toEqual(before);
	});

	it('stores no redirects', async () => {
		await using origin = await startOrigin(({url}) =>
			url === '/from' ? {status: 301, headers: {location: '/to'}} : 'to',
		);
		await using session = new CachedSession({readOnly: true});
		expect((await session.get(`${origin.url}/from`)).body).toBe('to');
		expect(await session.cache.getUrls()).toEqual([]);
	});

	async function recordsOf({responses}: CacheBackend): Promise<unknown[]> {
		const records: CacheEntry[] = [];
		for await (const record of responses.entries()) {
			records.push(record);
		}
		return records.sort((a, b) => a.key.localeCompare(b.key));
	}
});

describe('maxBodySize', () => {
	it.each([
		['of a full body', {maxBodySize: 5}, 'abcde', true],
		['of one byte less', {maxBodySize: 4}, 'abcde', false],
		['in bytes, not characters', {maxBodySize: 4}, 'äöü', false],
		['of 0 with an empty body', {maxBodySize: 0}, '', true],
		['of 0', {maxBodySize: 0}, 'a', false],
		['of Infinity', {maxBodySize: Number.POSITIVE_INFINITY}, 'a', true],
	])('%s', async (_name, settings, body, isStored) => {
		await using origin = await startOrigin(body);
		await using session = new CachedSession(settings);
		expect((await session.get(origin.url)).body).toBe(body);
		expect(await session.get(origin.url)).toMatchObject({body, isFromCache: isStored});
	});

	it('leaves a smaller response of earlier in the store', async () => {
		await using origin = await startOrigin('small');
		await using session = new CachedSession({maxBodySize: 10});
		await session.get(origin.url);
		origin.fallback('a body of more than ten bytes');
		expect((await session.get(origin.url, {forceRefresh: true})).body).toBe('a body of more than ten bytes');
		expect(await session.get(origin.url)).toMatchObject({body: 'small', isFromCache: true});
	});
});

describe('cache: false', () => {
	it('neither serves nor stores', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession();
		expect(await session.get(origin.url, {cache: false})).toMatchObject({body: 'response 1', cacheKey: undefined});
		expect((await session.get(origin.url)).body).toBe('response 2');
		expect((await session.get(origin.url, {cache: false})).body).toBe('response 3');
		expect((await session.get(origin.url)).body).toBe('response 2');
	});
});

const SHORT_BODY_CODE = GOT_MAJOR < 15 ? 'ECONNRESET' : 'ERR_HTTP_CONTENT_LENGTH_MISMATCH';

describe('what is never stored', () => {
	it.each([
		// From got 15 on, the length is what it complains of.
		['a response that ends before its length', {'content-length': 100}, SHORT_BODY_CODE],
		['a chunked response that is cut off', {}, 'ECONNRESET'],
	])('%s', async (_name, headers, code) => {
		await using origin = await startOrigin((_request, response) => {
			response.writeHead(200, headers);
			response.write('half of', () => response.destroy());
			return undefined;
		});
		await using session = new CachedSession({retry: {limit: 0}});
		await expect(session.get(origin.url)).rejects.toMatchObject({code});
		expect(await session.cache.size()).toBe(0);
		origin.fallback('whole');
		expect(await session.get(origin.url)).toMatchObject({body: 'whole', isFromCache: false});
	});

	it('a response whose reading its caller gave up', async () => {
		const aborter = new AbortController();
		await using origin = await startOrigin((_request, response) => {
			response.writeHead(200, {'content-length': 10});
			response.write('half', () => aborter.abort());
			return undefined;
		});
		await using session = new CachedSession();
		await expect(session.get(origin.url, {signal: aborter.signal})).rejects.toMatchObject({name: 'AbortError'});
		expect(await session.cache.size()).toBe(0);
	});
});
