import {gzipSync} from 'node:zlib';
import {describe, expect, it} from '@jest/globals';
import type {Response} from 'got';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {CachedSession, type CachedSessionOptions, type RequestOptions} from '../../src/index.js';
import {askThreeWays, comparable} from './ask-three-ways.js';
import {expectSame, expectSameResponse} from './expect-same.js';

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
