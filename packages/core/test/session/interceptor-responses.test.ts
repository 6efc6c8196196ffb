import {describe, expect, it} from '@jest/globals';
import {HTTPError, RequestError} from 'got';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {CachedSession} from '../../src/index.js';
import type {Step} from './stepping-session.js';
import {bytes, makeSession, PLACES} from './stepping-session.js';

describe('an interceptor that changes the response', () => {
	const change: Step = async (request, next) => {
		const response = await next(request);
		const text = Buffer.from(await response.body.bytes()).toString();
		return {...response, statusCode: 203, body: bytes(`{"changed": "${text}"}`)};
	};

	it('behind the cache changes what is stored', async () => {
		await using origin = await startOrigin();
		await using session = makeSession('behind', change, {allowedCodes: [203]});
		const miss = await session.get(origin.url);
		const hit = await session.get(origin.url);
		for (const response of [miss, hit]) {
			expect(response.statusCode).toBe(203);
			expect(response.body).toBe('{"changed": "response 1"}');
			expect(Buffer.from(response.rawBody).toString()).toBe('{"changed": "response 1"}');
			expect(response.cacheKey).toBe(miss.cacheKey);
		}
		expect([miss.isFromCache, hit.isFromCache]).toEqual([false, true]);
		expect(await session.get(origin.url).json()).toEqual({changed: 'response 1'});
		expect(origin.requests).toHaveLength(1);
	});

	it('before the cache changes what the caller gets, and not what is stored', async () => {
		await using origin = await startOrigin();
		await using session = makeSession('before', change);
		expect((await session.get(origin.url)).body).toBe('{"changed": "response 1"}');
		expect((await session.get(origin.url)).body).toBe('{"changed": "response 1"}');
		await using plain = new CachedSession({cache: session.cache});
		const hit = await plain.get(origin.url);
		expect(hit).toMatchObject({isFromCache: true, statusCode: 200, body: 'response 1'});
	});

	it.each(PLACES)('in its head only is heard as well, %s the cache', async place => {
		await using origin = await startOrigin();
		await using session = makeSession(place, async (request, next) => {
			const response = await next(request);
			const rawHeaders = [...response.rawHeaders, 'X-Added', 'yes'];
			return {...response, statusMessage: 'Fine', url: `${response.url}changed`, rawHeaders, httpVersion: '1.0'};
		});
		for (const isFromCache of [false, true]) {
			const response = await session.get(origin.url);
			expect(response.isFromCache).toBe(isFromCache);
			expect(response).toMatchObject({statusMessage: 'Fine', httpVersion: '1.0'});
			expect(response.headers['x-added']).toBe('yes');
			if (place === 'before') {
				expect(response.url).toBe(`${origin.url}/changed`);
			}
		}
	});

	it.each<[string, object]>([
		['statusMessage', {statusMessage: 'Fine'}],
		['url', {url: 'http://127.0.0.1/elsewhere'}],
		['httpVersion', {httpVersion: '1.0'}],
	])('in nothing but its %s is heard as well', async (_, changed) => {
		await using origin = await startOrigin();
		await using session = makeSession('before', async (request, next) => ({...(await next(request)), ...changed}));
		expect(await session.get(origin.url)).toMatchObject(changed);
		expect(await session.get(origin.url)).toMatchObject(changed);
	});

	it('decides about HTTPError: by the status that it gives', async () => {
		await using origin = await startOrigin({status: 404, body: 'no'});
		await using forgiving = makeSession('before', async (request, next) => ({
			...(await next(request)),
			statusCode: 200,
			body: bytes('default'),
		}));
		expect(await forgiving.get(origin.url).text()).toBe('default');

		await using strict = makeSession('before', async (request, next) => ({
			...(await next(request)),
			statusCode: 418,
			statusMessage: 'Teapot',
		}));
		const error = await strict.get(origin.url).catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(HTTPError);
		expect(error).toMatchObject({
			message: `Request failed with status code 418 (Teapot): GET ${origin.url}/`,
			code: 'ERR_NON_2XX_3XX_RESPONSE',
			response: {statusCode: 418, body: 'no'},
		});
		expect(await strict.get(origin.url, {throwHttpErrors: false})).toMatchObject({statusCode: 418, ok: false});
	});
});

describe('an interceptor that answers by itself', () => {
	const answer: Step = async () => ({
		statusCode: 200,
		statusMessage: 'OK',
		httpVersion: '1.1',
		rawHeaders: ['Content-Type', 'application/json', 'ETag', '"made"'],
		url: 'http://127.0.0.1:1/',
		redirectUrls: [],
		body: bytes('{"made": true}'),
		isFromCache: false,
	});

	it.each(PLACES)('is taken at its word, %s the cache', async place => {
		let calls = 0;
		await using session = makeSession(place, (request, next) => {
			calls++;
			return answer(request, next);
		});
		for (let call = 0; call < 2; call++) {
			const response = await session.get('http://127.0.0.1:1/', {responseType: 'json'});
			expect(response.body).toEqual({made: true});
			expect(response.headers.etag).toBe('"made"');
			expect(response.requestUrl.href).toBe('http://127.0.0.1:1/');
			expect(response.isFromCache).toBe(place === 'behind' && call === 1);
		}
		expect(calls).toBe(place === 'behind' ? 1 : 2);
	});
});

describe('an interceptor that calls next again', () => {
	const retry: Step = async (request, next) => {
		const response = await next(request);
		return response.statusCode === 500 ? next(request) : response;
	};

	it.each(PLACES)('gives what the last call gave, %s the cache', async place => {
		await using origin = await startOrigin(({url}) => ({
			status: origin.requests.length === 1 ? 500 : 200,
			body: `${url} ${origin.requests.length}`,
		}));
		await using session = makeSession(place, retry, {retry: {limit: 0}});
		expect(await session.get(`${origin.url}/a`).text()).toBe('/a 2');
		expect((await session.get(`${origin.url}/a`)).isFromCache).toBe(true);
		expect(origin.requests).toHaveLength(2);
	});

	it('sends a body again', async () => {
		await using origin = await startOrigin(({body}) => ({status: origin.requests.length === 1 ? 500 : 200, body}));
		await using session = makeSession('behind', retry, {retry: {limit: 0}});
		expect(await session.post(origin.url, {json: {a: 1}}).json()).toEqual({a: 1});
		expect(origin.requests.map(({body}) => body.toString())).toEqual(['{"a":1}', '{"a":1}']);
	});
});

describe('an interceptor that throws', () => {
	it.each(PLACES)('rejects the request with what it threw, %s the cache', async place => {
		await using origin = await startOrigin();
		const error = new RangeError('no slot');
		let isBroken = true;
		const session = makeSession(place, async (request, next) => {
			if (isBroken) {
				throw error;
			}
			return next(request);
		});
		await expect(session.get(origin.url)).rejects.toBe(error);
		await expect(session.get(origin.url).json()).rejects.toBe(error);
		isBroken = false;
		expect(await session.get(origin.url).text()).toBe('response 1');
		await session.close();
	});

	it('after the answer keeps a response from being stored, if it stands behind the cache', async () => {
		await using origin = await startOrigin();
		let isBroken = true;
		await using session = makeSession('behind', async (request, next) => {
			const response = await next(request);
			if (isBroken) {
				throw new RangeError('after');
			}
			return response;
		});
		await expect(session.get(origin.url)).rejects.toThrow('after');
		isBroken = false;
		expect(await session.get(origin.url)).toMatchObject({isFromCache: false, body: 'response 2'});
	});

	it("gets what got throws where there is no response, got's own class", async () => {
		const errors: unknown[] = [];
		await using session = makeSession(
			'before',
			async (request, next) => {
				try {
					return await next(request);
				} catch (error) {
					errors.push(error);
					throw error;
				}
			},
			{retry: {limit: 0}},
		);
		const error = await session.get('http://127.0.0.1:1/').catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(RequestError);
		expect(errors).toEqual([error]);
	});

	it('does not see HTTPError and ParseError, which come after the last interceptor', async () => {
		await using origin = await startOrigin({status: 404, body: '{'});
		const seen: number[] = [];
		await using session = makeSession(
			'before',
			async (request, next) => {
				const response = await next(request);
				seen.push(response.statusCode);
				return response;
			},
			{allowedCodes: [200, 404]},
		);
		await expect(session.get(origin.url)).rejects.toBeInstanceOf(HTTPError);
		await expect(session.get(origin.url)).rejects.toBeInstanceOf(HTTPError);
		expect(seen).toEqual([404, 404]);
	});
});
