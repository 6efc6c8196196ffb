import {describe, expect, it} from '@jest/globals';
import {HTTPError, ParseError, type RequestError} from 'got';
import {type Origin, startOrigin} from '../../../../test-support/origin-server.js';
import {CachedSession, type CachedSessionOptions, type RequestOptions} from '../../src/index.js';
import {askThreeWays, comparable, comparableError} from './ask-three-ways.js';

type Call = (client: CachedSession) => PromiseLike<unknown>;

/** That a call rejects alike in all three ways, and that the third asked nobody. */
async function expectSameError(origin: Origin, call: Call, options?: CachedSessionOptions): Promise<RequestError> {
	const before = origin.requests.length;
	const {plain, miss, hit} = await askThreeWays(call, options);
	expect(origin.requests.length - before).toBe(2);
	expect(comparableError(miss.error)).toEqual(comparableError(plain.error));
	expect(comparableError(hit.error)).toEqual(comparableError(plain.error));
	return hit.error!;
}

const WITH_404 = {allowedCodes: [200, 404, 500], retry: {limit: 0}};

describe('a stored status that is an error', () => {
	it.each<RequestOptions>([
		{},
		{responseType: 'json'},
		{responseType: 'buffer'},
		{resolveBodyOnly: true},
		{followRedirect: false},
	])("is got's HTTPError on hit and miss: %p", async options => {
		await using origin = await startOrigin({status: 404, headers: {etag: '"x"'}, body: '{"no": true}'});
		const error = await expectSameError(origin, client => client.get(origin.url, options), WITH_404);
		expect(error).toBeInstanceOf(HTTPError);
		expect(error.response?.isFromCache).toBe(true);
		expect(error.response?.request.options.url).toEqual(new URL(origin.url));
	});

	it.each(['json', 'text', 'buffer'] as const)('is thrown by .%s() too', async shortcut => {
		await using origin = await startOrigin({status: 404, body: '{"no": true}'});
		await expectSameError(origin, client => client.get(origin.url)[shortcut](), WITH_404);
	});

	it('that comes with a page which is no JSON is still an HTTPError, with the page as text', async () => {
		await using origin = await startOrigin({status: 404, body: '<h1>'});
		const error = await expectSameError(origin, client => client.get(origin.url, {responseType: 'json'}), WITH_404);
		expect(error).toBeInstanceOf(HTTPError);
		expect(error.response?.body).toBe('<h1>');
	});

	it.each<RequestOptions>([{}, {responseType: 'json'}, {responseType: 'buffer'}, {followRedirect: false}])(
		'is a response without throwHttpErrors: %p',
		async options => {
			await using origin = await startOrigin({status: 404, body: '{"no": true}'});
			const call: Call = client => client.get(origin.url, {...options, throwHttpErrors: false});
			const {plain, miss, hit} = await askThreeWays(call, WITH_404);
			expect(comparable(plain.value)).toMatchObject({statusCode: 404, ok: false});
			expect(comparable(miss.value)).toEqual(comparable(plain.value));
			expect(comparable(hit.value)).toEqual(comparable(plain.value));
		},
	);

	it('is thrown or not as each call says, whatever the call said that stored it', async () => {
		await using origin = await startOrigin({status: 404, body: 'no'});
		await using session = new CachedSession(WITH_404);
		await expect(session.get(origin.url)).rejects.toBeInstanceOf(HTTPError);
		expect(await session.get(origin.url, {throwHttpErrors: false})).toMatchObject({statusCode: 404});
		await expect(session.get(origin.url)).rejects.toMatchObject({response: {statusCode: 404, isFromCache: true}});
		expect(origin.requests).toHaveLength(1);
	});

	it('that is not allowed is not stored, and just as much an error', async () => {
		await using origin = await startOrigin({status: 404, body: 'no'});
		const {plain, miss, hit} = await askThreeWays(client => client.get(origin.url));
		expect(comparableError(miss.error)).toEqual(comparableError(plain.error));
		expect(comparableError(hit.error)).toEqual(comparableError(plain.error));
		expect(origin.requests).toHaveLength(3);
	});

	it('at the end of redirects names the last request', async () => {
		await using origin = await startOrigin({status: 404, body: 'no'});
		origin.route('/a', {status: 303, headers: {location: '/b'}});
		const settings = {allowedCodes: [404], allowedMethods: ['GET', 'POST']};
		for (const verb of ['get', 'post'] as const) {
			const {plain, miss, hit} = await askThreeWays(client => client[verb](`${origin.url}/a`), settings);
			expect(plain.error?.message).toContain(`GET ${origin.url}/b`);
			expect(comparableError(miss.error)).toEqual(comparableError(plain.error));
			expect(comparableError(hit.error)).toEqual(comparableError(plain.error));
			expect(hit.error?.response?.isFromCache).toBe(true);
		}
	});

	it('by followRedirect as a function is what got makes of it', async () => {
		await using origin = await startOrigin({status: 302, body: 'no location'});
		for (const answer of [true, false]) {
			const call: Call = client => client.get(origin.url, {followRedirect: () => answer, throwHttpErrors: false});
			const {plain, miss, hit} = await askThreeWays(call, {allowedCodes: [302]});
			const oks = [plain, miss, hit].map(({value}) => (value as {ok: boolean}).ok);
			expect(oks).toEqual([!answer, !answer, !answer]);
		}
	});
});

describe('a body that cannot be parsed', () => {
	it("is got's ParseError on miss and hit, and is stored all the same", async () => {
		await using origin = await startOrigin({body: '{"half":'});
		const error = await expectSameError(origin, client => client.get(origin.url, {responseType: 'json'}));
		expect(error).toBeInstanceOf(ParseError);
		expect(error).toMatchObject({code: 'ERR_BODY_PARSE_FAILURE', response: {body: '{"half":', isFromCache: true}});
		expect(error.cause).toBeInstanceOf(SyntaxError);
	});

	it('is so for .json()', async () => {
		await using origin = await startOrigin({body: '{"half":'});
		const error = await expectSameError(origin, client => client.get(origin.url).json());
		expect(error).toBeInstanceOf(ParseError);
	});

	it('is so for a parseJson that throws', async () => {
		await using origin = await startOrigin({body: '{}'});
		const parseJson = () => {
			throw new RangeError('mine');
		};
		const error = await expectSameError(origin, client => client.get(origin.url, {responseType: 'json', parseJson}));
		expect(error.cause).toBeInstanceOf(RangeError);
		await expectSameError(origin, client => client.get(origin.url, {parseJson}).json());
	});

	it('is none for those who want text', async () => {
		await using origin = await startOrigin({body: '{"half":'});
		await using session = new CachedSession();
		await expect(session.get(origin.url, {responseType: 'json'})).rejects.toBeInstanceOf(ParseError);
		expect(await session.get(origin.url)).toMatchObject({isFromCache: true, body: '{"half":'});
		await expect(session.get(origin.url).json()).rejects.toBeInstanceOf(ParseError);
		expect(origin.requests).toHaveLength(1);
	});
});

describe('retries', () => {
	const retry = {limit: 2, calculateDelay: ({computedValue}: {computedValue: number}) => Math.min(computedValue, 1)};

	it("are got's: as many, and the same answer", async () => {
		let failures = 0;
		await using origin = await startOrigin(() => ({status: failures++ % 3 === 2 ? 200 : 503, body: `${failures % 3}`}));
		const {plain, miss, hit} = await askThreeWays(client => client.get(origin.url, {retry}));
		expect([plain.value, miss.value]).toEqual([
			expect.objectContaining({statusCode: 200, retryCount: 2}),
			expect.objectContaining({statusCode: 200, retryCount: 2}),
		]);
		expect(comparable(miss.value)).toEqual(comparable(plain.value));
		expect(hit.value).toMatchObject({isFromCache: true, retryCount: 0});
		expect(origin.requests).toHaveLength(6);
	});

	it('that come to nothing end with an HTTPError, and store nothing', async () => {
		await using origin = await startOrigin({status: 503, body: 'busy'});
		const {plain, miss, hit} = await askThreeWays(client => client.get(origin.url, {retry}));
		expect(comparableError(miss.error)).toEqual(comparableError(plain.error));
		expect(comparableError(hit.error)).toEqual(comparableError(plain.error));
		expect(plain.error?.response?.retryCount).toBe(2);
		expect(miss.error?.response?.retryCount).toBe(2);
		expect(origin.requests).toHaveLength(9);
	});

	it('of a broken connection are the same', async () => {
		await using origin = await startOrigin((_, response) => void response.destroy());
		const {plain, miss} = await askThreeWays(client => client.get(origin.url, {retry}));
		expect(comparableError(miss.error)).toEqual(comparableError(plain.error));
		expect(origin.requests).toHaveLength(9);
	});
});

describe('what a session does not take', () => {
	it.each<[string, object]>([
		['isStream', {isStream: true}],
		['cache', {cache: new Map()}],
		['cache', {cache: true}],
		['expireAfter', {expireAfter: '3'}],
		['refresh', {refresh: 1}],
	])("is rejected as an invalid '%s'", async (option, options) => {
		await using origin = await startOrigin();
		await using session = new CachedSession();
		await expect(session.get(origin.url, options)).rejects.toMatchObject({
			name: 'InvalidOptionError',
			code: 'ERR_INVALID_OPTION',
			option,
		});
		expect(origin.requests).toHaveLength(0);
	});

	it('may be given as `undefined` or `false`', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession();
		const nothing = {
			isStream: false,
			cache: undefined,
			expireAfter: undefined,
			refresh: undefined,
			onlyIfCached: undefined,
		};
		await session.get(origin.url, nothing);
		expect((await session.get(origin.url, nothing)).isFromCache).toBe(true);
	});
});
