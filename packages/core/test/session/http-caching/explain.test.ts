import {describe, expect, it} from '@jest/globals';
import {moveClock} from '../../../../../test-support/moved-clock.js';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession, type RequestOptions} from '../../../src/index.js';

const reply = {headers: {'cache-control': 'max-age=10', etag: '"a"', vary: 'x-kind'}, body: 'body'};

describe('explain()', () => {
	it.each<[string, number, RequestOptions | undefined, object]>([
		['serve', 3, undefined, {reason: 'fresh', cacheStatus: expect.stringContaining('; hit; ttl=7;')}],
		['revalidate', 11, undefined, {reason: 'expired', cacheStatus: expect.stringContaining('fwd=stale')}],
		['serveStale', 11, {headers: {'cache-control': 'max-stale'}}, {reason: 'maxStale'}],
		['notModified', 3, {headers: {'if-none-match': '"a"'}}, {reason: 'etagMatches'}],
		['servePartial', 3, {headers: {range: 'bytes=0-1'}}, {reason: 'rangeStored'}],
		['rangeNotSatisfiable', 3, {headers: {range: 'bytes=9-'}}, {reason: 'rangeBeyondEnd'}],
		['revalidate', 3, {refresh: true}, {reason: 'refresh'}],
		['unsatisfiable', 11, {onlyIfCached: true}, {reason: 'onlyIfCached'}],
	])('says %s after %d seconds with %j', async (plan, seconds, options, expected) => {
		using clock = moveClock();
		await using origin = await startOrigin(() => ({
			...reply,
			headers: {...reply.headers, date: new Date(Date.now()).toUTCString()},
		}));
		await using session = new CachedSession({cacheControl: true});
		const {cacheKey, createdAt, expires} = await session.get(origin.url);
		clock.advance(seconds);
		const explanation = await session.explain(origin.url, options);
		expect(explanation).toMatchObject({
			plan,
			key: cacheKey,
			stored: {statusCode: 200, createdAt, expires, age: seconds},
			...expected,
		});
		expect(origin.requests).toHaveLength(1);
	});

	it.each<[string, RequestOptions | undefined, object]>([
		[
			'fetch',
			undefined,
			{
				reason: 'nothingStored',
				key: expect.any(String),
				cacheStatus: 'got-client-cache; fwd=uri-miss; detail=nothingStored',
			},
		],
		['passThrough', {method: 'POST'}, {key: undefined}],
		['bypass', {cache: false}, {reason: 'cacheDisabled', key: undefined}],
	])('says %s with nothing stored, and stores nothing', async (plan, options, expected) => {
		await using origin = await startOrigin();
		await using session = new CachedSession({cacheControl: true});
		expect(await session.explain(origin.url, options)).toMatchObject({plan, stored: undefined, ...expected});
		expect(origin.requests).toHaveLength(0);
		expect(await session.cache.size()).toBe(0);
	});

	it('names another variant', async () => {
		await using origin = await startOrigin(reply);
		await using session = new CachedSession({cacheControl: true});
		await session.get(origin.url);
		expect(await session.explain(origin.url, {headers: {'x-kind': 'a'}})).toMatchObject({
			plan: 'fetch',
			stored: undefined,
			cacheStatus: expect.stringContaining('fwd=vary-miss'),
		});
	});

	it('starts no refresh, and leaves what it explains as it is', async () => {
		using clock = moveClock();
		await using origin = await startOrigin({headers: {'cache-control': 'max-age=1, stale-while-revalidate=60'}});
		await using session = new CachedSession({cacheControl: true});
		await session.get(origin.url);
		clock.advance(3);
		const explanation = await session.explain(origin.url);
		await session.idle();
		expect(explanation.plan).toBe('serveStale');
		expect(await session.explain(origin.url)).toEqual(explanation);
		expect(origin.requests).toHaveLength(1);
	});

	it('knows the settings mode, its user and its switch', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession();
		await session.get(origin.url, {headers: {cookie: 'user=anna'}});
		expect(await session.explain(origin.url, {headers: {cookie: 'user=anna'}})).toMatchObject({
			plan: 'serve',
			reason: 'neverExpires',
		});
		expect(await session.explain(origin.url, {headers: {cookie: 'user=ben'}})).toMatchObject({plan: 'fetch'});
		expect(await session.disabled(() => session.explain(origin.url))).toMatchObject({plan: 'bypass'});
	});

	it('rejects options that cannot be used, and after close()', async () => {
		const session = new CachedSession();
		await expect(session.explain('http://127.0.0.1/', {expireAfter: 'soon' as never})).rejects.toMatchObject({
			option: 'expireAfter',
		});
		await expect(session.explain('no url')).rejects.toMatchObject({code: 'ERR_INVALID_URL'});
		await session.close();
		await expect(session.explain('http://127.0.0.1/')).rejects.toMatchObject({code: 'ERR_SESSION_CLOSED'});
	});
});
