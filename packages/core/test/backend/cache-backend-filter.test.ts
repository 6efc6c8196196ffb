import {describe, expect, it} from '@jest/globals';
import {moveClock} from '../../../../test-support/moved-clock.js';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {
	CacheBackend,
	CachedSession,
	DO_NOT_CACHE,
	type EntryFilter,
	EXPIRE_IMMEDIATELY,
	NEVER_EXPIRE,
} from '../../src/index.js';
import {list, pathsOf, threeAges, URL_A} from './three-ages.js';

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
