/** What becomes of a request on its way along redirects is not the same in all versions of got: a session does what this one does. */
import {describe, expect, it} from '@jest/globals';
import {CookieJar} from 'tough-cookie';
import {GOT_MAJOR} from '../../../../../test-support/got-version.js';
import {type Origin, startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession, type CachedSessionOptions, type RequestOptions} from '../../../src/index.js';
import {askThreeWays, comparable, outcomeOf} from '../ask-three-ways.js';
import {ask} from './expect-same.js';

const postable: CachedSessionOptions = {allowedMethods: ['GET', 'HEAD', 'POST', 'PUT', 'QUERY']};

/** Says what it was sent. */
function startMirror(): Promise<Origin> {
	return startOrigin(({method, url, headers, body}) => ({
		headers: {'x-method': method},
		body: {
			method,
			url,
			body: body.toString(),
			type: headers['content-type'],
			user: headers.authorization,
			proxy: headers['proxy-authorization'],
			cookie: headers.cookie,
		},
	}));
}

/** That a call along redirects ends alike for got, a miss and a hit, and that the hit asked nobody. @returns the body */
async function expectSameEnd(
	origins: readonly Origin[],
	call: (client: CachedSession) => PromiseLike<unknown>,
): Promise<Record<string, string>> {
	const {plain, miss, hit} = await askThreeWays(call, postable);
	expect(comparable(miss.value)).toEqual(comparable(plain.value));
	expect(comparable(hit.value)).toEqual(comparable(plain.value));
	expect(hit.value).toMatchObject({isFromCache: true});
	expect(origins.map(({requests}) => requests.length)).toEqual(origins.map(() => 2));
	const {body} = hit.value as {body: string};
	return body === '' ? {} : JSON.parse(body);
}

const requests: Array<[string, RequestOptions]> = [
	['GET', {}],
	['HEAD', {method: 'HEAD'}],
	['POST without a body', {method: 'POST'}],
	['POST with JSON', {method: 'POST', json: {a: 1}}],
	['PUT with a text', {method: 'PUT', body: 'text'}],
];

describe.each([301, 302, 303, 307, 308])('a %d', status => {
	describe.each(requests)('of a %s', (_, options) => {
		it.each([false, true])('to another origin; methodRewriting: %p', async methodRewriting => {
			await using first = await startMirror();
			await using second = await startMirror();
			first.route('/', {status, headers: {location: `${second.url}/end`}});
			await expectSameEnd([first, second], client => ask(client, first.url, {...options, methodRewriting}));
		});

		it('within its origin, with methodRewriting', async () => {
			await using origin = await startMirror();
			origin.route('/', {status, headers: {location: '/end'}});
			const {plain, miss, hit} = await askThreeWays(
				client => ask(client, origin.url, {...options, methodRewriting: true}),
				postable,
			);
			expect([comparable(miss.value), comparable(hit.value)]).toEqual([
				comparable(plain.value),
				comparable(plain.value),
			]);
			expect(origin.requests).toHaveLength(4);
		});
	});
});

describe('to another origin', () => {
	it('a POST becomes a GET from got 15 on', async () => {
		await using first = await startMirror();
		await using second = await startMirror();
		first.route('/', {status: 302, headers: {location: `${second.url}/end`}});
		const end = await expectSameEnd([first, second], client => client.post(first.url, {json: {a: 1}}));
		expect(end).toMatchObject(GOT_MAJOR < 15 ? {method: 'POST', body: '{"a":1}'} : {method: 'GET', body: ''});
	});

	it('credentials are dropped, those for a proxy from got 15 on', async () => {
		await using first = await startMirror();
		await using second = await startMirror();
		first.route('/', {status: 302, headers: {location: `${second.url}/end`}});
		const headers = {authorization: 'Bearer a', cookie: 'a=1', 'proxy-authorization': 'Bearer p'};
		const end = await expectSameEnd([first, second], client => client.get(first.url, {headers}));
		expect(end).not.toHaveProperty('user');
		expect(end).not.toHaveProperty('cookie');
		expect(end['proxy']).toBe(GOT_MAJOR < 15 ? 'Bearer p' : undefined);
	});
});

describe('a fragment', () => {
	it.each(['/end', '/end#other', '/end#'])('of the first URL goes along to %s from got 16 on', async location => {
		await using origin = await startMirror();
		origin.route('/', {status: 301, headers: {location}});
		const call = (fragment: string) => (client: CachedSession) => client.get(`${origin.url}/${fragment}`);
		const {plain, miss, hit} = await askThreeWays(call('#mine'));
		expect([comparable(miss.value), comparable(hit.value)]).toEqual([comparable(plain.value), comparable(plain.value)]);
		const {hash} = new URL((hit.value as {url: string}).url);
		expect(hash).toBe(location === '/end#other' ? '#other' : GOT_MAJOR >= 16 && location === '/end' ? '#mine' : '');
	});

	it('of one who asked is not given to the next', async () => {
		await using origin = await startMirror();
		origin.route('/', {status: 301, headers: {location: '/end'}});
		await using session = new CachedSession();
		await session.get(`${origin.url}/#first`);
		const second = await session.get(`${origin.url}/#second`);
		const third = await session.get(origin.url);
		expect([second.isFromCache, third.isFromCache]).toEqual([true, true]);
		expect(new URL(second.url).hash).toBe(GOT_MAJOR < 16 ? '' : '#second');
		expect(third.redirectUrls.map(String)).toEqual([`${origin.url}/end`]);
		expect(third.url).toBe(`${origin.url}/end`);
	});
});

describe('a Unix socket', () => {
	it('is not where a stored redirect leads, whatever is stored for it', async () => {
		await using origin = await startOrigin({status: 302, headers: {location: 'http://unix:/nowhere/socket:/secret'}});
		const {plain, miss, hit} = await askThreeWays(client => client.get(origin.url, {retry: {limit: 0}}));
		expect(plain.error?.message).toBe('Cannot redirect to UNIX socket');
		expect([miss.error?.message, hit.error?.message]).toEqual([plain.error?.message, plain.error?.message]);
		await using session = new CachedSession({allowedCodes: [200, 302]});
		await session.get(origin.url, {followRedirect: false});
		await session.cache.save('http://unix:/nowhere/socket:/secret', {body: 'secret'});
		const {error} = await outcomeOf(session.get(origin.url, {retry: {limit: 0}}));
		expect(error?.message).toBe(plain.error?.message);
	});
});

describe('a cookie jar', () => {
	it('says what is sent to each URL', async () => {
		await using origin = await startMirror();
		origin.route('/a', {status: 302, headers: {location: '/b'}});
		const jar = new CookieJar();
		await jar.setCookie('only=a; Path=/a', `${origin.url}/a`);
		await jar.setCookie('always=1', origin.url);
		const end = await expectSameEnd([], client => client.get(`${origin.url}/a`, {cookieJar: jar}));
		expect(end['cookie']).toBe('always=1');
	});

	it('that has no cookie for the next URL', async () => {
		await using origin = await startMirror();
		origin.route('/a', {status: 302, headers: {location: '/b'}});
		const jar = new CookieJar();
		await jar.setCookie('only=a; Path=/a', `${origin.url}/a`);
		const end = await expectSameEnd([], client => client.get(`${origin.url}/a`, {cookieJar: jar}));
		// Until 15, got goes on with what it had.
		expect(end['cookie']).toBe(GOT_MAJOR < 16 ? 'only=a' : undefined);
	});
});
