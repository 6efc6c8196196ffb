import {setImmediate as turn} from 'node:timers/promises';
import {describe, expect, it} from '@jest/globals';
import got from 'got';
import {moveClock} from '../../../../test-support/moved-clock.js';
import {type Origin, type OriginHandler, startOrigin} from '../../../../test-support/origin-server.js';
import {CacheBackend, CachedSession, type CachedSessionOptions, type RequestOptions} from '../../src/index.js';

const cutOff: OriginHandler = (_request, response) => {
	response.destroy();
	return undefined;
};
const cutOffMidway: OriginHandler = (_request, response) => {
	response.writeHead(200, {'content-length': 100});
	response.write('part', () => response.destroy());
	return undefined;
};
const silent: OriginHandler = () => undefined;

type Failure = [name: string, fail: (origin: Origin) => unknown, options: RequestOptions];

const failures: Failure[] = [
	...[500, 502, 503, 504].map((status): Failure => [`${status}`, origin => origin.fallback({status}), {}]),
	['503 with Retry-After', origin => origin.fallback({status: 503, headers: {'retry-after': '60'}}), {}],
	[
		'a refused connection',
		async origin => {
			await origin.close();
			// Until the client has seen that its open connection has gone.
			await turn();
			await expect(got(origin.url, {retry: {limit: 0}})).rejects.toMatchObject({code: 'ECONNREFUSED'});
			await turn();
		},
		{},
	],
	['a reset connection', origin => origin.fallback(cutOff), {}],
	['a body that is cut off', origin => origin.fallback(cutOffMidway), {}],
	['a time-out', origin => origin.fallback(silent), {timeout: {request: 50}}],
];

describe('staleIfError', () => {
	it.each(failures)('serves a stale response, at once, in place of %s', async (_name, fail, options) => {
		using clock = moveClock();
		await using origin = await startOrigin({headers: {etag: '"a"'}, body: 'kept'});
		// got would wait for a second before it tried again, or for as long as Retry-After says.
		let retries = 0;
		const hooks = {beforeRetry: [() => void retries++]};
		await using session = new CachedSession({expireAfter: 60, staleIfError: true, hooks});
		await session.get(origin.url);
		await fail(origin);
		clock.advance(24 * 3600);

		const stale = await session.get(origin.url, options);
		expect(stale).toMatchObject({statusCode: 200, body: 'kept', isFromCache: true, isExpired: true});
		expect(retries).toBe(0);
		expect(origin.requests.length).toBeLessThanOrEqual(2);
	});

	it.each(failures)('serves nothing that is not stored in place of %s', async (_name, fail, options) => {
		await using origin = await startOrigin();
		await using session = new CachedSession({expireAfter: 60, staleIfError: true, retry: {limit: 0}});
		await session.get(`${origin.url}/other`);
		await fail(origin);
		await expect(session.get(origin.url, options)).rejects.toThrow();
	});

	it.each([
		['off', {}, 60, false],
		['false', {staleIfError: false}, 60, false],
		['0', {staleIfError: 0}, 60, false],
		['within the window', {staleIfError: '1h'}, 60 + 3599, true],
		['after the window', {staleIfError: '1h'}, 60 + 3600, false],
		['of a request that accepts only younger ones', {staleIfError: 30}, 60 + 31, false],
	] as Array<[string, CachedSessionOptions, number, boolean]>)('when %s', async (_name, settings, age, isServed) => {
		using clock = moveClock();
		await using origin = await startOrigin();
		await using session = new CachedSession({expireAfter: 60, retry: {limit: 0}, throwHttpErrors: false, ...settings});
		await session.get(origin.url);
		origin.fallback({status: 503});
		clock.advance(age);
		expect(await session.get(origin.url)).toMatchObject({statusCode: isServed ? 200 : 503, isFromCache: isServed});
	});

	it("serves the store's word for a status that is no failure of the server to nobody", async () => {
		using clock = moveClock();
		await using origin = await startOrigin();
		await using session = new CachedSession({expireAfter: 60, staleIfError: true, throwHttpErrors: false});
		await session.get(origin.url);
		clock.advance(61);
		for (const status of [400, 404, 410, 501]) {
			origin.fallback({status});
			expect(await session.get(origin.url)).toMatchObject({statusCode: status, isFromCache: false});
		}
		// They are not stored, and take nothing away.
		origin.fallback({status: 503});
		expect(await session.get(origin.url)).toMatchObject({statusCode: 200, isFromCache: true});
	});

	it('holds for refresh, for alwaysRevalidate, and for all who wait for one request', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession({staleIfError: true, alwaysRevalidate: true});
		await session.get(origin.url);
		origin.fallback({status: 503, delay: 20});
		const waiting = await Promise.all([1, 2, 3].map(() => session.get(origin.url)));
		expect(waiting.map(({body}) => body)).toEqual(['response 1', 'response 1', 'response 1']);
		expect(await session.get(origin.url, {refresh: true})).toMatchObject({body: 'response 1', isFromCache: true});
		expect(origin.requests).toHaveLength(3);
	});

	it('is not for a caller that gives up', async () => {
		using clock = moveClock();
		await using origin = await startOrigin();
		await using session = new CachedSession({expireAfter: 60, staleIfError: true});
		await session.get(origin.url);
		const aborter = new AbortController();
		origin.fallback(() => {
			aborter.abort();
			return undefined;
		});
		clock.advance(61);
		await expect(session.get(origin.url, {signal: aborter.signal})).rejects.toMatchObject({name: 'AbortError'});
	});

	it('leaves the stored response stale: the next request asks again', async () => {
		using clock = moveClock();
		await using origin = await startOrigin();
		await using session = new CachedSession({expireAfter: 60, staleIfError: true});
		await session.get(origin.url);
		clock.advance(61);
		origin.fallback({status: 500});
		await session.get(origin.url);
		origin.fallback('new');
		expect(await session.get(origin.url)).toMatchObject({body: 'new', isFromCache: false, isExpired: false});
	});
});

describe('staleWhileRevalidate', () => {
	/** Sessions on one backend; closing one waits for its refreshes. */
	function sessions(options: CachedSessionOptions): () => CachedSession {
		const cache = new CacheBackend('lasting', {autoclose: false});
		return () => new CachedSession({cache, expireAfter: 60, staleWhileRevalidate: true, ...options});
	}

	it('serves a stale response at once and renews it behind, once for all who ask meanwhile', async () => {
		using clock = moveClock();
		await using origin = await startOrigin();
		const open = sessions({});
		await using session = open();
		await session.get(origin.url);
		clock.advance(61);
		const answered = withResolvers();
		origin.fallback(async () => {
			await answered.promise;
			return 'renewed';
		});
		const stale = await Promise.all([1, 2, 3, 4, 5].map(() => session.get(origin.url)));
		for (const response of stale) {
			expect(response).toMatchObject({body: 'response 1', isFromCache: true, isExpired: true});
		}
		expect(await session.get(origin.url)).toMatchObject({body: 'response 1'});
		answered.resolve(undefined);
		await session.close();
		expect(origin.requests).toHaveLength(2);

		await using next = open();
		expect(await next.get(origin.url)).toMatchObject({body: 'renewed', isFromCache: true, isExpired: false});
		expect(origin.requests).toHaveLength(2);
	});

	it('renews with a conditional request', async () => {
		using clock = moveClock();
		await using origin = await startOrigin(({headers}) =>
			headers['if-none-match'] ? {status: 304} : {headers: {etag: '"a"'}, body: 'kept'},
		);
		const open = sessions({});
		await using session = open();
		await session.get(origin.url);
		clock.advance(61);
		await session.get(origin.url);
		await session.close();
		await using next = open();
		expect(await next.get(origin.url)).toMatchObject({body: 'kept', isFromCache: true, isExpired: false});
		expect(origin.requests).toHaveLength(2);
	});

	it.each(failures)('stays with what is stored when the refresh meets %s', async (_name, fail, options) => {
		using clock = moveClock();
		await using origin = await startOrigin();
		const open = sessions({retry: {limit: 0}});
		await using session = open();
		await session.get(origin.url);
		await fail(origin);
		clock.advance(61);
		expect(await session.get(origin.url, options)).toMatchObject({body: 'response 1', isExpired: true});
		await session.close();
		await using next = open();
		expect(await next.get(origin.url, options)).toMatchObject({body: 'response 1', isExpired: true});
	});

	it('ends with its window, and is not what onlyIfCached asks for', async () => {
		using clock = moveClock();
		await using origin = await startOrigin();
		await using session = sessions({staleWhileRevalidate: '1h'})();
		await session.get(origin.url);
		clock.advance(60 + 3599);
		expect(await session.get(origin.url, {onlyIfCached: true})).toMatchObject({body: 'response 1'});
		expect(origin.requests).toHaveLength(1);
		clock.advance(1);
		expect(await session.get(origin.url)).toMatchObject({body: 'response 2', isFromCache: false});
	});

	it('goes on when the caller has given up meanwhile', async () => {
		using clock = moveClock();
		await using origin = await startOrigin();
		const open = sessions({});
		await using session = open();
		await session.get(origin.url);
		clock.advance(61);
		const aborter = new AbortController();
		await session.get(origin.url, {signal: aborter.signal});
		aborter.abort();
		await session.close();
		await using next = open();
		expect(await next.get(origin.url)).toMatchObject({body: 'response 2', isFromCache: true});
	});
});

function withResolvers(): {promise: Promise<unknown>; resolve: (value: unknown) => void} {
	let resolve!: (value: unknown) => void;
	const promise = new Promise(settle => {
		resolve = settle;
	});
	return {promise, resolve};
}
