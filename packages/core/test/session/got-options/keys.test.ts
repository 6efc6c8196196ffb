/** Options of which the table says that they are part of the key, or are not. */
import {Readable} from 'node:stream';
import {gzipSync} from 'node:zlib';
import {describe, expect, it} from '@jest/globals';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession, type CachedSessionOptions, type RequestOptions} from '../../../src/index.js';
import {ask} from './expect-same.js';

const postable: CachedSessionOptions = {allowedMethods: ['GET', 'POST']};

const wrap = (value: unknown) => JSON.stringify({wrapped: value});

describe('part of the key', () => {
	it.each<[string, RequestOptions, RequestOptions]>([
		['method', {method: 'GET'}, {method: 'POST'}],
		['searchParams', {searchParams: {a: 1}}, {searchParams: {a: 2}}],
		['host', {headers: {host: 'a.example'}}, {headers: {host: 'b.example'}}],
		['username', {username: 'ann'}, {username: 'ben'}],
		['password', {username: 'ann', password: 'a'}, {username: 'ann', password: 'b'}],
		['json', {method: 'POST', json: {a: 1}}, {method: 'POST', json: {a: 2}}],
		['form', {method: 'POST', form: {a: '1'}}, {method: 'POST', form: {a: '2'}}],
		['body', {method: 'POST', body: 'a'}, {method: 'POST', body: 'b'}],
		['stringifyJson', {method: 'POST', json: 1}, {method: 'POST', json: 1, stringifyJson: wrap}],
		['decompress', {decompress: true}, {decompress: false}],
	])('%s', async (_, first, second) => {
		const body = gzipSync('answer');
		await using origin = await startOrigin({headers: {'content-encoding': 'gzip'}, body});
		await using session = new CachedSession(postable);
		for (const isFromCache of [false, true]) {
			expect(await ask(session, origin.url, first)).toMatchObject({isFromCache});
			expect(await ask(session, origin.url, second)).toMatchObject({isFromCache});
		}
		expect(origin.requests).toHaveLength(2);
	});
});

describe('one record', () => {
	it.each<[string, RequestOptions, RequestOptions]>([
		['the order of searchParams', {searchParams: 'a=1&b=2'}, {searchParams: {b: 2, a: 1}}],
		['the order of the members of json', {method: 'POST', json: {a: 1, b: 2}}, {method: 'POST', json: {b: 2, a: 1}}],
		[
			'the order of the fields of a form',
			{method: 'POST', form: {a: '1', b: '2'}},
			{method: 'POST', form: {b: '2', a: '1'}},
		],
		[
			'what stringifyJson makes alike',
			{method: 'POST', json: {wrapped: 1}},
			{method: 'POST', json: 1, stringifyJson: wrap},
		],
		['ignoredParams in searchParams', {searchParams: {a: 1, token: 'x'}}, {searchParams: {a: 1, token: 'y'}}],
		['ignoredParams in json', {method: 'POST', json: {token: 'x'}}, {method: 'POST', json: {token: 'y'}}],
		['ignoredParams in a form', {method: 'POST', form: {token: 'x'}}, {method: 'POST', form: {token: 'y'}}],
		['a header that nothing depends on', {headers: {'x-a': '1'}}, {headers: {'x-a': '2'}}],
		['copyPipedHeaders', {}, {copyPipedHeaders: true}],
		['context', {context: {a: 1}}, {context: {a: 2}}],
		['timeout', {timeout: {request: 5000}}, {timeout: {request: 6000}}],
		['responseType', {responseType: 'text'}, {responseType: 'buffer'}],
		['encoding', {encoding: 'utf8'}, {encoding: 'base64'}],
		['throwHttpErrors', {throwHttpErrors: true}, {throwHttpErrors: false}],
		['maxRedirects', {maxRedirects: 3}, {maxRedirects: 5}],
		['methodRewriting', {methodRewriting: true}, {methodRewriting: false}],
		['http2', {http2: false}, {http2: true}],
	])('%s', async (_, first, second) => {
		await using origin = await startOrigin('answer');
		await using session = new CachedSession({...postable, ignoredParams: ['token']});
		expect(await ask(session, origin.url, first)).toMatchObject({isFromCache: false});
		expect(await ask(session, origin.url, second)).toMatchObject({isFromCache: true});
		expect(origin.requests).toHaveLength(1);
	});
});

it('an object of the package form-data is sent as got sends it, and passes the cache by', async () => {
	await using origin = await startOrigin(({body, headers}) => `${headers['content-type']} ${body.toString()}`);
	await using session = new CachedSession(postable);
	const makeForm = () =>
		Object.assign(Readable.from(['pie', 'ces']), {
			getBoundary: () => 'mark',
			getHeaders: () => ({'content-type': 'multipart/form-data; boundary=mark'}),
			getLength: (callback: (error: null, length: number) => void) => callback(null, 6),
		});
	for (let call = 0; call < 2; call++) {
		const response = await session.post(origin.url, {body: makeForm() as unknown as Readable});
		expect(response).toMatchObject({isFromCache: false, body: expect.stringMatching(/pieces$/)});
	}
	expect(origin.requests).toHaveLength(2);
});

it('hooks.init runs on a hit as often as on a miss, and what it makes of the options is asked', async () => {
	await using origin = await startOrigin();
	const seen: unknown[] = [];
	await using session = new CachedSession({
		hooks: {
			init: [
				raw => {
					if (raw.context) {
						seen.push(raw.context['call']);
						raw.searchParams = {from: 'init'};
					}
				},
			],
		},
	});
	await session.get(origin.url, {context: {call: 'miss'}});
	const onMiss = seen.length;
	expect(onMiss).toBeGreaterThan(0);
	expect(await session.get(origin.url, {context: {call: 'hit'}})).toMatchObject({isFromCache: true});
	expect(seen).toEqual([...Array(onMiss).fill('miss'), ...Array(onMiss).fill('hit')]);
	expect(await session.get(`${origin.url}/?from=init`)).toMatchObject({isFromCache: true});
});
