import {describe, expect, it} from '@jest/globals';
import {moveClock} from '../../../../test-support/moved-clock.js';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {CachedSession} from '../../src/index.js';
import {comparable} from './ask-three-ways.js';
import {redirect, startChain, takeRequests} from './redirect-chain.js';

describe('the life of a chain', () => {
	it('ends with its first hop: the whole chain is asked for', async () => {
		await using origin = await startChain();
		using clock = moveClock();
		await using session = new CachedSession({expireAfter: 100, urlsExpireAfter: {'*/b': 10}});
		const first = await session.get(`${origin.url}/a`);
		clock.advance(11);
		takeRequests(origin);
		expect((await session.get(`${origin.url}/c`)).isFromCache).toBe(true);
		const second = await session.get(`${origin.url}/a`);
		expect(takeRequests(origin)).toEqual(['GET /a', 'GET /b', 'GET /c']);
		expect(comparable(second)).toEqual(comparable(first));
		expect((await session.get(`${origin.url}/a`)).isFromCache).toBe(true);
	});

	it('ends with its end: got starts from the first URL', async () => {
		await using origin = await startChain();
		using clock = moveClock();
		await using session = new CachedSession({expireAfter: 100, urlsExpireAfter: {'*/c': 10}});
		origin.route('/c', ({headers}) =>
			headers['if-none-match'] ? {status: 304} : {headers: {etag: '"c"'}, body: `c ${origin.requests.length}`},
		);
		await session.get(`${origin.url}/a`);
		clock.advance(11);
		takeRequests(origin);
		expect((await session.get(`${origin.url}/a`)).statusCode).toBe(200);
		expect(takeRequests(origin)).toEqual(['GET /a', 'GET /b', 'GET /c']);
	});

	it('is told by its end', async () => {
		await using origin = await startChain();
		using _clock = moveClock();
		await using session = new CachedSession({expireAfter: 100, urlsExpireAfter: {'*/c': 10, '*/a': 50}});
		const start = Date.now();
		await session.get(`${origin.url}/a`);
		expect((await session.get(`${origin.url}/a`)).expires).toEqual(new Date(start + 10_000));
	});

	it('does not take the answer of another URL for that to its own validation', async () => {
		await using origin = await startOrigin(({url, headers}) =>
			headers['if-none-match'] === '"1"' ? {status: 304} : {headers: {etag: '"1"'}, body: url},
		);
		using clock = moveClock();
		await using session = new CachedSession({expireAfter: 10});
		expect(await session.get(`${origin.url}/a`).text()).toBe('/a');
		clock.advance(11);
		redirect(origin, '/a', 302, '/b');
		expect(await session.get(`${origin.url}/a`)).toMatchObject({statusCode: 200, body: '/b', url: `${origin.url}/b`});
		expect(await session.get(`${origin.url}/a`)).toMatchObject({isFromCache: true, body: '/b'});
	});

	it('is over where the server answers in place of redirecting', async () => {
		await using origin = await startChain();
		await using session = new CachedSession();
		await session.get(`${origin.url}/a`);
		origin.route('/a', 'answer');
		expect(await session.get(`${origin.url}/a`, {forceRefresh: true}).text()).toBe('answer');
		expect(await session.get(`${origin.url}/a`)).toMatchObject({isFromCache: true, body: 'answer', redirectUrls: []});

		redirect(origin, '/a', 301, '/c');
		await session.get(`${origin.url}/a`, {forceRefresh: true});
		expect(await session.get(`${origin.url}/a`)).toMatchObject({isFromCache: true, url: `${origin.url}/c`});
	});

	it('is not that of a request that must not be cached', async () => {
		await using origin = await startChain();
		await using session = new CachedSession();
		await session.get(`${origin.url}/a`, {cache: false});
		await session.get(`${origin.url}/a`, {expireAfter: 0});
		expect(await session.cache.getUrls()).toEqual([]);
	});

	it('serves a stale end when the server cannot be reached', async () => {
		await using origin = await startChain();
		using clock = moveClock();
		await using session = new CachedSession({
			expireAfter: 100,
			urlsExpireAfter: {'*/c': 10},
			staleIfError: true,
			retry: {limit: 0},
		});
		const {body} = await session.get(`${origin.url}/a`);
		clock.advance(11);
		origin.route('/a', {status: 503});
		expect(await session.get(`${origin.url}/a`)).toMatchObject({isFromCache: true, isExpired: true, body});
		await origin.close();
		expect(await session.get(`${origin.url}/a`)).toMatchObject({isFromCache: true, isExpired: true, body});
	});
});
