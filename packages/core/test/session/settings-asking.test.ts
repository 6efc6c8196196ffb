import {describe, expect, it} from '@jest/globals';
import {HTTPError} from 'got';
import {moveClock} from '../../../../test-support/moved-clock.js';
import {type OriginHandler, startOrigin} from '../../../../test-support/origin-server.js';
import {
	CacheBackend,
	CachedSession,
	type CacheSettings,
	DO_NOT_CACHE,
	EXPIRE_IMMEDIATELY,
	type RequestSettings,
} from '../../src/index.js';

const validated: OriginHandler = ({headers}) =>
	headers['if-none-match'] === '"a"' ? {status: 304} : {headers: {etag: '"a"'}, body: 'kept'};

describe('onlyIfCached', () => {
	it.each([
		['the session', {onlyIfCached: true}, {}],
		['the request', {}, {onlyIfCached: true}],
	] as Array<[string, CacheSettings, RequestSettings]>)('of %s sends nothing', async (_of, settings, own) => {
		await using origin = await startOrigin();
		await using session = new CachedSession(settings);
		const error = await session.get(origin.url, own).catch((error: unknown) => error);
		expect(error).toBeInstanceOf(HTTPError);
		expect(error).toMatchObject({code: 'ERR_NON_2XX_3XX_RESPONSE', response: {statusCode: 504, body: ''}});
		expect((error as HTTPError).response.statusMessage).toBe('Gateway Timeout');
		expect((error as HTTPError).options.url?.toString()).toBe(`${origin.url}/`);

		const answer = await session.get(origin.url, {...own, throwHttpErrors: false});
		expect(answer).toMatchObject({
			statusCode: 504,
			ok: false,
			url: `${origin.url}/`,
			isFromCache: false,
			isExpired: false,
			cacheKey: undefined,
			expires: undefined,
		});
		expect(answer.createdAt.getTime()).toBeLessThanOrEqual(Date.now());
		expect(origin.requests).toHaveLength(0);
		expect(await session.cache.size()).toBe(0);
	});

	it('serves what is fresh, and of the stale what the stale windows allow', async () => {
		using clock = moveClock();
		await using origin = await startOrigin();
		const cache = new CacheBackend('shared', {autoclose: false, expireAfter: 60});
		await using online = new CachedSession({cache});
		await online.get(origin.url);
		await using strict = new CachedSession({cache, onlyIfCached: true, throwHttpErrors: false});
		await using lenient = new CachedSession({cache, onlyIfCached: true, throwHttpErrors: false, staleIfError: 60});

		expect((await strict.get(origin.url)).body).toBe('response 1');
		clock.advance(60);
		expect((await strict.get(origin.url)).statusCode).toBe(504);
		expect((await lenient.get(origin.url)).body).toBe('response 1');
		clock.advance(60);
		expect((await lenient.get(origin.url)).statusCode).toBe(504);
		expect(origin.requests).toHaveLength(1);
	});

	it.each([
		['of its own expireAfter', {expireAfter: 5}],
		['of refresh', {refresh: true}],
		['of forceRefresh', {forceRefresh: true}],
		['of EXPIRE_IMMEDIATELY', {expireAfter: EXPIRE_IMMEDIATELY}],
		['of DO_NOT_CACHE', {expireAfter: DO_NOT_CACHE}],
		['of cache: false', {cache: false}],
	] as Array<[string, RequestSettings]>)(
		'has no answer where the stored one must not be used because %s',
		async (_name, own) => {
			using clock = moveClock();
			await using origin = await startOrigin(validated);
			await using session = new CachedSession();
			await session.get(origin.url);
			clock.advance(10);
			expect(await session.get(origin.url, {...own, onlyIfCached: true, throwHttpErrors: false})).toMatchObject({
				statusCode: 504,
			});
			expect(origin.requests).toHaveLength(1);
		},
	);

	it('sends no request that the cache takes no part in', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession({onlyIfCached: true, throwHttpErrors: false});
		expect((await session.post(origin.url, {json: 1})).statusCode).toBe(504);
		expect((await session.get(origin.url, {headers: {range: 'bytes=0-1'}})).statusCode).toBe(504);
		expect(origin.requests).toHaveLength(0);
		expect((await session.get(origin.url, {onlyIfCached: false})).body).toBe('response 1');
	});

	it('does not wait for a request that is under way', async () => {
		await using origin = await startOrigin(() => undefined);
		await using session = new CachedSession({retry: {limit: 0}, throwHttpErrors: false});
		const waiting = session.get(origin.url).catch((error: unknown) => error);
		while (origin.requests.length === 0) {
			await new Promise(setImmediate);
		}
		expect((await session.get(origin.url, {onlyIfCached: true})).statusCode).toBe(504);
		await origin.close();
		expect(await waiting).toBeInstanceOf(Error);
	});
});

describe('alwaysRevalidate', () => {
	it('asks the server before every use, and serves the stored body after a 304', async () => {
		await using origin = await startOrigin(validated);
		await using session = new CachedSession({alwaysRevalidate: true});
		expect(await session.get(origin.url)).toMatchObject({body: 'kept', isFromCache: false});
		expect(await session.get(origin.url)).toMatchObject({statusCode: 200, body: 'kept', isFromCache: true});
		expect(await session.get(origin.url)).toMatchObject({statusCode: 200, body: 'kept', isFromCache: true});
		expect(origin.requests.map(({headers}) => headers['if-none-match'])).toEqual([undefined, '"a"', '"a"']);
	});

	it('fetches anew what has no validator', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession({alwaysRevalidate: true});
		await session.get(origin.url);
		expect(await session.get(origin.url)).toMatchObject({body: 'response 2', isFromCache: false});
	});
});

describe('refresh', () => {
	it('validates what is stored, renews it, and leaves other requests alone', async () => {
		using clock = moveClock();
		await using origin = await startOrigin(validated);
		await using session = new CachedSession({expireAfter: 60});
		await session.get(origin.url, {refresh: true});
		clock.advance(30);
		const {expires} = await session.get(origin.url, {refresh: true});
		expect(expires?.getTime()).toBe(Date.now() + 60_000);
		clock.advance(59);
		expect(await session.get(origin.url)).toMatchObject({body: 'kept', isFromCache: true});
		expect(origin.requests.map(({headers}) => headers['if-none-match'])).toEqual([undefined, '"a"']);
	});

	it('takes a new response for the stored one', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession();
		await session.get(origin.url);
		expect(await session.get(origin.url, {refresh: true})).toMatchObject({body: 'response 2', isFromCache: false});
		expect(await session.get(origin.url)).toMatchObject({body: 'response 2', isFromCache: true});
	});
});

describe('forceRefresh', () => {
	it('asks without conditions and stores the answer', async () => {
		await using origin = await startOrigin(validated);
		await using session = new CachedSession();
		await session.get(origin.url);
		origin.fallback({headers: {etag: '"a"'}, body: 'again'});
		expect(await session.get(origin.url, {forceRefresh: true})).toMatchObject({body: 'again', isFromCache: false});
		expect(await session.get(origin.url)).toMatchObject({body: 'again', isFromCache: true});
		expect(origin.requests.map(({headers}) => headers['if-none-match'])).toEqual([undefined, undefined]);
	});

	it('gets an answer of its own while the same request is under way', async () => {
		await using origin = await startOrigin(() => ({body: `response ${origin.requests.length}`, delay: 20}));
		await using session = new CachedSession();
		const [first, forced] = await Promise.all([session.get(origin.url), session.get(origin.url, {forceRefresh: true})]);
		expect(first?.body).not.toBe(forced?.body);
		expect(origin.requests).toHaveLength(2);
	});
});

describe('EXPIRE_IMMEDIATELY of a request', () => {
	it('validates what is stored, and leaves the new record expired', async () => {
		await using origin = await startOrigin(validated);
		await using session = new CachedSession();
		await session.get(origin.url);
		expect(await session.get(origin.url, {expireAfter: EXPIRE_IMMEDIATELY})).toMatchObject({
			body: 'kept',
			isFromCache: true,
			isExpired: true,
		});
		await session.get(origin.url);
		expect(origin.requests).toHaveLength(3);
	});
});
