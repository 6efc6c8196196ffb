import {Readable} from 'node:stream';
import {describe, expect, it} from '@jest/globals';
import defaultGot, {type Got, type RequestError} from 'got';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {InvalidOptionError} from '../../src/errors.js';
import {CachedSession, ClientSession, type RequestOptions} from '../../src/index.js';
import {startMirror} from './start-mirror.js';

const VERBS = ['get', 'post', 'put', 'patch', 'head', 'delete'] as const;

/** What a call rejects with. */
async function rejectionOf(promise: PromiseLike<unknown>): Promise<RequestError> {
	const outcome = await promise.then(
		value => ({value}),
		(error: unknown) => ({error}),
	);
	if ('error' in outcome) {
		return outcome.error as RequestError;
	}
	throw new Error(`resolved to ${String(outcome.value)}`);
}

describe('a session without a cache', () => {
	it.each(VERBS)('sends %s as got does', async verb => {
		await using origin = await startMirror();
		await using session = new ClientSession();
		const options = {searchParams: {a: 1}, ...(['post', 'put', 'patch'].includes(verb) && {json: {b: 2}})};

		const expected = await defaultGot[verb](`${origin.url}/path`, options);
		const actual = await session[verb](`${origin.url}/path`, options);

		expect(actual.body).toBe(expected.body);
		expect(actual.headers['x-method']).toBe(verb.toUpperCase());
		expect(origin.requests[1]).toEqual({...origin.requests[0], headers: expect.anything()});
	});

	it('sends what `request` is told to, and GET by default', async () => {
		await using origin = await startMirror();
		await using session = new ClientSession();
		await session.request(origin.url);
		await session.request(new URL(origin.url), {method: 'POST', form: {a: 'b c'}});
		expect(origin.requests.map(({method, body}) => [method, body.toString()])).toEqual([
			['GET', ''],
			['POST', 'a=b+c'],
		]);
	});

	it('keeps nothing', async () => {
		await using origin = await startOrigin();
		await using session = new ClientSession();
		const answers = [await session.get(origin.url).text(), await session.get(origin.url).text()];
		expect(answers).toEqual(['response 1', 'response 2']);
	});

	it('tells of a fresh response what every response of a session tells', async () => {
		await using origin = await startOrigin();
		await using session = new ClientSession();
		const before = Date.now();
		const response = await session.get(origin.url);
		expect(response.createdAt.getTime()).toBeGreaterThanOrEqual(before);
		expect(response).toMatchObject({isFromCache: false, expires: undefined, isExpired: false, cacheKey: undefined});
	});
});

describe("got's options", () => {
	it.each<[string, object]>([
		['a wrong timeout', {timeout: 5}],
		['an unknown timeout', {timeout: {forever: 1}}],
		['a wrong retry', {retry: 3}],
		['an unknown retry option', {retry: {often: true}}],
		['an unknown hook', {hooks: {beforeLunch: []}}],
		['a hook that is no function', {hooks: {beforeRequest: ['x']}}],
		['a wrong responseType', {responseType: 'xml'}],
		['a name of former times', {followRedirects: true}],
		['headers that are no object', {headers: 'x: y'}],
	])('throw at construction what got throws: %s', (_, options) => {
		const messageOf = (call: () => unknown): unknown => {
			try {
				call();
			} catch (error) {
				return error instanceof Error ? [error.name, error.message] : error;
			}
			return 'nothing';
		};
		const expected = messageOf(() => defaultGot.extend(options));
		expect(expected).not.toBe('nothing');
		expect(messageOf(() => new ClientSession(options))).toEqual(expected);
		expect(messageOf(() => new CachedSession(options))).toEqual(expected);
	});

	it.each<[string, object]>([
		['gto', {gto: defaultGot}],
		['expireafter', {expireafter: 5}],
		['jar', {jar: {}}],
	])('that neither got nor the cache knows throw: %s', (name, options) => {
		expect(() => new CachedSession(options)).toThrow(InvalidOptionError);
		expect(() => new CachedSession(options)).toThrow(`'${name}'`);
	});

	it.each([null, 5, {}, () => undefined])('a `got` that is none throws: %p', got => {
		expect(() => new ClientSession({got: got as unknown as Got})).toThrow(
			expect.objectContaining({code: 'ERR_INVALID_OPTION', option: 'got'}),
		);
	});

	it('reject a request as got rejects it', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession();
		const wrong: Array<[url: string, options: object]> = [
			[origin.url, {unheardOf: 1}],
			[origin.url, {timeout: 5}],
			[origin.url, {responseType: 'xml'}],
			[origin.url, {json: {}}],
			[origin.url, {headers: {'x-a': null}}],
			['no url', {}],
			['/path', {}],
			['ftp://127.0.0.1/', {}],
		];
		for (const [url, options] of wrong) {
			const expected = await rejectionOf(defaultGot(url, options));
			const actual = await rejectionOf(session.request(url, options));
			expect([actual.name, actual.message, actual.code]).toEqual([expected.name, expected.message, expected.code]);
			expect(actual.constructor).toBe(expected.constructor);
		}
		expect(origin.requests).toHaveLength(0);
	});

	it('are taken when the call is made, not later', async () => {
		await using origin = await startMirror();
		await using session = new CachedSession();
		const bodiesWith = async (got: CachedSession) => {
			const url = new URL(origin.url);
			const options = {searchParams: {page: 1}, headers: {'x-custom': 'a'}};
			const calls: Array<Promise<unknown>> = [];
			for (const page of [1, 2]) {
				url.searchParams.set('page', String(page));
				calls.push(got.get(url).json());
			}
			for (const page of [3, 4]) {
				options.searchParams.page = page;
				options.headers['x-custom'] = `of page ${page}`;
				calls.push(got.get(origin.url, options).json());
			}
			return Promise.all(calls);
		};
		expect(await bodiesWith(session)).toEqual(await bodiesWith(defaultGot as unknown as CachedSession));
	});

	it.each<[string, () => RequestOptions]>([
		['text', () => ({body: 'x'})],
		['text called JSON', () => ({body: '{"b": 1, "a": 2}', headers: {'content-type': 'application/json'}})],
		['bytes', () => ({body: Buffer.from([0, 255])})],
		['an array of bytes', () => ({body: new Uint8Array([65, 66])})],
		['a stream', () => ({body: Readable.from(['a', 'b'])})],
		[
			'a generator',
			() => ({
				body: (async function* () {
					yield 'a';
				})(),
			}),
		],
		['JSON', () => ({json: {b: 1, a: [new Date(0), undefined, null]}})],
		['null', () => ({json: null})],
		['zero', () => ({json: 0})],
		['JSON in words of its own', () => ({json: {a: 1}, stringifyJson: () => 'own'})],
		['JSON under another name', () => ({json: {a: 1}, headers: {'content-type': 'application/x+json'}})],
		['a form', () => ({form: {a: 1, b: true, c: 'ü &'}})],
	])('a body that is %s is sent as got sends it', async (_, makeOptions) => {
		await using origin = await startOrigin();
		await using session = new CachedSession({allowedMethods: ['POST']});
		await defaultGot.post(origin.url, makeOptions());
		await session.post(origin.url, makeOptions());
		const [expected, actual] = origin.requests;
		expect(actual).toEqual({...expected, headers: {...expected?.headers, connection: expect.anything()}});
	});

	it('a body that cannot be put into JSON is rejected as got rejects it', async () => {
		await using session = new CachedSession();
		const circular: {self?: unknown} = {};
		circular.self = circular;
		for (const json of [1n, circular]) {
			const expected = await rejectionOf(defaultGot.post('http://127.0.0.1:1/', {json}));
			const actual = await rejectionOf(session.post('http://127.0.0.1:1/', {json}));
			expect(actual).toBeInstanceOf(expected.constructor);
			expect([actual.message, actual.code]).toEqual([expected.message, expected.code]);
		}
	});

	it.each(['json', 'form'] as const)('a body given as `%s` is taken when the call is made, not later', async kind => {
		await using origin = await startMirror();
		await using session = new CachedSession({allowedMethods: ['GET', 'POST']});
		const bodiesWith = async (got: CachedSession) => {
			const body = {page: 0};
			const calls: Array<Promise<unknown>> = [];
			for (const page of [1, 2]) {
				body.page = page;
				calls.push(got.post(origin.url, {[kind]: body}).json());
			}
			return Promise.all(calls);
		};
		expect(await bodiesWith(session)).toEqual(await bodiesWith(defaultGot as unknown as CachedSession));
	});
});
