/** What redirects are to a caller is the same whether it asks a session, a stream of it, or its instance of got: that of got. */
import {describe, expect, it} from '@jest/globals';
import got, {type Got, type RequestError, type Response} from 'got';
import {CookieJar} from 'tough-cookie';
import {type Origin, startOrigin} from '../../../../test-support/origin-server.js';
import {CachedSession, type RequestOptions, type SessionStream} from '../../src/index.js';
import {textOf} from './streams/read-stream.js';

type Ask = (session: CachedSession, url: string, options: RequestOptions) => Promise<object>;

/** What a response or an error says of the way to it. */
function seen({statusCode, url, requestUrl, redirectUrls, request}: Response, body: unknown): object {
	return {
		statusCode,
		url: url.replace(/\/\/.*@/, '//'),
		requestUrl: String(requestUrl),
		redirectUrls: redirectUrls.map(String),
		method: request.options.method,
		finalUrl: String(request.options.url).replace(/\/\/.*@/, '//'),
		body,
	};
}

function failed(error: RequestError): object {
	const {name, message, code, response} = error;
	return {name, message, code, at: response && seen(response, undefined)};
}

const byPromise = (promise: PromiseLike<unknown>) =>
	Promise.resolve(promise).then(response => seen(response as Response, (response as Response).body), failed);

const byStream = (stream: ReturnType<Got['stream']> | SessionStream) =>
	textOf(stream).then(
		body => ({
			...seen(stream.response as Response, body),
			own: [String(stream.requestUrl), ...stream.redirectUrls.map(String)],
		}),
		failed,
	);

type Asked = [url: string, options: object];

// got has a type for every way to be asked.
const askGot = (...asked: Asked) => byPromise((got as unknown as (...asked: Asked) => PromiseLike<unknown>)(...asked));
const streamGot = (...asked: Asked) => byStream(got.stream(...asked));

const ways: Array<[string, Ask, (...asked: Asked) => Promise<object>]> = [
	['a session', (session, ...asked) => byPromise(session.request(...asked)), askGot],
	['a stream', (session, ...asked) => byStream(session.stream(...asked)), streamGot],
	['its instance of got', (session, url, options) => byPromise(session.toGot()(url, options as object)), askGot],
	['a stream of that', (session, url, options) => byStream(session.toGot().stream(url, options as object)), streamGot],
];

/** `/a` leads to `/b`, and that to the other origin, which says what it was sent. */
async function startChain(status = 302): Promise<{first: Origin; second: Origin} & AsyncDisposable> {
	const second = await startOrigin(({method, url, headers, body}) => ({
		body: {method, url, body: body.toString(), user: headers.authorization, cookie: headers.cookie},
	}));
	const first = await startOrigin();
	first.route('/a', {status, headers: {location: '/b?x=1'}});
	first.route('/b', {status, headers: {location: `${second.url}/c`}});
	const close = async () => {
		await first.close();
		await second.close();
	};
	return {first, second, [Symbol.asyncDispose]: close};
}

describe.each(ways)('%s', (_, ask, askPlain) => {
	it.each<[string, RequestOptions, number]>([
		['follows', {}, 0],
		['follows as many as it may', {maxRedirects: 2}, 0],
		['does not follow', {followRedirect: false}, 0],
		['drops credentials on the way to another origin', {headers: {authorization: 'Bearer a', cookie: 'a=1'}}, 0],
		['drops user and password', {username: 'anna', password: 'secret'}, 0],
		['sends POST on', {method: 'POST', json: {a: 1}}, 0],
		['rewrites methods', {method: 'POST', json: {a: 1}, methodRewriting: true}, 0],
		['keeps HEAD', {method: 'HEAD'}, 0],
		// got starts from the first URL.
		['follows no more than it may', {maxRedirects: 1}, 2],
		['follows none where none is allowed', {maxRedirects: 0}, 1],
		['asks a function', {followRedirect: ({url}) => url.endsWith('/a')}, 2],
		['asks a function that refuses', {followRedirect: () => false}, 0],
	])('%s', async (_name, options, sentByHit) => {
		await using origins = await startChain();
		const {first, second} = origins;
		const retry = {limit: 0};
		const expected = await askPlain(`${first.url}/a`, {...options, retry});
		await using session = new CachedSession({
			retry,
			allowedCodes: [200, 302],
			allowedMethods: ['GET', 'HEAD', 'POST'],
		});
		expect(await ask(session, `${first.url}/a`, options)).toEqual(expected);
		first.requests.length = 0;
		second.requests.length = 0;
		expect(await ask(session, `${first.url}/a`, options)).toEqual(expected);
		expect([first.requests.length, second.requests.length]).toEqual([sentByHit, 0]);
	});

	it.each([301, 303, 307, 308])('follows a stored %d', async status => {
		await using origins = await startChain(status);
		const {first, second} = origins;
		const expected = await askPlain(`${first.url}/a`, {});
		await using session = new CachedSession();
		await session.get(`${first.url}/a`);
		const sent = first.requests.length + second.requests.length;
		expect(await ask(session, `${first.url}/a`, {})).toEqual(expected);
		expect(first.requests.length + second.requests.length).toBe(sent);
	});

	it('takes the cookies of the jar for each URL', async () => {
		await using origins = await startChain();
		const {first, second} = origins;
		// A jar does not tell ports apart.
		first.route('/b', {status: 302, headers: {location: `${second.url.replace('127.0.0.1', 'localhost')}/c`}});
		const cookieJar = new CookieJar();
		await cookieJar.setCookie('mine=first', first.url);
		await cookieJar.setCookie('mine=second', second.url.replace('127.0.0.1', 'localhost'));
		await using session = new CachedSession({dnsLookupIpVersion: 4});
		for (let call = 0; call < 2; call++) {
			const {body} = (await ask(session, `${first.url}/a`, {cookieJar})) as {body: string};
			expect(JSON.parse(body)).toMatchObject({cookie: 'mine=second'});
		}
		expect([first.requests.length, second.requests.length]).toEqual([2, 1]);
	});
});
