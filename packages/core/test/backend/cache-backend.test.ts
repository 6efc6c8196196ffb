import {describe, expect, it} from '@jest/globals';
import {moveClock} from '../../../../test-support/moved-clock.js';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {
	CacheBackend,
	type CachedEntry,
	CachedSession,
	type CachedSessionOptions,
	DO_NOT_CACHE,
	type EntryFilter,
	EXPIRE_IMMEDIATELY,
	type KeyableRequest,
	MemoryCache,
	NEVER_EXPIRE,
} from '../../src/index.js';

const URL_A = 'http://127.0.0.1:9/a';
const URL_B = 'http://127.0.0.1:9/b';

async function list(backend: CacheBackend, filter?: EntryFilter): Promise<CachedEntry[]> {
	const entries: CachedEntry[] = [];
	for await (const entry of backend.filter(filter)) {
		entries.push(entry);
	}
	return entries.sort((a, b) => a.url.localeCompare(b.url));
}

const pathsOf = async (backend: CacheBackend, filter?: EntryFilter) =>
	(await list(backend, filter)).map(({url}) => new URL(url).pathname);

/** Saves `/a` to expire after 10 s, 100 s later `/b` to expire after 1000 s, 100 s later `/c` for ever. */
async function threeAges(): Promise<{backend: CacheBackend; clock: ReturnType<typeof moveClock>}> {
	const clock = moveClock();
	const backend = new CacheBackend('ages');
	await backend.save(URL_A, {body: 'a'}, {expireAfter: 10});
	clock.advance(100);
	await backend.save(URL_B, {body: 'b'}, {expireAfter: 1000});
	clock.advance(100);
	await backend.save('http://127.0.0.1:9/c', {body: 'c'});
	return {backend, clock};
}

describe('what is stored for a URL', () => {
	it('is found and removed whoever asked, with whatever method and body', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession({allowedMethods: ['GET', 'POST']});
		const url = `${origin.url}/a?b=1&c=2`;
		await session.get(url);
		await session.get(url, {headers: {authorization: 'Bearer a'}});
		await session.post(url, {json: {a: 1}});
		await session.post(url, {json: {a: 2}});
		await session.get(`${origin.url}/a`);

		const {cache} = session;
		expect(await cache.hasUrl(url)).toBe(true);
		expect(await cache.hasUrl(new URL(`${origin.url}/a?c=2&b=1#fragment`))).toBe(true);
		expect(await cache.hasUrl(url.replace('://', '://user:pass@'))).toBe(true);
		expect(await cache.hasUrl(`${origin.url}/a?b=1`)).toBe(false);
		expect(await cache.deleteUrl(url)).toBe(4);
		expect(await cache.hasUrl(url)).toBe(false);
		expect(await cache.deleteUrl(url)).toBe(0);
		expect(await cache.getUrls()).toEqual([`${origin.url}/a`]);
	});

	it('may be a redirect', async () => {
		await using origin = await startOrigin(({url}) =>
			url === '/from' ? {status: 301, headers: {location: '/to'}} : 'there',
		);
		await using session = new CachedSession();
		await session.get(`${origin.url}/from`);
		expect(await session.cache.hasUrl(`${origin.url}/from`)).toBe(true);
		expect(await session.cache.getUrls()).toEqual([`${origin.url}/from`, `${origin.url}/to`]);
		expect(await session.cache.size()).toBe(1);
		expect(await session.cache.redirects.size()).toBe(1);
		expect(await session.cache.deleteUrl(`${origin.url}/from`)).toBe(1);
		expect(await session.get(`${origin.url}/from`)).toMatchObject({isFromCache: false});
	});

	it('counts when it has expired', async () => {
		const {backend, clock} = await threeAges();
		using _ = clock;
		expect(await backend.hasUrl(URL_A)).toBe(true);
		expect(await backend.size()).toBe(3);
	});

	it('is listed without user info, fragment, ignored and secret parameters', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession({ignoredParams: ['ts']});
		const {host} = new URL(origin.url);
		await session.get(`http://user:pass@${host}/a?ts=1&b=2&api_key=secret#fragment`);
		expect(await session.cache.getUrls()).toEqual([`http://${host}/a?b=2&api_key=REDACTED`]);
	});

	it('must be an absolute URL', async () => {
		const backend = new CacheBackend();
		await expect(backend.hasUrl('/a')).rejects.toMatchObject({name: 'TypeError'});
		await expect(backend.createKey('nonsense')).rejects.toMatchObject({name: 'TypeError'});
	});
});

describe('createKey()', () => {
	const requests: Array<[string, CachedSessionOptions, KeyableRequest | string]> = [
		['a URL', {}, '/?b=1&a=2'],
		['a header in another case', {}, {url: '/', headers: {Authorization: 'Bearer a'}}],
		['cookies', {}, {url: '/', headers: {cookie: 'b=1; a=2'}}],
		[
			'a header of includeHeaders',
			{includeHeaders: ['accept-language']},
			{url: '/', headers: {'Accept-Language': 'de'}},
		],
		['JSON', {allowedMethods: ['POST']}, {url: '/', method: 'post', json: {b: 1, a: [1]}}],
		['a form', {allowedMethods: ['POST']}, {url: '/', method: 'POST', form: {b: '1', a: '2'}}],
		['text', {allowedMethods: ['PUT']}, {url: '/', method: 'PUT', body: 'text'}],
		[
			'JSON as text',
			{allowedMethods: ['PUT']},
			{url: '/', method: 'PUT', body: '{"b":1,"a":2}', headers: {'content-type': 'application/json'}},
		],
		['bytes', {allowedMethods: ['PUT']}, {url: '/', method: 'PUT', body: Buffer.from([0, 255])}],
		['ignored parameters', {ignoredParams: ['a']}, '/?b=1&a=2'],
		['a keyFn', {keyFn: ({url}) => new URL(url).pathname}, '/?b=1&a=2'],
		['an identity', {identity: 'anna'}, '/'],
		['a secretKey', {secretKey: 'pepper'}, {url: '/', headers: {authorization: 'Bearer a'}}],
	];

	it.each(requests)('gives the key under which a session stores: %s', async (_name, options, request) => {
		await using origin = await startOrigin();
		await using session = new CachedSession(options);
		const {url, ...rest}: KeyableRequest = typeof request === 'string' ? {url: request} : request;
		const absolute = `${origin.url}${String(url)}`;
		const {cacheKey} = await session.request(absolute, rest as object);
		expect(cacheKey).toBeDefined();
		expect(await session.cache.createKey({...rest, url: absolute})).toBe(cacheKey);
		expect(await session.cache.contains(cacheKey!)).toBe(true);
		expect(await session.cache.contains(cacheKey!.replace(/.$/, digit => (digit === '0' ? '1' : '0')))).toBe(false);
	});
});

describe('delete()', () => {
	it('takes a key, several keys, or a selection, and counts', async () => {
		const backend = new CacheBackend();
		const urls = ['a', 'b', 'c', 'd', 'e'].map(name => `http://127.0.0.1:9/${name}`);
		const keys: string[] = [];
		for (const url of urls) {
			keys.push(await backend.save(url, {body: url}));
		}
		expect(await backend.delete(keys[0]!)).toBe(1);
		expect(await backend.delete(keys[0]!)).toBe(0);
		expect(await backend.delete(new Set([keys[0]!, keys[1]!]))).toBe(1);
		expect(await backend.delete({keys: [keys[2]!], urls: [urls[3]!, new URL(urls[0]!)]})).toBe(2);
		expect(await backend.getUrls()).toEqual([urls[4]]);
		expect(await backend.delete([])).toBe(0);
		expect(await backend.delete({})).toBe(0);
		expect(await backend.size()).toBe(1);
	});

	it('takes what has expired', async () => {
		const {backend, clock} = await threeAges();
		using _ = clock;
		expect(await backend.delete({expired: true})).toBe(1);
		expect(await pathsOf(backend)).toEqual(['/b', '/c']);
	});

	it.each([
		['seconds', 100, ['/c']],
		['a duration', '101 seconds', ['/b', '/c']],
		['a longer one', '1h', ['/a', '/b', '/c']],
	])('takes what is older than %s', async (_name, olderThan, left) => {
		const {backend, clock} = await threeAges();
		using _ = clock;
		await backend.delete({olderThan});
		expect(await pathsOf(backend)).toEqual(left);
	});
});

describe('clear()', () => {
	it('empties both stores', async () => {
		await using origin = await startOrigin(({url}) => (url === '/' ? {status: 301, headers: {location: '/to'}} : url));
		await using session = new CachedSession();
		await session.get(origin.url);
		await session.cache.clear();
		expect(await session.cache.size()).toBe(0);
		expect(await session.cache.redirects.size()).toBe(0);
		expect(await session.cache.getUrls()).toEqual([]);
	});
});

describe('filter()', () => {
	it.each([
		['all', undefined, ['/a', '/b', '/c']],
		['valid ones', {expired: false}, ['/b', '/c']],
		['expired ones', {valid: false}, ['/a']],
		['none', {valid: false, expired: false}, []],
		['old ones', {olderThan: 100}, ['/a', '/b']],
		['old ones that are valid', {olderThan: {seconds: 100}, expired: false}, ['/b']],
	] as Array<[string, EntryFilter | undefined, string[]]>)('gives %s', async (_name, filter, paths) => {
		const {backend, clock} = await threeAges();
		using _ = clock;
		expect(await pathsOf(backend, filter)).toEqual(paths);
	});

	it('takes a date for olderThan', async () => {
		const {backend, clock} = await threeAges();
		using _ = clock;
		const start = Date.now() - 200_000;
		expect(await pathsOf(backend, {olderThan: new Date(start + 50_000)})).toEqual(['/a']);
		expect(await pathsOf(backend, {olderThan: new Date(start - 1)})).toEqual([]);
	});

	it.each([0, -1, 'immediately', 'soon'])('refuses %p for olderThan', async olderThan => {
		await expect(list(new CacheBackend(), {olderThan})).rejects.toMatchObject({option: 'olderThan'});
	});

	it('tells what is known of a response', async () => {
		using _ = moveClock();
		const backend = new CacheBackend('one', {expireAfter: 60});
		const key = await backend.save(
			{url: URL_A, method: 'post', json: 1},
			{statusCode: 404, headers: {'X-A': 'b'}, body: 'ä'},
		);
		const [entry] = await list(backend);
		expect(entry).toMatchObject({
			key,
			url: URL_A,
			method: 'POST',
			statusCode: 404,
			rawHeaders: ['X-A', 'b'],
			createdAt: new Date(Date.now()),
			expires: new Date(Date.now() + 60_000),
			isExpired: false,
			size: 2,
		});
		expect(await entry?.rawBody()).toEqual(Buffer.from('ä'));
		await backend.clear();
		expect(await entry?.rawBody()).toBeUndefined();
	});
});

describe('resetExpiration()', () => {
	it('counts from now, for expired ones too', async () => {
		const {backend, clock} = await threeAges();
		using _ = clock;
		expect(await backend.resetExpiration('1m')).toBe(3);
		for (const {expires} of await list(backend)) {
			expect(expires).toEqual(new Date(Date.now() + 60_000));
		}
	});

	it('may be never, or at once', async () => {
		const {backend, clock} = await threeAges();
		using _ = clock;
		await backend.resetExpiration(NEVER_EXPIRE);
		expect((await list(backend)).map(({expires}) => expires)).toEqual([undefined, undefined, undefined]);
		await backend.resetExpiration(EXPIRE_IMMEDIATELY);
		expect(await pathsOf(backend, {valid: false})).toEqual(['/a', '/b', '/c']);
	});

	it('may be only for what is older', async () => {
		const {backend, clock} = await threeAges();
		using _ = clock;
		expect(await backend.resetExpiration(1, {olderThan: 150})).toBe(1);
		expect((await list(backend))[1]?.expires).toEqual(new Date(Date.now() + 900_000));
	});

	it('lets a session serve the bodies as before, redirects and variants included', async () => {
		using clock = moveClock();
		await using origin = await startOrigin(({url}) =>
			url === '/' ? {status: 302, headers: {location: '/to'}} : {headers: {vary: 'accept'}, body: url},
		);
		await using session = new CachedSession({expireAfter: 10});
		await session.get(origin.url);
		clock.advance(20);
		expect(await session.cache.resetExpiration(60)).toBe(3);
		clock.advance(59);
		expect(await session.get(origin.url)).toMatchObject({body: '/to', isFromCache: true, isExpired: false});
		expect(origin.requests).toHaveLength(2);
	});

	it.each([DO_NOT_CACHE, 'soon', -5])('refuses %p', async expireAfter => {
		await expect(new CacheBackend().resetExpiration(expireAfter)).rejects.toMatchObject({option: 'expireAfter'});
	});
});

describe('a backend seen through a session', () => {
	it('makes the keys of that session, over the same stores', async () => {
		await using origin = await startOrigin();
		const backend = new CacheBackend('shared', {autoclose: false, ignoredParams: ['a']});
		await using plain = new CachedSession({cache: backend});
		await using ignoring = new CachedSession({cache: backend, ignoredParams: ['b']});
		const url = `${origin.url}/?a=1&b=1`;
		const {cacheKey} = await plain.get(url);

		expect(await backend.createKey(url)).toBe(cacheKey);
		expect(await plain.cache.createKey(`${origin.url}/?a=2&b=1`)).toBe(cacheKey);
		expect(await ignoring.cache.createKey(url)).not.toBe(cacheKey);
		expect(await plain.cache.hasUrl(`${origin.url}/?b=1`)).toBe(true);
		expect(await ignoring.cache.hasUrl(`${origin.url}/?a=1`)).toBe(false);
		expect(await ignoring.cache.contains(cacheKey!)).toBe(true);
		expect(ignoring.cache.responses).toBe(backend.responses);
		expect(ignoring.cache.redirects).toBe(backend.redirects);
		expect(ignoring.cache.name).toBe('shared');
		expect(ignoring.cache).toBeInstanceOf(CacheBackend);
		expect(backend.settings).toEqual({ignoredParams: ['a']});
		expect(ignoring.cache.settings).toEqual({ignoredParams: ['b']});
		expect(await backend.deleteUrl(url)).toBe(1);
		expect(await ignoring.cache.size()).toBe(0);
	});

	it('finds URLs by keyFn too', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession({keyFn: async ({url}) => new URL(url).pathname});
		await session.get(`${origin.url}/a?b=1`);
		expect(await session.cache.hasUrl(`${origin.url}/a?b=2`)).toBe(true);
		expect(await session.cache.hasUrl(`${origin.url}/b`)).toBe(false);
		expect(await session.cache.deleteUrl(`${origin.url}/a`)).toBe(1);
		expect(await session.get(`${origin.url}/a?b=1`)).toMatchObject({isFromCache: false});
	});

	it('serves two sessions with settings of their own beside each other', async () => {
		using clock = moveClock();
		await using origin = await startOrigin();
		const backend = new CacheBackend('shared', {autoclose: false});
		await using short = new CachedSession({cache: backend, expireAfter: 10});
		await using long = new CachedSession({cache: backend, expireAfter: 100});
		await short.get(`${origin.url}/short`);
		await long.get(`${origin.url}/long`);
		clock.advance(11);
		expect(await short.get(`${origin.url}/long`)).toMatchObject({isFromCache: true});
		expect(await long.get(`${origin.url}/short`)).toMatchObject({isFromCache: false});
	});

	it('keeps the settings of both when a session is extended', async () => {
		const backend = new CacheBackend('shared', {ignoredParams: ['a'], expireAfter: 10});
		await using session = new CachedSession({cache: backend, expireAfter: 20});
		await using extended = session.extend();
		expect(extended.cache.settings).toEqual({ignoredParams: ['a'], expireAfter: 20});
		expect(await extended.cache.createKey(`${URL_A}?a=1`)).toBe(await backend.createKey(URL_A));
	});
});

describe('the stores of a backend', () => {
	it('are in memory unless given', () => {
		const backend = new CacheBackend();
		expect(backend.name).toBe('http-cache');
		expect(backend.responses).toBeInstanceOf(MemoryCache);
		expect(backend.redirects).toBeInstanceOf(MemoryCache);
		expect(backend.redirects).not.toBe(backend.responses);
	});

	it('are those that are given', async () => {
		await using origin = await startOrigin();
		const responses = new MemoryCache({maxEntries: 1});
		await using session = new CachedSession({cache: new CacheBackend('bounded', {responses})});
		await session.get(`${origin.url}/a`);
		await session.get(`${origin.url}/b`);
		expect(await session.cache.getUrls()).toEqual([`${origin.url}/b`]);
		expect(session.cache.responses).toBe(responses);
	});
});
