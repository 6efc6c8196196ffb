import {describe, expect, it} from '@jest/globals';
import {moveClock} from '../../../../test-support/moved-clock.js';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {CachedSession} from '../../src/index.js';
import {indexOf, language, recordsOf, varyBy} from './varying-origin.js';

describe('the index of variants', () => {
	it('lives as long as its longest-lived variant', async () => {
		using clock = moveClock();
		const start = Date.now();
		await using origin = await startOrigin(varyBy('accept-language'));
		await using session = new CachedSession({expireAfter: 60});
		await session.get(origin.url, language('de'));
		expect((await indexOf(session)).expires).toBe(start + 60_000);
		await session.get(origin.url, {...language('fr'), expireAfter: 300});
		expect((await indexOf(session)).expires).toBe(start + 300_000);
		clock.advance(30);
		await session.get(origin.url, language('es'));
		expect((await indexOf(session)).expires).toBe(start + 300_000);

		clock.advance(70);
		expect(await session.deleteExpiredResponses()).toBe(2);
		expect(await session.get(origin.url, language('fr'))).toMatchObject({isFromCache: true});
		await session.get(origin.url, {...language('it'), expireAfter: -1});
		expect((await indexOf(session)).expires).toBeUndefined();
	});

	it('is extended with a variant that a 304 renews', async () => {
		using clock = moveClock();
		const byLanguage = varyBy('accept-language');
		await using origin = await startOrigin((request, response) =>
			request.headers['if-none-match'] ? {status: 304} : byLanguage(request, response),
		);
		await using session = new CachedSession({expireAfter: 60});
		await session.get(origin.url, language('de'));
		clock.advance(100);
		expect(await session.get(origin.url, language('de'))).toMatchObject({body: 'de', isFromCache: true});
		expect((await indexOf(session)).expires).toBe(Date.now() + 60_000);
		clock.advance(59);
		expect(await session.deleteExpiredResponses()).toBe(0);
		expect(await session.get(origin.url, language('de'))).toMatchObject({body: 'de', isFromCache: true});
		expect(origin.requests).toHaveLength(2);
	});

	it('takes all variants with it', async () => {
		await using origin = await startOrigin(varyBy('accept-language'));
		await using session = new CachedSession();
		await session.get(origin.url, language('de'));
		await session.get(origin.url, language('fr'));
		expect(await session.cache.delete((await indexOf(session)).key)).toBe(1);
		expect(await session.get(origin.url, language('de'))).toMatchObject({isFromCache: false});
		expect(await session.get(origin.url, language('fr'))).toMatchObject({isFromCache: false});
	});

	it('is counted by size, and not listed by filter', async () => {
		await using origin = await startOrigin(varyBy('accept-language'));
		await using session = new CachedSession();
		await session.get(origin.url, language('de'));
		await session.get(origin.url, language('fr'));
		expect(await session.cache.size()).toBe(3);
		const listed = [];
		for await (const entry of session.cache.filter()) {
			listed.push(entry.url);
		}
		expect(listed).toEqual([`${origin.url}/`, `${origin.url}/`]);
		expect(await session.cache.getUrls()).toEqual([`${origin.url}/`]);
	});

	it('is reached by deleteUrl, with its variants', async () => {
		await using origin = await startOrigin(varyBy('accept-language'));
		await using session = new CachedSession();
		await session.get(origin.url, language('de'));
		await session.get(origin.url, language('fr'));
		expect(await session.cache.deleteUrl(origin.url)).toBe(3);
		expect(await session.cache.size()).toBe(0);
	});
});

describe('secrets in Vary', () => {
	it.each([
		['Authorization', 'authorization', 'Bearer token-of-'],
		['Cookie', 'cookie', 'session=token-of-'],
		['an API key', 'x-api-key', 'token-of-'],
	])('%s: users are told apart without a record of what they sent', async (_name, field, secret) => {
		await using origin = await startOrigin(varyBy(field));
		for (const identity of [undefined, false] as const) {
			await using session = new CachedSession({identity});
			for (const isFromCache of [false, true]) {
				for (const user of ['anna', 'ben']) {
					const response = await session.get(origin.url, {headers: {[field]: `${secret}${user}`}});
					expect(response).toMatchObject({body: `${secret}${user}`, isFromCache});
				}
			}
			expect(JSON.stringify(await recordsOf(session))).not.toContain('token-of-');
			expect((await indexOf(session)).fields).toEqual([field]);
		}
	});
});
