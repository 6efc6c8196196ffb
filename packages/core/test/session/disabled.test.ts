import {setImmediate as turn} from 'node:timers/promises';
import {describe, expect, it} from '@jest/globals';
import {moveClock} from '../../../../test-support/moved-clock.js';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {CacheBackend, CachedSession} from '../../src/index.js';

describe('disabled()', () => {
	it('sends all requests of its callback, and stores nothing', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession();
		await session.get(`${origin.url}/stored`);
		await session.disabled(async () => {
			expect(await session.get(`${origin.url}/stored`)).toMatchObject({body: 'response 2', isFromCache: false});
			expect(await session.get(`${origin.url}/new`)).toMatchObject({body: 'response 3', cacheKey: undefined});
		});
		expect(await session.get(`${origin.url}/stored`)).toMatchObject({body: 'response 1', isFromCache: true});
		expect(await session.get(`${origin.url}/new`)).toMatchObject({body: 'response 4', isFromCache: false});
	});

	it('does not concern requests that run beside the callback', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession();
		await session.get(origin.url);
		const inside: unknown[] = [];
		const outside: unknown[] = [];
		const disabled = session.disabled(async () => {
			for (let index = 0; index < 5; index++) {
				inside.push((await session.get(origin.url)).isFromCache);
				await turn();
			}
		});
		for (let index = 0; index < 5; index++) {
			outside.push((await session.get(origin.url)).isFromCache);
			await turn();
		}
		await disabled;
		expect(inside).toEqual(Array(5).fill(false));
		expect(outside).toEqual(Array(5).fill(true));
		expect((await session.get(origin.url)).isFromCache).toBe(true);
	});

	it('does not share a request with one outside', async () => {
		await using origin = await startOrigin(() => ({body: `response ${origin.requests.length}`, delay: 20}));
		await using session = new CachedSession();
		const [inside, outside] = await Promise.all([
			session.disabled(() => session.get(origin.url)),
			session.get(origin.url),
		]);
		expect(inside).toMatchObject({isFromCache: false, cacheKey: undefined});
		expect(outside.cacheKey).toBeDefined();
		expect(origin.requests).toHaveLength(2);
	});

	it('reaches what the callback starts later and elsewhere', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession();
		await session.get(origin.url);
		const isFromCache = await session.disabled(async () => {
			await turn();
			const later = new Promise<boolean>((resolve, reject) => {
				setImmediate(() => session.get(origin.url).then(response => resolve(response.isFromCache), reject));
			});
			const together = await Promise.all([1, 2].map(async () => (await session.get(origin.url)).isFromCache));
			return [await later, ...together];
		});
		expect(isFromCache).toEqual([false, false, false]);
	});

	it('nests', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession();
		await session.get(origin.url);
		await session.disabled(async () => {
			await session.disabled(async () => {
				expect((await session.get(origin.url)).isFromCache).toBe(false);
			});
			expect((await session.get(origin.url)).isFromCache).toBe(false);
		});
		expect((await session.get(origin.url)).isFromCache).toBe(true);
	});

	it('runs several times at once', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession();
		await session.get(origin.url);
		const ask = (turns: number) =>
			session.disabled(async () => {
				for (let index = 0; index < turns; index++) {
					await turn();
				}
				return (await session.get(origin.url)).isFromCache;
			});
		expect(await Promise.all([ask(1), ask(10), ask(5)])).toEqual([false, false, false]);
		expect((await session.get(origin.url)).isFromCache).toBe(true);
	});

	it('is of one session only', async () => {
		await using origin = await startOrigin();
		const cache = new CacheBackend('two', {autoclose: false});
		await using session = new CachedSession({cache});
		await using other = new CachedSession({cache});
		await session.get(origin.url);
		await session.disabled(async () => {
			expect((await other.get(origin.url)).isFromCache).toBe(true);
			expect((await session.get(origin.url)).isFromCache).toBe(false);
		});
	});

	it('gives what the callback returns, promised or not', async () => {
		await using session = new CachedSession();
		expect(await session.disabled(() => 7)).toBe(7);
		expect(await session.disabled(async () => 'text')).toBe('text');
	});

	it.each([
		['throws', () => raise(new Error('mine'))],
		['rejects', () => Promise.reject(new Error('mine'))],
	])('ends when the callback %s, with its error', async (_how, callback) => {
		await using origin = await startOrigin();
		await using session = new CachedSession();
		await session.get(origin.url);
		await expect(session.disabled(callback)).rejects.toThrow('mine');
		expect((await session.get(origin.url)).isFromCache).toBe(true);
	});

	it('ends with the callback, even for what goes on behind it', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession();
		await session.get(origin.url);
		let later: Promise<boolean> | undefined;
		await session.disabled(() => {
			later = turn().then(async () => (await session.get(origin.url)).isFromCache);
		});
		expect(await later).toBe(true);
	});

	it('sends what onlyIfCached would not', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession({onlyIfCached: true});
		expect((await session.disabled(() => session.get(origin.url))).body).toBe('response 1');
	});
});

describe.each(['deleteExpiredResponses', 'removeExpiredResponses'] as const)('%s()', name => {
	it('removes what has expired, redirects included, and counts it', async () => {
		using clock = moveClock();
		await using origin = await startOrigin(({url}) =>
			url === '/from' ? {status: 302, headers: {location: '/to'}} : url,
		);
		await using session = new CachedSession({expireAfter: 60, urlsExpireAfter: {'*/long': 600}});
		await session.get(`${origin.url}/from`);
		await session.get(`${origin.url}/long`);
		expect(await session[name]()).toBe(0);
		clock.advance(60);
		expect(await session[name]()).toBe(2);
		expect(await session.cache.getUrls()).toEqual([`${origin.url}/long`]);
		expect(await session.get(`${origin.url}/long`)).toMatchObject({isFromCache: true});
	});
});

function raise(error: Error): never {
	throw error;
}
