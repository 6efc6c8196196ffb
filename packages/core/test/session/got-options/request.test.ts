/** Options that make the request: what is sent, and what is asked of the cache. */
import {Readable} from 'node:stream';
import {describe, expect, it} from '@jest/globals';
import {GOT_MAJOR} from '../../../../../test-support/got-version.js';
import {type Origin, startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession, type CachedSessionOptions, type RequestOptions} from '../../../src/index.js';
import {ask, expectSame, expectSameError} from './expect-same.js';

/** Says what it was sent. */
function startMirror(): Promise<Origin> {
	return startOrigin(({method, url, headers, body}) => ({
		body: {method, url, body: body.toString(), type: headers['content-type'], user: headers.authorization},
	}));
}

const postable: CachedSessionOptions = {allowedMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']};

describe('the URL', () => {
	it.each<[string, RequestOptions]>([
		['a string', {searchParams: 'b=2&a=1 2'}],
		['an object', {searchParams: {b: 2, a: 'ü', none: null, truth: true, gone: undefined}}],
		[
			'URLSearchParams',
			{
				searchParams: new URLSearchParams([
					['a', '1'],
					['a', '2'],
				]),
			},
		],
	])('with searchParams as %s', async (_, options) => {
		await using origin = await startMirror();
		await expectSame(origin, client => client.get(`${origin.url}/?c=3`, options));
		await using session = new CachedSession();
		await session.get(`${origin.url}/?c=3`, options);
		expect((await session.get(`${origin.url}/?c=3`)).isFromCache).toBe(false);
	});

	it('with a prefixUrl, of the session or of the request', async () => {
		await using origin = await startMirror();
		await expectSame(origin, client => client.get('users/1', {prefixUrl: `${origin.url}/v1`}));
		await using session = new CachedSession({prefixUrl: `${origin.url}/v1/`});
		expect((await session.get('users')).url).toBe(`${origin.url}/v1/users`);
		expect(await session.get(`${origin.url}/v1/users`)).toMatchObject({isFromCache: true});
		await expect(session.get('/users')).rejects.toMatchObject({name: 'RequestError'});
	});

	it('outside a prefixUrl, with allowAbsoluteUrls: false from got 15 on', async () => {
		await using origin = await startMirror();
		const options = {prefixUrl: `${origin.url}/v1`, allowAbsoluteUrls: false} as RequestOptions;
		const error = await expectSameError(client => client.get(`${origin.url}/v2`, options));
		expect(error.message).toMatch(GOT_MAJOR < 15 ? 'Unexpected option' : 'must be relative');
	});

	it('with a user and a password', async () => {
		await using origin = await startMirror();
		await expectSame(origin, client => client.get(origin.url, {username: 'ann', password: 'secret'}));
		await expectSame(origin, client => client.get(origin.url.replace('//', '//ann:secret@')));
		await using session = new CachedSession();
		await session.get(origin.url, {username: 'ann', password: 'secret'});
		expect(await session.get(origin.url.replace('//', '//ann:secret@'))).toMatchObject({isFromCache: true});
		expect(await session.get(origin.url, {username: 'ben', password: 'secret'})).toMatchObject({isFromCache: false});
		expect(await session.get(origin.url)).toMatchObject({isFromCache: false});
	});

	it('with a user and an Authorization header, of which this got sends one', async () => {
		await using origin = await startMirror();
		const headers = {authorization: 'Bearer token'};
		const {body} = await expectSame(origin, client => client.get(origin.url.replace('//', '//ann:secret@'), {headers}));
		expect(body).toContain(GOT_MAJOR < 15 ? 'Basic ' : 'Bearer ');
		const without = {headers: {authorization: undefined}};
		await expectSame(origin, client => client.get(origin.url.replace('//', '//ann:secret@'), without));
	});

	it('in the options is refused, as there is one already', async () => {
		await using origin = await startMirror();
		await using session = new CachedSession();
		const options = {url: `${origin.url}/other`} as RequestOptions;
		await expect(session.get(origin.url, options)).rejects.toMatchObject({name: 'RequestError'});
		expect(origin.requests).toHaveLength(0);
	});
});

describe('the method and the headers', () => {
	it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const)('%s', async method => {
		await using origin = await startMirror();
		await expectSame(origin, client => ask(client, origin.url, {method}), postable);
	});

	it('QUERY, which got knows from 16 on', async () => {
		await using origin = await startMirror();
		const options = {method: 'QUERY', body: 'select'} as unknown as RequestOptions;
		if (GOT_MAJOR < 16) {
			await using session = new CachedSession();
			await expect(session.request(origin.url, {...options, cache: false})).resolves.toBeDefined();
			return;
		}
		await expectSame(origin, client => ask(client, origin.url, options), {allowedMethods: ['GET', 'QUERY']});
		await using session = new CachedSession({allowedMethods: ['QUERY']});
		await session.request(origin.url, options);
		expect(await session.request(origin.url, {...options, body: 'other'})).toMatchObject({isFromCache: false});
	});

	it('headers of all shapes', async () => {
		await using origin = await startMirror();
		const headers = {'X-Case': 'a', 'x-list': ['a', 'b'], 'x-gone': undefined, 'user-agent': undefined, accept: '*/*'};
		await expectSame(origin, client => client.get(origin.url, {headers}));
	});

	it('a number as header, which is the string that it is sent as', async () => {
		await using origin = await startMirror();
		const number = {headers: {'x-version': 5 as unknown as string}};
		await expectSame(origin, client => client.get(origin.url, number), {includeHeaders: ['x-version']});
		await using session = new CachedSession({includeHeaders: ['x-version']});
		await session.get(origin.url, number);
		expect(await session.get(origin.url, {headers: {'x-version': '5'}})).toMatchObject({isFromCache: true});
	});

	it('accept-encoding: undefined, which from 16 on means none', async () => {
		await using origin = await startOrigin(({headers}) => ({
			headers: {vary: 'accept-encoding'},
			body: headers['accept-encoding'] ?? 'none',
		}));
		const options = {headers: {'accept-encoding': undefined}};
		const {body} = await expectSame(origin, client => client.get(origin.url, options));
		expect(body === 'none').toBe(GOT_MAJOR >= 16);
	});

	it('setHost: false and copyPipedHeaders: true change nothing for the cache', async () => {
		await using origin = await startMirror();
		await expectSame(origin, client => client.get(origin.url, {setHost: true, copyPipedHeaders: true}));
		await using session = new CachedSession();
		await session.get(origin.url);
		const {host} = new URL(origin.url);
		expect(await session.get(origin.url, {setHost: false, headers: {host}})).toMatchObject({isFromCache: true});
	});
});

describe('a body', () => {
	it.each<[string, RequestOptions]>([
		['json', {json: {a: [1, 'ü'], b: null}}],
		['json that is falsy', {json: 0}],
		['form', {form: {a: '1', b: 'ü &'}}],
		['a string', {body: 'text'}],
		['an empty string', {body: ''}],
		['a Buffer', {body: Buffer.from('bytes')}],
		['a Uint8Array', {body: new TextEncoder().encode('bytes')}],
		['a window on a larger buffer', {body: new Uint8Array(Buffer.from('some bytes')).subarray(5)}],
	])('as %s is part of the key', async (_, options) => {
		await using origin = await startMirror();
		await expectSame(origin, client => client.post(origin.url, options), postable);
		await using session = new CachedSession(postable);
		await session.post(origin.url, options);
		expect(await session.post(origin.url, {body: 'another'})).toMatchObject({isFromCache: false});
	});

	it('of a GET, with allowGetBody', async () => {
		await using origin = await startMirror();
		await expectSame(origin, client => client.get(origin.url, {allowGetBody: true, json: {a: 1}}));
		await using session = new CachedSession();
		await session.get(origin.url, {allowGetBody: true, json: {a: 1}});
		expect(await session.get(origin.url, {allowGetBody: true, json: {a: 2}})).toMatchObject({isFromCache: false});
		await expectSameError(client => client.get(origin.url, {json: {a: 1}}));
	});

	it('with a stringifyJson of one’s own is what that makes of it', async () => {
		await using origin = await startMirror();
		const stringifyJson = (value: unknown) => JSON.stringify({wrapped: value});
		const {body} = await expectSame(origin, client => client.post(origin.url, {json: 1, stringifyJson}), postable);
		expect(JSON.parse(body as string)).toMatchObject({body: '{"wrapped":1}', type: 'application/json'});
	});

	it.each<[string, () => RequestOptions]>([
		['a stream', () => ({body: Readable.from(['pie', 'ces'])})],
		['a generator', () => ({body: pieces()})],
		['a web stream', () => ({body: new Blob(['pie', 'ces']).stream() as unknown as AsyncGenerator})],
	])('as %s passes the cache by, every time', async (_, makeOptions) => {
		await using origin = await startMirror();
		await using session = new CachedSession(postable);
		for (let call = 0; call < 2; call++) {
			const response = await session.post(origin.url, {...makeOptions(), responseType: 'json'});
			expect(response).toMatchObject({isFromCache: false, cacheKey: undefined, body: {body: 'pieces'}});
		}
		expect(origin.requests).toHaveLength(2);
	});

	/** A form with a text and a file; got's types have it from 15 on. */
	function formWith(text: string, file = new File(['bytes'], 'a.bin', {type: 'application/x-a'})): {body: string} {
		const form = new FormData();
		form.append('text', text);
		form.append('file', file);
		return {body: form as unknown as string};
	}

	it('as FormData is part of the key: names, texts, and the names, types and contents of files', async () => {
		await using origin = await startMirror();
		await using session = new CachedSession(postable);
		const first = await session.post(origin.url, formWith('a'));
		expect(JSON.parse(first.body)).toMatchObject({type: expect.stringMatching(/^multipart\/form-data; boundary=/)});
		expect(origin.requests[0]!.body.toString()).toMatch(/name="text"\r\n.*\r\na\r\n.*filename="a.bin".*bytes/s);
		expect(await session.post(origin.url, formWith('a'))).toMatchObject({isFromCache: true, body: first.body});
		const others = [
			formWith('b'),
			formWith('a', new File(['other'], 'a.bin', {type: 'application/x-a'})),
			formWith('a', new File(['bytes'], 'b.bin', {type: 'application/x-a'})),
			formWith('a', new File(['bytes'], 'a.bin', {type: 'text/plain'})),
			{body: 'multipart/form-data'},
		];
		for (const options of others) {
			expect(await session.post(origin.url, options)).toMatchObject({isFromCache: false});
		}
	});

	it('as FormData is taken when the call is made, not later', async () => {
		await using origin = await startMirror();
		await using session = new CachedSession(postable);
		const {body} = formWith('a');
		const call = session.post(origin.url, {body});
		(body as unknown as FormData).append('late', 'x');
		await call;
		expect(origin.requests[0]!.body.toString()).not.toContain('late');
		expect(await session.post(origin.url, formWith('a'))).toMatchObject({isFromCache: true});
	});

	it('as FormData of more than a megabyte passes the cache by', async () => {
		await using origin = await startMirror();
		await using session = new CachedSession(postable);
		const large = new File([new Uint8Array(1024 * 1024)], 'large');
		for (let call = 0; call < 2; call++) {
			expect(await session.post(origin.url, formWith('a', large))).toMatchObject({isFromCache: false});
		}
		expect(origin.requests[1]!.body.byteLength).toBeGreaterThan(1024 * 1024);
	});

	it('as a Blob is refused as got refuses it', async () => {
		await using origin = await startMirror();
		await expectSameError(client => client.post(origin.url, {body: new Blob(['x']) as unknown as string}), postable);
	});
});

async function* pieces(): AsyncGenerator<string> {
	yield 'pie';
	yield 'ces';
}

describe('context', () => {
	it('is merged as got merges it, reaches interceptors and hooks, and is no part of the key', async () => {
		await using origin = await startMirror();
		const seen: unknown[] = [];
		await using session = new CachedSession({
			context: {of: 'session'},
			hooks: {beforeRequest: [({context}) => void seen.push(context)]},
		});
		await session.get(origin.url, {context: {token: 1}});
		const hit = await session.get(origin.url, {context: {token: 2}});
		expect(hit.isFromCache).toBe(true);
		expect(hit.request.options.context).toEqual({of: 'session', token: 2});
		expect(seen).toEqual([{of: 'session', token: 1}]);
	});
});
