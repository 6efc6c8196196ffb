import {describe, expect, it} from '@jest/globals';
import {MaxRedirectsError} from 'got';
import {GOT_MAJOR} from '../../../../test-support/got-version.js';
import {moveClock} from '../../../../test-support/moved-clock.js';
import {type Origin, type RecordedRequest, startOrigin} from '../../../../test-support/origin-server.js';
import {CachedSession, type CachedSessionOptions, type RequestOptions} from '../../src/index.js';
import {askThreeWays, comparable, comparableError, type Outcome} from './ask-three-ways.js';

type Call = (client: CachedSession) => PromiseLike<unknown>;

/** Redirects a path. */
function redirect(origin: Origin, path: string, status: number, location: string, headers: object = {}): void {
	origin.route(path, {status, headers: {location, ...headers}});
}

/** An origin where /a leads to /b, and /b to /c, which says what was sent to it. */
async function startChain(status = 302): Promise<Origin> {
	const origin = await startOrigin(({method, body}) => `${method} ${body} ${origin.requests.length}`);
	redirect(origin, '/a', status, `${origin.url}/b`);
	redirect(origin, '/b', status, '/c');
	origin.route('/c', ({method, url, body}) => ({body: {method, url, body: body.toString()}}));
	return origin;
}

/** What was asked since the last time. */
function takeRequests(origin: Origin): string[] {
	return origin.requests.splice(0).map(({method, url}) => `${method} ${url}`);
}

/** That got and a miss send the same, a hit sends nothing, and all give the same. */
async function expectSame(origin: Origin, call: Call, options?: CachedSessionOptions): Promise<string[]> {
	const {plain, miss, hit} = await askThreeWays(call, options);
	expect(comparable(miss.value)).toEqual(comparable(plain.value));
	expect(comparable(hit.value)).toEqual(comparable(plain.value));
	expect(hit.value).toMatchObject({isFromCache: true});
	const sent = origin.requests.splice(0).map(withoutConnection);
	expect(sent.slice(sent.length / 2)).toEqual(sent.slice(0, sent.length / 2));
	return sent.slice(0, sent.length / 2).map(({method, url}) => `${method} ${url}`);
}

function withoutConnection(request: RecordedRequest): RecordedRequest {
	const {connection: _connection, ...headers} = request.headers;
	return {...request, headers};
}

describe('a chain of redirects', () => {
	it.each([301, 302, 303, 307, 308])(
		'by %d is served from the cache, with the URLs as got gives them',
		async status => {
			await using origin = await startChain(status);
			expect(await expectSame(origin, client => client.get(`${origin.url}/a`))).toEqual(['GET /a', 'GET /b', 'GET /c']);
			await expectSame(origin, client => client.head(`${origin.url}/a`));
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
		await expectSame(origin, client => client.get(`${origin.url}/dir/start`));
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

describe('followRedirect: false', () => {
	const options = {followRedirect: false} as const;

	it('stores nothing, and reads no hop, unless its status is allowed', async () => {
		await using origin = await startChain();
		await using session = new CachedSession();
		await session.get(`${origin.url}/a`);
		takeRequests(origin);
		for (let call = 0; call < 2; call++) {
			const response = await session.get(`${origin.url}/a`, options);
			expect(response).toMatchObject({isFromCache: false, statusCode: 302, redirectUrls: []});
			expect(response.headers.location).toBe(`${origin.url}/b`);
		}
		expect(takeRequests(origin)).toEqual(['GET /a', 'GET /a']);
		expect((await session.get(`${origin.url}/a`)).isFromCache).toBe(true);
	});

	it('stores and serves its own 3xx where that is allowed', async () => {
		await using origin = await startChain();
		const call: Call = client => client.get(`${origin.url}/a`, options);
		expect(await expectSame(origin, call, {allowedCodes: [200, 302]})).toEqual(['GET /a']);
		const never = () => false;
		const throwing: Call = client => client.get(`${origin.url}/a`, {followRedirect: never});
		expect(await expectSame(origin, throwing, {allowedCodes: [200, 302]})).toEqual(['GET /a']);
	});

	it('stores what a call that follows redirects then follows', async () => {
		await using origin = await startChain();
		await using session = new CachedSession({allowedCodes: [200, 302]});
		await session.get(`${origin.url}/a`, options);
		await session.get(`${origin.url}/b`, options);
		const {body} = await session.get(`${origin.url}/c`);
		takeRequests(origin);
		const followed = await session.get(`${origin.url}/a`);
		expect(followed).toMatchObject({isFromCache: true, statusCode: 200, body, url: `${origin.url}/c`});
		expect(followed.redirectUrls.map(String)).toEqual([`${origin.url}/b`, `${origin.url}/c`]);
		expect(takeRequests(origin)).toEqual([]);
	});

	it.each<[string, string]>([
		['in UTF-8', Buffer.from('/ü?ß').toString('latin1')],
		['to another query', '?step=2'],
	])('stores a Location %s that is followed as got follows it', async (_, location) => {
		await using origin = await startOrigin(({url}) => url);
		const start = `${origin.url}/start;jsessionid=secret`;
		origin.fallback(({url}) =>
			url.endsWith('secret') ? {status: 302, headers: {location}} : {body: url, headers: {etag: '"x"'}},
		);
		await using session = new CachedSession({allowedCodes: [200, 302]});
		await using other = new CachedSession();
		const expected = await other.get(start);
		await session.get(expected.url);
		await session.get(start, options);
		takeRequests(origin);
		const actual = await session.get(start);
		expect(takeRequests(origin)).toEqual([]);
		expect(comparable(actual)).toEqual(comparable(expected));
	});

	it('and its stored answer do not disturb those who follow at the same time', async () => {
		await using origin = await startChain();
		await using session = new CachedSession({allowedCodes: [200, 302]});
		const [own, followed, ownToo] = await Promise.all([
			session.get(`${origin.url}/a`, options),
			session.get(`${origin.url}/a`),
			session.get(`${origin.url}/a`, options),
		]);
		expect([own.statusCode, followed.statusCode, ownToo.statusCode]).toEqual([302, 200, 302]);
		const [followedFirst, last] = await Promise.all([
			session.get(`${origin.url}/b`),
			session.get(`${origin.url}/b`, options),
		]);
		expect([followedFirst.statusCode, last.statusCode]).toEqual([200, 302]);
	});

	it('as a function is asked by got, for every redirect', async () => {
		await using origin = await startChain();
		await using session = new CachedSession();
		await session.get(`${origin.url}/a`);
		takeRequests(origin);
		const followRedirect = ({url}: {url: string}) => url.endsWith('/a');
		const expected = await new CachedSession().get(`${origin.url}/a`, {followRedirect});
		const actual = await session.get(`${origin.url}/a`, {followRedirect});
		expect(actual).toMatchObject({statusCode: 302, url: `${origin.url}/b`});
		expect(comparable(actual)).toEqual(comparable(expected));
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
		const sent = await expectSame(origin, call, settings);
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
