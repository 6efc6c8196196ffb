/** Options that say what a caller gets: each caller by its own, whatever those of the call that stored the response. */
import {gzipSync} from 'node:zlib';
import {describe, expect, it} from '@jest/globals';
import {AbortError, HTTPError, MaxRedirectsError, ParseError, RequestError, TimeoutError} from 'got';
import {CookieJar} from 'tough-cookie';
import {GOT_MAJOR} from '../../../../../test-support/got-version.js';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {type CachedResponse, CachedSession, type RequestOptions} from '../../../src/index.js';
import {askThreeWays, comparableError} from '../ask-three-ways.js';
import {ask, expectSame, expectSameError} from './expect-same.js';

const TEXT = 'ü€😀';

describe('bytes', () => {
	it('are a Buffer in got 14, and a Uint8Array from 15 on; of a miss, a hit and a follower', async () => {
		await using origin = await startOrigin(TEXT);
		await expectSame(origin, client => client.get(origin.url, {responseType: 'buffer'}));
		await using session = new CachedSession();
		const responses = [
			...(await Promise.all([1, 2].map(() => session.get(origin.url, {responseType: 'buffer'})))),
			await session.get(origin.url, {responseType: 'buffer'}),
		];
		for (const {body, rawBody} of responses) {
			expect([Buffer.isBuffer(body), Buffer.isBuffer(rawBody)]).toEqual([GOT_MAJOR < 15, GOT_MAJOR < 15]);
			expect(Object.getPrototypeOf(rawBody)).toBe((GOT_MAJOR < 15 ? Buffer : Uint8Array).prototype);
		}
		expect(Buffer.isBuffer(await session.get(origin.url).buffer())).toBe(GOT_MAJOR < 15);
	});
});

describe('text', () => {
	const marks = {utf8: '\ufeff', utf16: Buffer.from('\ufeff', 'utf16le')};
	const bodies: Array<[string, Uint8Array]> = [
		['UTF-8', Buffer.from(TEXT)],
		['UTF-8 with a byte order mark', Buffer.from(marks.utf8 + TEXT)],
		['nothing but a byte order mark', Buffer.from(marks.utf8)],
		['UTF-16 with a byte order mark', Buffer.concat([marks.utf16, Buffer.from(TEXT, 'utf16le')])],
		['bytes that are no UTF-8', Buffer.from([0xff, 0xc3, 0x28, 0x61, 0xe2, 0x82])],
		['an odd number of bytes', Buffer.from([0x61, 0x62, 0x63])],
		['nothing', Buffer.alloc(0)],
	];
	const encodings = [undefined, 'utf8', 'utf-8', 'UTF-8', 'utf16le', 'ucs-2', 'latin1', 'base64', 'hex'] as const;

	describe.each(bodies)('%s', (_, body) => {
		it.each(encodings)('with encoding: %p', async encoding => {
			await using origin = await startOrigin({body});
			const options = (encoding === undefined ? {} : {encoding}) as RequestOptions;
			const hit = await expectSame(origin, client => client.get(origin.url, options));
			await using session = new CachedSession();
			await session.get(origin.url, options);
			// got 15 takes a byte order mark away where it decodes a whole body, and leaves it where it decodes as the body comes.
			const seen = (text: unknown) => (GOT_MAJOR === 15 ? String(text).replace(marks.utf8, '') : text);
			expect(seen(await session.get(origin.url, options).text())).toBe(seen(hit.body));
		});
	});

	it('that is JSON behind a byte order mark', async () => {
		await using origin = await startOrigin(`${marks.utf8}{"a": 1}`);
		const call = {responseType: 'json'} as const;
		if (GOT_MAJOR === 15) {
			const {plain, miss, hit} = await askThreeWays(client => client.get(origin.url, call));
			expect([plain.error?.name, miss.error?.name]).toEqual(['ParseError', 'ParseError']);
			expect(hit.value).toMatchObject({body: {a: 1}});
		} else if (GOT_MAJOR < 15) {
			expect(await expectSameError(client => client.get(origin.url, call))).toBeInstanceOf(ParseError);
		} else {
			expect((await expectSame(origin, client => client.get(origin.url, call))).body).toEqual({a: 1});
		}
	});
});

describe('decompress: false', () => {
	it.each(['gzip', 'x-gzip', 'GZIP', 'gzip, br', 'identity', 'unheard-of'])('of a body coded as %s', async coding => {
		const body = gzipSync(TEXT);
		await using origin = await startOrigin({headers: {'content-encoding': coding}, body});
		await expectSame(origin, client => client.get(origin.url, {decompress: false}));
		await expectSame(origin, client => ask(client, origin.url, {decompress: false, method: 'HEAD'}));
	});
});

describe('errors', () => {
	it("are got's own on a hit as on a miss: HTTPError", async () => {
		await using origin = await startOrigin({status: 404, body: 'gone'});
		const options = {allowedCodes: [404]};
		const error = await expectSameError(client => client.get(origin.url), options);
		expect(error).toBeInstanceOf(HTTPError);
		expect(error.response).toMatchObject({isFromCache: true, statusCode: 404, body: 'gone'});
		await expectSame(origin, client => client.get(origin.url, {throwHttpErrors: false}), options);
	});

	it('ParseError, whose response is the cached one', async () => {
		await using origin = await startOrigin('{');
		const error = await expectSameError(client => client.get(origin.url, {responseType: 'json'}));
		expect(error).toBeInstanceOf(ParseError);
		expect(error.response).toMatchObject({isFromCache: true, body: '{'});
		const throwing = () => {
			throw new RangeError('of the parser');
		};
		const own = await expectSameError(client => client.get(origin.url, {responseType: 'json', parseJson: throwing}));
		expect(own.message).toContain('of the parser');
	});

	it('MaxRedirectsError', async () => {
		await using origin = await startOrigin({status: 302, headers: {location: '/'}});
		const error = await expectSameError(client => client.get(origin.url, {maxRedirects: 2}));
		expect(error).toBeInstanceOf(MaxRedirectsError);
	});

	it('TimeoutError, by each of its timers; a hit is never late', async () => {
		await using origin = await startOrigin(() => new Promise(() => {}));
		for (const timeout of [{request: 20}, {response: 20}, {socket: 20}]) {
			const error = await expectSameError(client => client.get(origin.url, {timeout, retry: {limit: 0}}));
			expect(error).toBeInstanceOf(TimeoutError);
			expect((error as TimeoutError).event).toBe(Object.keys(timeout)[0]);
		}
		await using quick = await startOrigin('answer');
		await using session = new CachedSession();
		await session.get(quick.url);
		const late = {timeout: {request: 0, response: 0, connect: 0, lookup: 0, socket: 0, send: 0, read: 0}};
		expect(await session.get(quick.url, late)).toMatchObject({isFromCache: true});
	});

	it('AbortError, with the reason where this got gives it', async () => {
		await using origin = await startOrigin('answer');
		const reason = new Error('mine');
		await using session = new CachedSession();
		await session.get(origin.url);
		const {plain, miss, hit} = await askThreeWays(
			client => client.get(origin.url, {signal: AbortSignal.abort(reason)}),
			{cache: session.cache, autoclose: false},
		);
		for (const {error} of [plain, miss, hit]) {
			expect(error).toBeInstanceOf(AbortError);
			expect(error?.code).toBe('ERR_ABORTED');
			expect(error?.cause === reason).toBe(plain.error?.cause === reason);
		}
	});

	it('CancelError, by the cancel() that got 14 alone has', async () => {
		await using origin = await startOrigin(() => new Promise(() => {}));
		await using session = new CachedSession({retry: {limit: 0}});
		const call = (client: CachedSession) => client.get(origin.url) as PromiseLike<unknown> & {cancel?: () => void};
		if (GOT_MAJOR > 14) {
			const pending = session.get(origin.url, {signal: AbortSignal.timeout(1)});
			expect(pending.cancel).toBeUndefined();
			await pending.catch(() => {});
			return;
		}
		const {plain, miss} = await askThreeWays(client => {
			const pending = call(client);
			setTimeout(() => pending.cancel?.(), 20);
			return pending;
		});
		expect([plain.error?.name, plain.error?.code]).toEqual(['CancelError', 'ERR_CANCELED']);
		// It is rejected at once, without a look at how far the request has come.
		expect(comparableError(miss.error)).toEqual({...comparableError(plain.error), hasTimings: false});
	});

	it('RequestError, for a server that is not there', async () => {
		const origin = await startOrigin();
		await origin.close();
		const {plain, miss} = await askThreeWays(client => client.get(origin.url, {retry: {limit: 0}}));
		for (const {error} of [plain, miss]) {
			expect(error).toBeInstanceOf(RequestError);
			expect([error?.name, error?.code]).toEqual(['RequestError', 'ECONNREFUSED']);
		}
	});
});

const describeFor14 = GOT_MAJOR === 14 ? describe : () => {};

describeFor14('cancel()', () => {
	it('ends one caller, and not the others who wait for the same', async () => {
		let answer: (body: string) => void = () => {};
		await using origin = await startOrigin(() => new Promise(resolve => (answer = resolve)));
		await using session = new CachedSession();
		const calls = [1, 2, 3].map(() => session.get(origin.url));
		const outcomes = Promise.allSettled(calls);
		await until(() => origin.requests.length === 1);
		calls[1]!.cancel?.();
		await expect(calls[1]).rejects.toMatchObject({name: 'CancelError'});
		calls[0]!.cancel?.();
		await until(() => origin.requests.length === 2);
		answer('answer');
		expect((await outcomes).map(({status}) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
		expect(await calls[2]).toMatchObject({body: 'answer'});
		calls[2]!.cancel?.();
		expect(await session.get(origin.url)).toMatchObject({isFromCache: true});
	});

	it('before anything was sent sends nothing', async () => {
		await using origin = await startOrigin('answer');
		await using session = new CachedSession();
		const call = session.get(origin.url);
		call.cancel?.();
		await expect(call).rejects.toMatchObject({name: 'CancelError'});
		await session.get(origin.url);
		expect(origin.requests.length).toBeLessThanOrEqual(2);
		expect(await session.get(origin.url)).toMatchObject({isFromCache: true});
	});
});

async function until(isTrue: () => boolean): Promise<void> {
	while (!isTrue()) {
		await new Promise(resolve => setTimeout(resolve, 5));
	}
}

describe('retry', () => {
	it('asks again as got does, and stores what came last', async () => {
		await using origin = await startOrigin(() => (origin.requests.length % 2 === 1 ? {status: 503} : 'answer'));
		const retry = {limit: 1, calculateDelay: ({computedValue}: {computedValue: number}) => Math.min(computedValue, 1)};
		await using session = new CachedSession({allowedCodes: [200, 503]});
		const miss = await session.get(origin.url, {retry});
		expect(miss).toMatchObject({body: 'answer', retryCount: 1, isFromCache: false});
		expect(await session.get(origin.url, {retry})).toMatchObject({body: 'answer', retryCount: 0, isFromCache: true});
		expect(origin.requests).toHaveLength(2);
	});

	it('enforceRetryRules lets a calculateDelay of one’s own decide or not, as in this got', async () => {
		await using origin = await startOrigin({status: 404});
		const options: RequestOptions = {retry: {limit: 1, calculateDelay: ({attemptCount}) => (attemptCount > 1 ? 0 : 1)}};
		const {plain, miss} = await askThreeWays(client => client.get(origin.url, options));
		expect([plain.error?.name, miss.error?.name]).toEqual(['HTTPError', 'HTTPError']);
		// A 404 is none of the statuses to be retried: from 15 on that is the last word.
		expect(origin.requests.length).toBe(GOT_MAJOR < 15 ? 6 : 3);
	});
});

describe('a cookie jar', () => {
	it('keeps the cookies of a miss', async () => {
		await using origin = await startOrigin({headers: {'set-cookie': 'a=1'}, body: 'answer'});
		const jar = new CookieJar();
		await using session = new CachedSession();
		await session.get(origin.url, {cookieJar: jar});
		expect(await jar.getCookieString(origin.url)).toBe('a=1');
	});

	it('with a cookie that it does not take fails the miss, unless ignoreInvalidCookies; nothing is stored', async () => {
		await using origin = await startOrigin({headers: {'set-cookie': 'a=1; Domain=other.example'}, body: 'answer'});
		await expectSameError(client => client.get(origin.url, {cookieJar: new CookieJar(), retry: {limit: 0}}));
		const lax = {ignoreInvalidCookies: true};
		await expectSame(origin, client => client.get(origin.url, {cookieJar: new CookieJar(), ...lax}));
	});

	it('with a cookie header: undefined, which from 15 on means none', async () => {
		await using origin = await startOrigin(({headers}) => headers.cookie ?? 'none');
		const jar = new CookieJar();
		await jar.setCookie('a=1', origin.url);
		const options = {cookieJar: jar, headers: {cookie: undefined}};
		const {body} = await expectSame(origin, client => client.get(origin.url, options));
		expect(body).toBe(GOT_MAJOR < 15 ? 'a=1' : 'none');
	});
});

describe('the shape of the answer', () => {
	it.each<RequestOptions>([
		{resolveBodyOnly: true},
		{resolveBodyOnly: true, responseType: 'json'},
		{resolveBodyOnly: true, responseType: 'buffer'},
	])('%p', async options => {
		await using origin = await startOrigin('{"a": 1}');
		const {plain, miss, hit} = await askThreeWays(client => client.get(origin.url, options));
		expect([miss.value, hit.value]).toEqual([plain.value, plain.value]);
		expect(origin.requests).toHaveLength(2);
	});

	it('is told by the handlers of the got instance on a miss, and by none on a hit', async () => {
		await using origin = await startOrigin('answer');
		let calls = 0;
		await using session = new CachedSession({
			handlers: [
				(options, next) => {
					calls++;
					return next(options);
				},
			],
		});
		const miss = (await session.get(origin.url, {headers: {'x-a': 'b'}})) as CachedResponse<string>;
		const hit = (await session.get(origin.url, {headers: {'x-a': 'b'}})) as CachedResponse<string>;
		expect([miss.body, hit.body, calls]).toEqual(['answer', 'answer', 1]);
	});
});
