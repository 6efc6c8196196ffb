import {describe, expect, it} from '@jest/globals';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {type BaseCache, CacheBackend, type CachedResponse, CachedSession, MemoryCache} from '../../src/index.js';
import {SlowCache} from './slow-cache.js';

const BODY = {list: [1, 2, {deep: 'x'}]};
const TEXT = JSON.stringify(BODY);

function startJsonOrigin() {
	return startOrigin({headers: {'set-cookie': ['a=1', 'b=2'], 'x-a': 'b'}, body: BODY});
}

/** Changes everything that a caller can reach. */
function spoil(response: CachedResponse<unknown>): void {
	const {body, rawBody, headers, rawHeaders, redirectUrls, requestUrl, request} = response;
	if (body instanceof Uint8Array) {
		body.fill(0);
	} else if (typeof body === 'object') {
		const {list} = body as typeof BODY;
		(list[2] as {deep: string}).deep = 'spoilt';
		list.length = 1;
	}
	rawBody.fill(0);
	headers['x-a'] = 'spoilt';
	headers['set-cookie']?.push('spoilt=1');
	rawHeaders.fill('spoilt');
	redirectUrls.push(new URL('http://127.0.0.1/spoilt'));
	requestUrl.pathname = '/spoilt';
	response.createdAt.setTime(0);
	response.expires?.setTime(0);
	response.body = 'spoilt';
	request.options.headers['x-spoilt'] = 'yes';
}

// Bytes are a Buffer in got 14, and a Uint8Array from 15 on.
function textOf(body: string | Uint8Array): string {
	return typeof body === 'string' ? body : Buffer.from(body).toString();
}

function expectUnspoilt(response: CachedResponse<unknown>, origin: string): void {
	expect(textOf(response.rawBody)).toBe(TEXT);
	expect(response.headers).toMatchObject({'x-a': 'b', 'set-cookie': ['a=1', 'b=2']});
	expect(response.rawHeaders).toEqual(expect.arrayContaining(['x-a', 'b', 'set-cookie', 'a=1', 'b=2']));
	expect(response.redirectUrls).toEqual([]);
	expect(response.requestUrl.href).toBe(`${origin}/`);
	expect(Date.now() - response.createdAt.getTime()).toBeLessThan(10_000);
	expect(response.expires!.getTime()).toBeGreaterThan(Date.now());
	expect(response.request.options.headers).not.toHaveProperty('x-spoilt');
}

const STORES: Array<[string, () => BaseCache]> = [
	['memory', () => new MemoryCache()],
	['a store of one’s own', () => new SlowCache()],
];

describe.each(STORES)('in %s', (_, makeStore) => {
	function makeSession(): CachedSession {
		const cache = new CacheBackend('x', {responses: makeStore(), redirects: makeStore()});
		return new CachedSession({cache, expireAfter: 1000});
	}

	it.each(['json', 'buffer', 'text'] as const)('what one caller changes reaches no other: %s', async responseType => {
		await using origin = await startJsonOrigin();
		await using session = makeSession();
		const expected = {json: BODY, buffer: Buffer.from(TEXT), text: TEXT}[responseType];
		for (const isFromCache of [false, true, true]) {
			const response = await session.get(origin.url, {responseType});
			expect(response.isFromCache).toBe(isFromCache);
			expect(response.body).toEqual(expected);
			expectUnspoilt(response, origin.url);
			spoil(response);
		}
	});

	it('what the shortcuts give belongs to the caller', async () => {
		await using origin = await startJsonOrigin();
		await using session = makeSession();
		for (let call = 0; call < 3; call++) {
			const [parsed, bytes] = await Promise.all([
				session.get(origin.url).json<typeof BODY>(),
				session.get(origin.url).buffer(),
			]);
			expect(parsed).toEqual(BODY);
			expect(textOf(bytes)).toBe(TEXT);
			parsed.list.length = 0;
			bytes.fill(0);
		}
		expect(origin.requests).toHaveLength(1);
	});

	it.each(['text', 'buffer'] as const)(
		'nobody of those who share a request can change what the others get: %s',
		async responseType => {
			await using origin = await startJsonOrigin();
			await using session = makeSession();
			const calls = Array.from({length: 4}, () => session.get(origin.url, {responseType}));
			for (const response of await Promise.all(calls)) {
				expect(textOf(response.body as string | Uint8Array)).toBe(TEXT);
				expectUnspoilt(response, origin.url);
				spoil(response);
			}
			expect(origin.requests).toHaveLength(1);
			expectUnspoilt(await session.get(origin.url), origin.url);
		},
	);

	it('nor by changing it at once', async () => {
		await using origin = await startJsonOrigin();
		await using session = makeSession();
		const calls = Array.from({length: 4}, async () => {
			const response = await session.get(origin.url, {responseType: 'json'});
			expect(response.body).toEqual(BODY);
			expectUnspoilt(response, origin.url);
			spoil(response);
		});
		await Promise.all(calls);
		expect(origin.requests).toHaveLength(1);
	});

	it('everything can be replaced, for its caller alone', async () => {
		await using origin = await startJsonOrigin();
		await using session = makeSession();
		for (let call = 0; call < 3; call++) {
			const response = await session.get(origin.url);
			expectUnspoilt(response, origin.url);
			const replaced = {
				body: 'own',
				rawBody: Buffer.from('own'),
				headers: {},
				rawHeaders: [],
				statusCode: 1,
				url: 'own',
			};
			Object.assign(response, replaced);
			expect(response).toMatchObject(replaced);
		}
	});

	it('a body in memory is not a window on something larger', async () => {
		await using origin = await startJsonOrigin();
		await using session = makeSession();
		await session.get(origin.url);
		const {rawBody} = await session.get(origin.url);
		expect(rawBody.byteLength).toBe(TEXT.length);
		expect(rawBody).not.toBe((await session.get(origin.url)).rawBody);
	});
});
