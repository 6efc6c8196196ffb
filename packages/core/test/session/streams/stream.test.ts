import {once} from 'node:events';
import type {Duplex} from 'node:stream';
import {setTimeout as sleep} from 'node:timers/promises';
import {gzipSync} from 'node:zlib';
import {describe, expect, it} from '@jest/globals';
import got, {HTTPError, RequestError} from 'got';
import {type Origin, startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession, ClientSession, type RequestOptions, type SessionStream} from '../../../src/index.js';
import {eventsOf, failureOf, textOf} from './read-stream.js';

const EVENTS = ['request', 'response', 'redirect', 'downloadProgress', 'error', 'end'];

/** What a caller sees of a stream from its beginning to its end. */
async function observe(stream: Duplex & Partial<SessionStream>) {
	const events = eventsOf(stream, EVENTS);
	let error: Error | undefined;
	const body = await textOf(stream).catch((reason: Error) => {
		error = reason;
		return undefined;
	});
	const {response, isFromCache: _, ...rest} = stream;
	await sleep(1);
	return {
		body,
		events: events.filter((event, index) => !event.startsWith('downloadProgress') || events[index - 1] !== event),
		error: error && {name: error.name, message: error.message, code: (error as RequestError).code},
		errorBody: (error as RequestError | undefined)?.response?.body,
		statusCode: response?.statusCode,
		headers: response && {...response.headers, date: undefined},
		url: response?.url,
		redirectUrls: stream.redirectUrls?.map(String),
		requestUrl: stream.requestUrl?.href,
		ok: response?.ok,
		// got 14 does not count the body of an error.
		downloadProgress: error ? undefined : stream.downloadProgress,
		retryCount: stream.retryCount,
		isReadonly: stream.isReadonly,
		noBodyInHead: response?.body === undefined && Object.keys(rest).length >= 0,
	};
}

async function startSite(): Promise<Origin> {
	const origin = await startOrigin('plain text');
	origin.route('/chunked', (_, response) => void response.end('no length'));
	origin.route('/empty', '');
	origin.route('/gzip', {headers: {'content-encoding': 'gzip'}, body: gzipSync('was coded')});
	origin.route('/none', {status: 204});
	origin.route('/moved', {status: 302, headers: {location: '/there'}, body: 'moved'});
	origin.route('/missing', {status: 404, body: 'no such page'});
	origin.route('/echo', ({method, body, headers}) => `${method} ${headers['content-type']} ${body}`);
	return origin;
}

describe('a stream is what got gives', () => {
	it.each<[string, string, RequestOptions]>([
		['a body with a length', '/', {}],
		['a body without one', '/chunked', {}],
		['an empty body', '/empty', {}],
		['a coded body', '/gzip', {}],
		['a coded body that stays so', '/gzip', {decompress: false}],
		['204', '/none', {}],
		['HEAD', '/', {method: 'HEAD'}],
		['a redirect', '/moved', {}],
		['a redirect that is not followed', '/moved', {followRedirect: false}],
		['an error status', '/missing', {}],
		['an error status that is no error', '/missing', {throwHttpErrors: false}],
		['POST with JSON', '/echo', {method: 'POST', json: {a: 1}}],
		['a URL that is none', 'nowhere', {}],
		['an option that got refuses', '/', {timeout: {request: 'soon'} as object}],
	])('%s', async (_, path, options) => {
		await using origin = await startSite();
		await using session = new CachedSession({retry: {limit: 0}, allowedCodes: [200, 204, 302, 404]});
		const url = path.startsWith('/') ? `${origin.url}${path}` : path;
		const native = await observe(got.stream(url, {...(options as object), retry: {limit: 0}}) as never);
		const miss = await observe(session.stream(url, options));
		expect(miss).toEqual(native);
		const sent = origin.requests.length;
		const hit = await observe(session.stream(url, options));
		const {headers, events, ...rest} = hit;
		const {headers: nativeHeaders, events: nativeEvents, ...nativeRest} = native;
		if (options.method === 'POST' || native.error?.code !== undefined) {
			return;
		}
		expect(rest).toEqual(nativeRest);
		expect(events).toEqual(nativeEvents.filter(event => event !== 'request' && event !== 'redirect'));
		expect(headers?.['content-type']).toBe(nativeHeaders?.['content-type']);
		expect(origin.requests).toHaveLength(sent);
	});

	it('an error page is stored as well, and a hit on it is the same error', async () => {
		await using origin = await startSite();
		await using session = new CachedSession({retry: {limit: 0}, allowedCodes: [404]});
		const errors = [
			await failureOf(session.stream(`${origin.url}/missing`)),
			await failureOf(session.stream(`${origin.url}/missing`)),
		] as HTTPError[];
		for (const error of errors) {
			expect(error).toBeInstanceOf(HTTPError);
			expect(error.message).toBe(errors[0]?.message);
			expect(error.response.body).toBe('no such page');
			expect(Buffer.from(error.response.rawBody).toString()).toBe('no such page');
		}
		expect(origin.requests).toHaveLength(1);
	});
});

describe('a hit', () => {
	it('comes from the cache, with its facts', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession({expireAfter: 100});
		expect(await textOf(session.stream(origin.url))).toBe('response 1');
		const hit = session.stream(origin.url);
		expect(hit.isFromCache).toBeUndefined();
		const [response] = await once(hit, 'response');
		expect(response).toBe(hit.response);
		expect(hit.response).toMatchObject({isFromCache: true, isExpired: false, statusCode: 200});
		expect(hit.response?.cacheKey).toBe(await session.cache.createKey(origin.url));
		expect(String(hit.response?.cacheStatus)).toContain('hit');
		expect(hit).toMatchObject({isFromCache: true, ip: undefined, timings: undefined});
		expect(await textOf(hit)).toBe('response 1');
		expect(origin.requests).toHaveLength(1);
	});

	it('promises and streams share what is stored', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession();
		await session.get(`${origin.url}/a`);
		expect(await textOf(session.stream(`${origin.url}/a`))).toBe('response 1');
		await textOf(session.stream(`${origin.url}/b`));
		expect(await session.get(`${origin.url}/b`)).toMatchObject({isFromCache: true, body: 'response 2'});
	});

	it('what a caller does to its chunks is its own', async () => {
		await using origin = await startOrigin('x'.repeat(10));
		await using session = new CachedSession();
		for (let call = 0; call < 3; call++) {
			for await (const chunk of session.stream(origin.url)) {
				expect(String(chunk)).toBe('x'.repeat(10));
				(chunk as Buffer).fill('y');
			}
		}
		expect(await session.get(origin.url).text()).toBe('x'.repeat(10));
	});

	it('a conditional answer of 304 gives the stored body', async () => {
		await using origin = await startOrigin(({headers}) =>
			headers['if-none-match'] === '"a"' ? {status: 304} : {headers: {etag: '"a"'}, body: 'stored'},
		);
		await using session = new CachedSession({alwaysRevalidate: true});
		await textOf(session.stream(origin.url));
		const renewed = session.stream(origin.url);
		expect(await textOf(renewed)).toBe('stored');
		expect(renewed.isFromCache).toBe(true);
		expect(origin.requests).toHaveLength(2);
	});

	it('only-if-cached gives a 504', async () => {
		await using session = new CachedSession();
		expect(await failureOf(session.stream('http://127.0.0.1:1/', {onlyIfCached: true}))).toMatchObject({
			name: 'HTTPError',
			response: {statusCode: 504},
		});
	});
});

describe('errors', () => {
	it('of a closed session come as an event', async () => {
		const session = new ClientSession();
		await session.close();
		expect(await failureOf(session.stream('http://127.0.0.1:1/'))).toMatchObject({code: 'ERR_SESSION_CLOSED'});
	});

	it('of the network are got’s', async () => {
		await using session = new CachedSession();
		const error = await failureOf(session.stream('http://127.0.0.1:1/'));
		expect(error).toBeInstanceOf(RequestError);
		expect(error.code).toBe('ECONNREFUSED');
	});

	it('a listener that throws destroys the stream with what it threw', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession();
		const stream = session.stream(origin.url);
		stream.on('response', () => {
			throw new RangeError('mine');
		});
		expect(await failureOf(stream)).toMatchObject({name: 'RangeError', message: 'mine'});
	});
});
