import {Readable} from 'node:stream';
import {describe, expect, it} from '@jest/globals';
import {CachedSession, type RequestOptions} from '../../../src/index.js';
import {expectSame, expectSameError} from './expect-same.js';
import {postable, startMirror} from './start-mirror.js';

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
