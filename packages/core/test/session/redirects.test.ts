import {describe, expect, it} from '@jest/globals';
import {MaxRedirectsError} from 'got';
import {GOT_MAJOR} from '../../../../test-support/got-version.js';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {CachedSession, type RequestOptions} from '../../src/index.js';
import {askThreeWays, comparable, comparableError, type Outcome} from './ask-three-ways.js';
import type {Call} from './redirect-chain.js';
import {expectSameChain, redirect, startChain, takeRequests} from './redirect-chain.js';

describe('a chain of redirects', () => {
	it.each([301, 302, 303, 307, 308])(
		'by %d is served from the cache, with the URLs as got gives them',
		async status => {
			await using origin = await startChain(status);
			expect(await expectSameChain(origin, client => client.get(`${origin.url}/a`))).toEqual([
				'GET /a',
				'GET /b',
				'GET /c',
			]);
			await expectSameChain(origin, client => client.head(`${origin.url}/a`));
		},
	);

	it('is stored hop by hop: every URL of it is answered', async () => {
		await using origin = await startChain();
		await using session = new CachedSession();
		const first = await session.get(`${origin.url}/a`);
		takeRequests(origin);
		const fromB = await session.get(`${origin.url}/b`);
		const fromC = await session.get(`${origin.url}/c`);
		expect(takeRequests(origin)).toEqual([]);
		expect([fromB.body, fromC.body]).toEqual([first.body, first.body]);
		expect([fromB.redirectUrls, fromC.redirectUrls]).toEqual([[new URL(`${origin.url}/c`)], []]);
		expect(new Set([first.cacheKey, fromB.cacheKey, fromC.cacheKey]).size).toBe(1);
	});

	it('uses what was stored of its end, once its hops are known', async () => {
		await using origin = await startChain();
		await using session = new CachedSession();
		await session.get(`${origin.url}/a`);
		await session.cache.deleteUrl(`${origin.url}/c`);
		takeRequests(origin);
		expect((await session.get(`${origin.url}/a`)).isFromCache).toBe(false);
		expect(takeRequests(origin)).toEqual(['GET /a', 'GET /b', 'GET /c']);
	});

	it.each<[string, string]>([
		['relative to the path', 'sub/x'],
		['upwards', '../up'],
		['of another query', '?page=2'],
		['without a scheme', '//HOST/other'],
		['with a fragment', '/end#fragment'],
		['in UTF-8', Buffer.from('/ü?ß').toString('latin1')],
		['with spaces', '/a b'],
	])('may have a Location %s', async (_, location) => {
		await using origin = await startOrigin(({url}) => (url === '/dir/start' ? '' : url));
		const {host} = new URL(origin.url);
		origin.route('/dir/start', ({url}) =>
			url.includes('?') ? url : {status: 302, headers: {location: location.replace('HOST', host)}},
		);
		await expectSameChain(origin, client => client.get(`${origin.url}/dir/start`));
	});

	// got 14 follows it; from 15 on a 300 is an error, and a 304 an answer.
	it.each([300, 304])('by %d is not remembered', async status => {
		await using origin = await startOrigin('end');
		redirect(origin, '/a', status, '/b');
		const {plain, miss, hit} = await askThreeWays(client => client.get(`${origin.url}/a`));
		const seen = ({value, error}: Outcome) => (error ? comparableError(error) : comparable(value));
		expect(seen(miss)).toEqual(seen(plain));
		expect(seen(hit)).toEqual(seen(plain));
		expect(plain.error?.name).toBe(GOT_MAJOR >= 15 && status === 300 ? 'HTTPError' : undefined);
		expect(takeRequests(origin).filter(line => line === 'GET /a')).toHaveLength(3);
	});

	it('is chosen by the Vary of its hops', async () => {
		await using origin = await startOrigin(({url}) => url);
		origin.route('/', ({headers}) => ({
			status: 302,
			headers: {location: `/${headers['accept-language']}`, vary: 'accept-language'},
		}));
		await using session = new CachedSession();
		const ask = (language: string) => session.get(origin.url, {headers: {'accept-language': language}}).text();
		for (let round = 0; round < 2; round++) {
			expect([await ask('en'), await ask('de')]).toEqual(['/en', '/de']);
		}
		expect(origin.requests).toHaveLength(4);
	});

	it('with a hop that varies by everything is asked for again', async () => {
		await using origin = await startOrigin(({url}) => url);
		redirect(origin, '/a', 302, '/b', {vary: '*'});
		await using session = new CachedSession();
		await session.get(`${origin.url}/a`);
		await session.get(`${origin.url}/a`);
		expect(takeRequests(origin).filter(line => line === 'GET /a')).toHaveLength(2);
	});
});

describe('too many redirects', () => {
	it("are got's MaxRedirectsError, in a loop too", async () => {
		await using origin = await startChain();
		redirect(origin, '/c', 302, '/a');
		const {plain, miss, hit} = await askThreeWays(client => client.get(`${origin.url}/a`));
		expect(plain.error).toBeInstanceOf(MaxRedirectsError);
		expect(comparableError(miss.error)).toEqual(comparableError(plain.error));
		expect(comparableError(hit.error)).toEqual(comparableError(plain.error));
		expect(origin.requests).toHaveLength(33);
	});

	it.each([0, 1, 2])('for maxRedirects: %d are so whatever is stored', async maxRedirects => {
		await using origin = await startChain();
		await using session = new CachedSession();
		await session.get(`${origin.url}/a`);
		const call: Call = client => client.get(`${origin.url}/a`, {maxRedirects});
		const {plain, miss, hit} = await askThreeWays(call, {cache: session.cache, autoclose: false});
		if (maxRedirects < 2) {
			expect(plain.error).toBeInstanceOf(MaxRedirectsError);
			expect(comparableError(miss.error)).toEqual(comparableError(plain.error));
			expect(comparableError(hit.error)).toEqual(comparableError(plain.error));
		} else {
			expect(comparable(miss.value)).toEqual(comparable(plain.value));
			expect([miss, hit].map(({value}) => (value as {isFromCache: boolean}).isFromCache)).toEqual([true, true]);
		}
	});

	it('in a loop that is stored end with what the server says now', async () => {
		await using origin = await startChain();
		redirect(origin, '/c', 302, '/a');
		await using session = new CachedSession({allowedCodes: [200, 302]});
		for (const path of ['/a', '/b', '/c']) {
			await session.get(`${origin.url}${path}`, {followRedirect: false});
		}
		await expect(session.get(`${origin.url}/a`)).rejects.toBeInstanceOf(MaxRedirectsError);
		origin.route('/c', 'the end');
		expect(await session.get(`${origin.url}/a`).text()).toBe('the end');
	});
});

describe('a redirected POST', () => {
	const settings = {allowedMethods: ['GET', 'POST']};

	it.each<[number, RequestOptions, string]>([
		[301, {}, 'POST'],
		[302, {}, 'POST'],
		[303, {}, 'GET'],
		[307, {}, 'POST'],
		[308, {}, 'POST'],
		[301, {methodRewriting: true}, 'GET'],
		[302, {methodRewriting: true}, 'GET'],
		[307, {methodRewriting: true}, 'POST'],
	])('by %d with %p goes on as %3$s', async (status, options, method) => {
		await using origin = await startChain(status);
		const call: Call = client => client.post(`${origin.url}/a`, {json: {a: 1}, ...options});
		const sent = await expectSameChain(origin, call, settings);
		expect(sent).toEqual(['POST /a', `${method} /b`, `${method} /c`]);
	});

	it('shares with no other body', async () => {
		await using origin = await startChain(307);
		await using session = new CachedSession(settings);
		const one = await session.post(`${origin.url}/a`, {json: {a: 1}}).text();
		const two = await session.post(`${origin.url}/a`, {json: {a: 2}}).text();
		expect([one, two].map(text => JSON.parse(text).body)).toEqual(['{"a":1}', '{"a":2}']);
		expect(await session.post(`${origin.url}/a`, {json: {a: 1}}).text()).toBe(one);
		expect(origin.requests).toHaveLength(6);
	});

	it('that becomes a GET leaves its end for those who GET it', async () => {
		await using origin = await startChain(303);
		await using session = new CachedSession(settings);
		const {body} = await session.post(`${origin.url}/a`, {json: {a: 1}});
		takeRequests(origin);
		expect(await session.get(`${origin.url}/c`)).toMatchObject({isFromCache: true, body});
	});

	it('is not answered where POST is not cached', async () => {
		await using origin = await startChain(303);
		await using session = new CachedSession();
		await session.post(`${origin.url}/a`, {json: {a: 1}});
		await session.post(`${origin.url}/a`, {json: {a: 1}});
		expect(takeRequests(origin).filter(line => line === 'POST /a')).toHaveLength(2);
	});
});
