import {describe, expect, it} from '@jest/globals';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {
	CacheBackend,
	CachedSession,
	type CachedSessionOptions,
	type KeyableRequest,
	MemoryCache,
} from '../../src/index.js';
import {pathsOf, threeAges, URL_A} from './three-ages.js';

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
