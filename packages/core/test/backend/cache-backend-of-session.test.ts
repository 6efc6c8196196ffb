import {describe, expect, it} from '@jest/globals';
import {moveClock} from '../../../../test-support/moved-clock.js';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {CacheBackend, CachedSession} from '../../src/index.js';
import {URL_A} from './three-ages.js';

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
