import {describe, expect, it} from '@jest/globals';
import {HTTPError} from 'got';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {CachedSession, type RequestOptions} from '../../src/index.js';

describe('allowedCodes', () => {
	it('stores only 200 when it is not given', async () => {
		await using origin = await startOrigin(({url}) => ({status: Number(url.slice(1))}));
		await using session = new CachedSession({retry: {limit: 0}, throwHttpErrors: false});
		for (const status of [201, 203, 204, 400, 404, 410, 500, 503]) {
			await session.get(`${origin.url}/${status}`);
			expect(await session.get(`${origin.url}/${status}`)).toMatchObject({statusCode: status, isFromCache: false});
		}
		expect(await session.cache.size()).toBe(0);
	});

	it("stores what is on the list, and throws got's HTTPError for it on a hit as on a miss", async () => {
		await using origin = await startOrigin({status: 404, body: 'no such thing'});
		await using session = new CachedSession({allowedCodes: [404]});
		for (const isFromCache of [false, true]) {
			const error = await session.get(origin.url).catch((error: unknown) => error);
			expect(error).toBeInstanceOf(HTTPError);
			expect((error as HTTPError).response).toMatchObject({statusCode: 404, body: 'no such thing', isFromCache});
		}
		expect(origin.requests).toHaveLength(1);
		origin.fallback('found');
		await session.get(`${origin.url}/200`);
		expect(await session.get(`${origin.url}/200`)).toMatchObject({isFromCache: false});
	});
});

describe('allowedMethods', () => {
	type Body = Pick<RequestOptions, 'json' | 'form' | 'body' | 'headers'>;
	const bodies: Array<[kind: string, same: Body, alike: Body, other: Body]> = [
		['JSON', {json: {a: 1, b: [1, 2]}}, {json: {b: [1, 2], a: 1}}, {json: {a: 1, b: [2, 1]}}],
		['a form', {form: {a: '1', b: '2'}}, {form: {b: '2', a: '1'}}, {form: {a: '1&b=2'}}],
		['text', {body: 'one'}, {body: 'one'}, {body: 'two'}],
		['bytes', {body: Buffer.from([1, 2])}, {body: Buffer.from([1, 2])}, {body: Buffer.from([2, 1])}],
		['JSON as text', {json: {a: 1}}, {body: '{ "a": 1 }', headers: {'Content-Type': 'application/json'}}, {json: 'a'}],
	];

	it.each(bodies)('answers a POST with %s by its body', async (_kind, same, alike, other) => {
		await using origin = await startOrigin();
		await using session = new CachedSession({allowedMethods: ['POST']});
		expect((await session.post(origin.url, same)).body).toBe('response 1');
		expect((await session.post(origin.url, other)).body).toBe('response 2');
		expect((await session.post(origin.url, alike)).body).toBe('response 1');
		expect((await session.post(origin.url)).body).toBe('response 3');
		expect((await session.post(origin.url, other)).body).toBe('response 2');
	});

	it('lets all methods but GET and HEAD pass when it is not given', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession();
		for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const) {
			const before = origin.requests.length;
			await session.request(origin.url, {method});
			await session.request(origin.url, {method});
			expect(origin.requests.length - before).toBe(2);
		}
		expect(await session.cache.size()).toBe(0);
	});

	it('is the whole list: without GET, a GET is not cached', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession({allowedMethods: ['put']});
		await session.get(origin.url);
		expect((await session.get(origin.url)).body).toBe('response 2');
		await session.put(origin.url, {json: 1});
		expect((await session.put(origin.url, {json: 1})).body).toBe('response 3');
	});

	it('answers a HEAD from its own record or a GET, and never a GET from a HEAD', async () => {
		await using origin = await startOrigin({headers: {'x-a': 'b'}, body: 'text'});
		await using session = new CachedSession();
		await session.head(origin.url);
		expect(await session.head(origin.url)).toMatchObject({isFromCache: true, body: ''});
		expect(await session.get(origin.url)).toMatchObject({isFromCache: false, body: 'text'});
		await session.get(`${origin.url}/a`);
		const head = await session.head(`${origin.url}/a`);
		expect(head).toMatchObject({isFromCache: true, body: '', headers: {'x-a': 'b'}});
		expect(origin.requests.map(({method}) => method)).toEqual(['HEAD', 'GET', 'GET']);
	});

	it('lets a request through whose body is a stream', async () => {
		await using origin = await startOrigin(({body}) => `got ${body}`);
		await using session = new CachedSession({allowedMethods: ['POST']});
		const stream = () =>
			(async function* () {
				yield Buffer.from('bytes');
			})();
		expect((await session.post(origin.url, {body: stream()})).body).toBe('got bytes');
		expect((await session.post(origin.url, {body: stream()})).body).toBe('got bytes');
		expect(origin.requests).toHaveLength(2);
		expect(await session.cache.size()).toBe(0);
	});
});
