import {describe, expect, it} from '@jest/globals';
import {moveClock} from '../../../../test-support/moved-clock.js';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {
	CacheBackend,
	CachedSession,
	type CachedSessionOptions,
	type CacheSettings,
	DO_NOT_CACHE,
	EXPIRE_IMMEDIATELY,
	type Expiration,
	NEVER_EXPIRE,
} from '../../src/index.js';

describe('expireAfter', () => {
	const forms: ReadonlyArray<[form: string, expiration: (now: number) => Expiration, seconds: number]> = [
		['a number of seconds', () => 90, 90],
		['a fraction of a second', () => 1.5, 1.5],
		['a text with a unit', () => '3h', 10_800],
		['a text with words', () => '90 minutes', 5400],
		['an object of parts', () => ({hours: 1, minutes: 30}), 5400],
		['a Date', now => new Date(now + 7000), 7],
		['an HTTP date', now => new Date(now + 60_000).toUTCString(), 60],
	];

	it.each(forms)('takes %s', async (_form, expiration, seconds) => {
		using clock = moveClock();
		// HTTP dates have no milliseconds.
		clock.advance(1 - (Date.now() % 1000) / 1000);
		await using origin = await startOrigin();
		await using session = new CachedSession({expireAfter: expiration(Date.now())});
		const url = `${origin.url}/`;

		const fetched = await session.get(url);
		expect(fetched.expires?.getTime()).toBe(Date.now() + seconds * 1000);
		clock.advance(seconds - 0.001);
		expect((await session.get(url)).body).toBe('response 1');
		clock.advance(0.001);
		expect((await session.get(url)).body).toBe('response 2');
	});

	it.each([
		['is not given', {}],
		['is NEVER_EXPIRE', {expireAfter: NEVER_EXPIRE}],
		['is Infinity', {expireAfter: Number.POSITIVE_INFINITY}],
	] as Array<[string, CacheSettings]>)('keeps responses for ever when it %s', async (_name, settings) => {
		using clock = moveClock();
		await using origin = await startOrigin();
		await using session = new CachedSession(settings);

		expect((await session.get(origin.url)).expires).toBeUndefined();
		clock.advance(100 * 365 * 24 * 3600);
		expect(await session.get(origin.url)).toMatchObject({body: 'response 1', isFromCache: true, isExpired: false});
	});

	it('neither stores nor serves under DO_NOT_CACHE', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession({expireAfter: DO_NOT_CACHE});
		await session.get(origin.url);
		expect(await session.get(origin.url)).toMatchObject({body: 'response 2', cacheKey: undefined});
		expect(await session.cache.size()).toBe(0);
	});

	it('stores and always asks the server under EXPIRE_IMMEDIATELY', async () => {
		await using origin = await startOrigin(({headers}) =>
			headers['if-none-match'] === '"a"' ? {status: 304} : {headers: {etag: '"a"'}, body: 'kept'},
		);
		await using session = new CachedSession({expireAfter: EXPIRE_IMMEDIATELY});
		expect(await session.get(origin.url)).toMatchObject({body: 'kept', isFromCache: false, isExpired: true});
		expect(await session.get(origin.url)).toMatchObject({body: 'kept', isFromCache: true});
		expect(await session.get(origin.url)).toMatchObject({body: 'kept', isFromCache: true});
		expect(origin.requests).toHaveLength(3);
	});

	it('takes a moment in the past for expired at once', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession({expireAfter: new Date(0)});
		await session.get(origin.url);
		expect((await session.get(origin.url)).body).toBe('response 2');
		expect(await session.cache.size()).toBe(1);
	});

	it('of a request bounds what is served to that request only', async () => {
		using clock = moveClock();
		await using origin = await startOrigin();
		await using session = new CachedSession({expireAfter: '1h'});
		await session.get(origin.url);
		clock.advance(60);
		expect((await session.get(origin.url, {expireAfter: 61})).body).toBe('response 1');
		expect((await session.get(origin.url)).body).toBe('response 1');
		const renewed = await session.get(origin.url, {expireAfter: 60});
		expect(renewed.body).toBe('response 2');
		expect(renewed.expires?.getTime()).toBe(Date.now() + 60_000);
	});
});

describe('the precedence of expirations', () => {
	interface Levels {
		readonly backend?: Expiration;
		readonly session?: Expiration;
		readonly pattern?: Expiration;
		readonly request?: Expiration;
	}

	async function secondsOfLife({backend, session: own, pattern, request}: Levels): Promise<number | undefined> {
		using _ = moveClock();
		await using origin = await startOrigin();
		const options: CachedSessionOptions = {
			cache: new CacheBackend('levels', {expireAfter: backend}),
			expireAfter: own,
			urlsExpireAfter: pattern === undefined ? undefined : {'127.0.0.1': pattern},
		};
		await using session = new CachedSession(options);
		const {expires, createdAt} = await session.get(origin.url, {expireAfter: request});
		expect(await session.cache.hasUrl(origin.url)).toBe(expires !== undefined);
		return expires && (expires.getTime() - createdAt.getTime()) / 1000;
	}

	const not = undefined;
	it.each([
		// Each level by itself, and over those below it.
		[{backend: 1}, 1],
		[{backend: 1, session: 2}, 2],
		[{backend: 1, session: 2, pattern: 3}, 3],
		[{backend: 1, session: 2, pattern: 3, request: 4}, 4],
		[{backend: 1, pattern: 3}, 3],
		[{backend: 1, request: 4}, 4],
		[{session: 2, request: 4}, 4],
		[{pattern: 3, request: 4}, 4],
		// DO_NOT_CACHE at any level is a veto.
		[{backend: DO_NOT_CACHE}, not],
		[{session: DO_NOT_CACHE}, not],
		[{pattern: DO_NOT_CACHE}, not],
		[{request: DO_NOT_CACHE}, not],
		[{backend: 1, session: 2, pattern: 3, request: DO_NOT_CACHE}, not],
		[{backend: 1, session: 2, pattern: DO_NOT_CACHE, request: 4}, not],
		[{backend: 1, session: DO_NOT_CACHE, pattern: 3, request: 4}, not],
		[{backend: DO_NOT_CACHE, pattern: 3, request: 4}, not],
		// What the session replaced is no longer a level.
		[{backend: DO_NOT_CACHE, session: 2}, 2],
		[{backend: DO_NOT_CACHE, session: 2, pattern: 3, request: 4}, 4],
	] as Array<[Levels, number | undefined]>)('%j: %j seconds', async (levels, seconds) => {
		expect(await secondsOfLife(levels)).toBe(seconds);
	});

	it('lets a veto of one request leave what is stored', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession();
		await session.get(origin.url);
		expect(await session.get(origin.url, {expireAfter: DO_NOT_CACHE})).toMatchObject({body: 'response 2'});
		expect(await session.get(origin.url)).toMatchObject({body: 'response 1', isFromCache: true});
	});

	it("puts a session's URL patterns in the place of all of its backend's", async () => {
		await using origin = await startOrigin();
		const cache = new CacheBackend('patterns', {urlsExpireAfter: {'127.0.0.1*/a': 10}, expireAfter: 30});
		await using session = new CachedSession({cache, urlsExpireAfter: {'127.0.0.1*/b': 20}});
		const life = async (path: string) => {
			const {expires, createdAt} = await session.get(`${origin.url}${path}`);
			return Number(expires) - Number(createdAt);
		};
		expect([await life('/a'), await life('/b'), await life('/c')]).toEqual([30_000, 20_000, 30_000]);
	});

	it("leaves a backend's value where the session's is undefined, in sessions made with extend() too", async () => {
		await using origin = await startOrigin();
		const cache = new CacheBackend('undefined', {expireAfter: 10});
		await using session = new CachedSession({cache, expireAfter: undefined});
		await using extended = session.extend({expireAfter: undefined});
		for (const each of [session, extended]) {
			const {expires, createdAt} = await each.get(`${origin.url}`, {forceRefresh: true});
			expect(Number(expires) - Number(createdAt)).toBe(10_000);
		}
	});
});

describe('urlsExpireAfter', () => {
	it('takes the first glob that matches', async () => {
		await using origin = await startOrigin();
		const host = new URL(origin.url).host;
		await using session = new CachedSession({
			expireAfter: 1,
			urlsExpireAfter: {
				[`${host}/static`]: 2,
				'*/never/*': DO_NOT_CACHE,
				'https://127.0.0.1*.png': 3,
				'**/static': 4,
			},
		});
		const life = async (path: string) => {
			const {expires, createdAt} = await session.get(`${origin.url}${path}`);
			return expires && Number(expires) - Number(createdAt);
		};
		expect(await life('/static/a.css')).toBe(2000);
		expect(await life('/x/never/y')).toBeUndefined();
		expect(await life('/logo.png?v=2')).toBe(3000);
		expect(await life('/deep/static')).toBe(4000);
		expect(await life('/other')).toBe(1000);
	});

	it('shows a RegExp the whole URL but user info and fragment, in the order of the list', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession({
			urlsExpireAfter: [
				[/secret|fragment/, DO_NOT_CACHE],
				[/^http:.*\?.*v=2/g, 1],
				['127.0.0.1', 2],
			],
		});
		const {host} = new URL(origin.url);
		const life = async (url: string) => {
			const {expires, createdAt} = await session.get(url);
			return expires && Number(expires) - Number(createdAt);
		};
		// Twice, since a RegExp with the flag `g` remembers where it was.
		expect(await life(`http://${host}/a?v=2`)).toBe(1000);
		expect(await life(`http://${host}/b?v=2`)).toBe(1000);
		expect(await life(`http://user:secret@${host}/c#fragment`)).toBe(2000);
	});
});
