import {gzipSync} from 'node:zlib';
import {describe, expect, it} from '@jest/globals';
import type {Response} from 'got';
import {moveClock} from '../../../../test-support/moved-clock.js';
import {type Origin, startOrigin} from '../../../../test-support/origin-server.js';
import {CachedSession, type CachedSessionOptions, type RequestOptions} from '../../src/index.js';
import {askThreeWays, comparable} from './ask-three-ways.js';

/** That a call resolves to the same in all three ways, and that the third asked nobody. */
async function expectSame(
	origin: Origin,
	call: (client: CachedSession) => PromiseLike<unknown>,
	options?: CachedSessionOptions,
): Promise<unknown> {
	const before = origin.requests.length;
	const {plain, miss, hit} = await askThreeWays(call, options);
	expect(origin.requests.length - before).toBe(2);
	expect(plain).toHaveProperty('value');
	expect(miss).toEqual(plain);
	expect(hit).toEqual(plain);
	return plain.value;
}

/** As {@link expectSame}, for calls that resolve to responses. */
async function expectSameResponse(
	origin: Origin,
	call: (client: CachedSession) => PromiseLike<unknown>,
	options?: CachedSessionOptions,
): Promise<Response> {
	const before = origin.requests.length;
	const {plain, miss, hit} = await askThreeWays(call, options);
	expect(origin.requests.length - before).toBe(2);
	expect(comparable(miss.value)).toEqual(comparable(plain.value));
	expect(comparable(hit.value)).toEqual(comparable(plain.value));
	expect([miss.value, hit.value]).toEqual([
		expect.objectContaining({isFromCache: false}),
		expect.objectContaining({isFromCache: true}),
	]);
	return hit.value as Response;
}

const JSON_TEXT = '{"text": "ü€😀", "list": [1, 2.5, null]}';

describe('the shortcuts', () => {
	it.each(['json', 'text', 'buffer'] as const)('.%s() gives on hit and miss what got gives', async shortcut => {
		await using origin = await startOrigin(JSON_TEXT);
		await expectSame(origin, client => client.get(origin.url)[shortcut]());
	});

	it('.json() asks for JSON, unless there is an accept header', async () => {
		await using origin = await startOrigin(({headers}) => ({body: {accept: headers.accept}}));
		expect(await expectSame(origin, client => client.get(origin.url).json())).toEqual({accept: 'application/json'});
		const accepts = {accept: 'application/*'};
		expect(await expectSame(origin, client => client.get(origin.url, {headers: accepts}).json())).toEqual(accepts);
		await expectSame(origin, client => client.get(origin.url, {headers: {accept: undefined}}).json());
		await expectSame(origin, client => client.get(origin.url, {responseType: 'json', resolveBodyOnly: true}));
	});

	it.each(['json', 'text', 'buffer'] as const)('do not depend on responseType: %s', async responseType => {
		await using origin = await startOrigin(JSON_TEXT);
		for (const shortcut of ['json', 'text', 'buffer'] as const) {
			await expectSame(origin, client => client.get(origin.url, {responseType})[shortcut]());
			await expectSame(origin, client => client.get(origin.url, {responseType, resolveBodyOnly: true})[shortcut]());
		}
	});

	it('may all be asked of one promise', async () => {
		await using origin = await startOrigin(JSON_TEXT);
		await expectSame(origin, client => {
			const promise = client.get(origin.url);
			return Promise.all([promise.json(), promise.text(), promise.buffer(), promise.then(({body}) => body)]);
		});
	});

	it('take parseJson and encoding', async () => {
		await using origin = await startOrigin(JSON_TEXT);
		const parseJson = (text: string): unknown => ({length: text.length});
		await expectSame(origin, client => client.get(origin.url, {parseJson}).json());
		await expectSame(origin, client => client.get(origin.url, {encoding: 'base64'}).text());
		await expectSame(origin, client => client.get(origin.url, {encoding: 'hex', parseJson}).json());
	});
});

describe('the body', () => {
	it.each<RequestOptions>([
		{},
		{responseType: 'text'},
		{responseType: 'json'},
		{responseType: 'buffer'},
		{encoding: 'latin1'},
		{encoding: 'base64'},
		{responseType: 'json', parseJson: text => [text]},
		{responseType: 'buffer', encoding: 'hex'},
	])('is what got gives: %p', async options => {
		await using origin = await startOrigin(JSON_TEXT);
		await expectSameResponse(origin, client => client.get(origin.url, options));
		await expectSame(origin, client => client.get(origin.url, {...options, resolveBodyOnly: true}));
		// As options of the session.
		const {miss, hit} = await askThreeWays(client => client.get(origin.url), options as CachedSessionOptions);
		expect((hit.value as Response).body).toEqual((miss.value as Response).body);
	});

	it('is presented by the options of each call, whatever those of the call that stored it', async () => {
		await using origin = await startOrigin(JSON_TEXT);
		await using session = new CachedSession();
		expect((await session.get(origin.url, {responseType: 'buffer'})).body).toEqual(Buffer.from(JSON_TEXT));
		expect((await session.get(origin.url, {responseType: 'json'})).body).toEqual(JSON.parse(JSON_TEXT));
		expect((await session.get(origin.url)).body).toBe(JSON_TEXT);
		expect(await session.get(origin.url, {resolveBodyOnly: true})).toBe(JSON_TEXT);
		expect(origin.requests).toHaveLength(1);
	});

	it.each<[string, RequestOptions]>([
		['text', {}],
		['json', {responseType: 'json'}],
		['buffer', {responseType: 'buffer'}],
	])('may be empty: %s', async (_, options) => {
		await using origin = await startOrigin({body: ''});
		await expectSameResponse(origin, client => client.get(origin.url, options));
		await expectSame(origin, client => client.get(origin.url, options).json());
	});

	it.each([204, 205])('of a %d is empty', async status => {
		await using origin = await startOrigin({status});
		const options = {allowedCodes: [status]};
		await expectSameResponse(origin, client => client.get(origin.url), options);
		await expectSame(origin, client => client.get(origin.url).json(), options);
	});

	it('of a HEAD is empty, and its fields are those of the answer', async () => {
		await using origin = await startOrigin({headers: {'content-length': '1000', etag: '"x"'}});
		const {headers} = await expectSameResponse(origin, client => client.head(origin.url));
		expect(headers).toMatchObject({'content-length': '1000', etag: '"x"'});
	});

	it('of a HEAD that a stored GET answers is empty as well', async () => {
		await using origin = await startOrigin({headers: {etag: '"x"'}, body: 'body'});
		await using session = new CachedSession();
		await session.get(origin.url);
		const head = await session.head(origin.url);
		expect(head).toMatchObject({isFromCache: true, body: '', statusCode: 200});
		expect(head.headers.etag).toBe('"x"');
		expect(head.request.options.method).toBe('HEAD');
	});

	it('may be large', async () => {
		const large = Buffer.alloc(5 * 1024 * 1024, 'ä-');
		await using origin = await startOrigin({body: large});
		await using session = new CachedSession();
		for (const isFromCache of [false, true]) {
			const response = await session.get(origin.url, {responseType: 'buffer'});
			expect(response.isFromCache).toBe(isFromCache);
			expect(large.equals(response.body)).toBe(true);
		}
	});
});

describe('a coded body', () => {
	const coded = {headers: {'content-encoding': 'gzip'}, body: gzipSync(JSON_TEXT)};

	it.each<RequestOptions>([{}, {responseType: 'json'}, {responseType: 'buffer'}])(
		'is decoded on hit and miss: %p',
		async options => {
			await using origin = await startOrigin(coded);
			const {plain, miss, hit} = await askThreeWays(client => client.get(origin.url, options));
			expect(comparable(miss.value)).toEqual(comparable(plain.value));
			const {headers, rawHeaders, body, rawBody} = hit.value as Response;
			expect({body, rawBody: Buffer.from(rawBody)}).toEqual({
				body: (plain.value as Response).body,
				rawBody: Buffer.from(JSON_TEXT),
			});
			// What the fields said of the coded form is false of what is stored.
			expect(headers).not.toHaveProperty('content-encoding');
			expect(rawHeaders.map(field => field.toLowerCase())).not.toContain('content-encoding');
		},
	);

	it.each<RequestOptions>([
		{decompress: false},
		{decompress: false, responseType: 'json'},
		{decompress: false, responseType: 'buffer'},
		{decompress: false, encoding: 'base64'},
	])('is left as it is for those who want it so: %p', async options => {
		await using origin = await startOrigin(coded);
		const {body, headers} = await expectSameResponse(origin, client => client.get(origin.url, options));
		expect(body).toEqual(coded.body);
		expect(headers['content-encoding']).toBe('gzip');
		await expectSame(origin, client => client.get(origin.url, options).buffer());
	});

	it('is not confused with its decoded form', async () => {
		await using origin = await startOrigin(coded);
		await using session = new CachedSession();
		const decoded = await session.get(origin.url);
		const left = await session.get(origin.url, {decompress: false});
		expect(left.isFromCache).toBe(false);
		expect(left.cacheKey).not.toBe(decoded.cacheKey);
	});
});

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
