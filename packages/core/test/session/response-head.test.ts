import {describe, expect, it} from '@jest/globals';
import {moveClock} from '../../../../test-support/moved-clock.js';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {CachedSession} from '../../src/index.js';
import {expectSameResponse} from './expect-same.js';

describe('the head', () => {
	it('has the fields as node:http gives them, repeated ones too', async () => {
		const repeated = [
			'X-A',
			'Set-Cookie',
			'Expires',
			'ETag',
			'Age',
			'Link',
			'Server',
			'Content-Type',
			'Cookie',
			'Vary',
		];
		await using origin = await startOrigin((_, response) => {
			const fields = repeated.flatMap((name, index) => [name, `${index};a`, name.toLowerCase(), `${index};b`]);
			response.writeHead(200, ['X-Case', 'Kept', ...fields, 'constructor', 'y', 'X-A', 'last']);
			response.end('x');
			return undefined;
		});
		const response = await expectSameResponse(origin, client => client.get(origin.url));
		expect(response.headers['set-cookie']).toEqual(['1;a', '1;b']);
		expect(response.headers['x-a']).toBe('0;a, 0;b, last');
		expect(Object.getPrototypeOf(response.headers)).toBe(Object.prototype);
	});

	it('has the words of the server, or those of the standard', async () => {
		await using origin = await startOrigin((_, response) => {
			response.writeHead(200, 'Very well').end('x');
			return undefined;
		});
		expect((await expectSameResponse(origin, client => client.get(origin.url))).statusMessage).toBe('Very well');
		origin.fallback((_, response) => {
			response.socket?.end('HTTP/1.1 200 \r\nContent-Length: 1\r\n\r\nx');
			return undefined;
		});
		expect((await expectSameResponse(origin, client => client.get(origin.url))).statusMessage).toBe('OK');
	});

	it.each(['/a b?q=ü#fragment', '/?b=2&a=1', '', '/%7Eüser/../x'])('has the URLs as got gives them: %p', async path => {
		await using origin = await startOrigin('x');
		await expectSameResponse(origin, client => client.get(`${origin.url}${path}`));
		await expectSameResponse(origin, client => client.get(new URL(`${origin.url}${path}`), {searchParams: {s: 'ß'}}));
	});

	it('has timings and a retry count', async () => {
		await using origin = await startOrigin('x');
		await using session = new CachedSession();
		await session.get(origin.url);
		const hit = await session.get(origin.url);
		expect(hit).toMatchObject({retryCount: 0, timings: {start: expect.any(Number), phases: {total: 0}}});
		expect(hit.request).toMatchObject({retryCount: 0, redirectUrls: [], response: {statusCode: 200}});
		expect(hit.request.options.url).toEqual(new URL(origin.url));
	});
});

describe('what every response tells of the cache', () => {
	it('of a miss, a hit, a stale response and one that is not stored', async () => {
		await using origin = await startOrigin();
		using clock = moveClock();
		await using session = new CachedSession({expireAfter: 10, staleIfError: true});
		const start = Date.now();
		const miss = await session.get(origin.url);
		clock.advance(5);
		const hit = await session.get(origin.url);
		for (const response of [miss, hit]) {
			expect(response.createdAt).toEqual(new Date(start));
			expect(response.expires).toEqual(new Date(start + 10_000));
			expect(response.isExpired).toBe(false);
			expect(response.cacheKey).toBe(await session.cache.createKey(origin.url));
		}
		expect([miss.isFromCache, hit.isFromCache]).toEqual([false, true]);

		clock.advance(6);
		expect([miss.isExpired, hit.isExpired]).toEqual([true, true]);
		const stale = await session.get(origin.url, {onlyIfCached: true});
		expect(stale).toMatchObject({isFromCache: true, isExpired: true, createdAt: new Date(start)});

		for (const options of [{cache: false}, {expireAfter: 0}, {method: 'POST'}] as const) {
			const uncached = await session.request(origin.url, options);
			expect(uncached).toMatchObject({isFromCache: false, isExpired: false, createdAt: new Date(start + 11_000)});
			expect([uncached.expires, uncached.cacheKey]).toEqual([undefined, undefined]);
		}
	});

	it('of one that never expires', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession();
		for (const response of [await session.get(origin.url), await session.get(origin.url)]) {
			expect(response.expires).toBeUndefined();
			expect(response.isExpired).toBe(false);
		}
	});

	it('of one that only-if-cached could not find', async () => {
		await using session = new CachedSession();
		const response = await session.get('http://127.0.0.1:1/', {onlyIfCached: true, throwHttpErrors: false});
		expect(response).toMatchObject({statusCode: 504, isFromCache: false, ok: false, cacheKey: undefined, body: ''});
	});
});
