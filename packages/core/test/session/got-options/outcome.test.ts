/** Options that say what a caller gets: each caller by its own, whatever those of the call that stored the response. */
import {gzipSync} from 'node:zlib';
import {describe, expect, it} from '@jest/globals';
import {ParseError} from 'got';
import {CookieJar} from 'tough-cookie';
import {GOT_MAJOR} from '../../../../../test-support/got-version.js';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {type CachedResponse, CachedSession, type RequestOptions} from '../../../src/index.js';
import {askThreeWays} from '../ask-three-ways.js';
import {ask, expectSame, expectSameError} from './expect-same.js';

const TEXT = 'ü€😀';

describe('bytes', () => {
	it('are a Buffer in got 14, and a Uint8Array from 15 on; of a miss, a hit and a follower', async () => {
		await using origin = await startOrigin(TEXT);
		await expectSame(origin, client => client.get(origin.url, {responseType: 'buffer'}));
		await using session = new CachedSession();
		const responses = [
			...(await Promise.all([1, 2].map(() => session.get(origin.url, {responseType: 'buffer'})))),
			await session.get(origin.url, {responseType: 'buffer'}),
		];
		for (const {body, rawBody} of responses) {
			expect([Buffer.isBuffer(body), Buffer.isBuffer(rawBody)]).toEqual([GOT_MAJOR < 15, GOT_MAJOR < 15]);
			expect(Object.getPrototypeOf(rawBody)).toBe((GOT_MAJOR < 15 ? Buffer : Uint8Array).prototype);
		}
		expect(Buffer.isBuffer(await session.get(origin.url).buffer())).toBe(GOT_MAJOR < 15);
	});
});

describe('text', () => {
	const marks = {utf8: '\ufeff', utf16: Buffer.from('\ufeff', 'utf16le')};
	const bodies: Array<[string, Uint8Array]> = [
		['UTF-8', Buffer.from(TEXT)],
		['UTF-8 with a byte order mark', Buffer.from(marks.utf8 + TEXT)],
		['nothing but a byte order mark', Buffer.from(marks.utf8)],
		['UTF-16 with a byte order mark', Buffer.concat([marks.utf16, Buffer.from(TEXT, 'utf16le')])],
		['bytes that are no UTF-8', Buffer.from([0xff, 0xc3, 0x28, 0x61, 0xe2, 0x82])],
		['an odd number of bytes', Buffer.from([0x61, 0x62, 0x63])],
		['nothing', Buffer.alloc(0)],
	];
	const encodings = [undefined, 'utf8', 'utf-8', 'UTF-8', 'utf16le', 'ucs-2', 'latin1', 'base64', 'hex'] as const;

	describe.each(bodies)('%s', (_, body) => {
		it.each(encodings)('with encoding: %p', async encoding => {
			await using origin = await startOrigin({body});
			const options = (encoding === undefined ? {} : {encoding}) as RequestOptions;
			const hit = await expectSame(origin, client => client.get(origin.url, options));
			await using session = new CachedSession();
			await session.get(origin.url, options);
			// got 15 takes a byte order mark away where it decodes a whole body, and leaves it where it decodes as the body comes.
			const seen = (text: unknown) => (GOT_MAJOR === 15 ? String(text).replace(marks.utf8, '') : text);
			expect(seen(await session.get(origin.url, options).text())).toBe(seen(hit.body));
		});
	});

	it('that is JSON behind a byte order mark', async () => {
		await using origin = await startOrigin(`${marks.utf8}{"a": 1}`);
		const call = {responseType: 'json'} as const;
		if (GOT_MAJOR === 15) {
			const {plain, miss, hit} = await askThreeWays(client => client.get(origin.url, call));
			expect([plain.error?.name, miss.error?.name]).toEqual(['ParseError', 'ParseError']);
			expect(hit.value).toMatchObject({body: {a: 1}});
		} else if (GOT_MAJOR < 15) {
			expect(await expectSameError(client => client.get(origin.url, call))).toBeInstanceOf(ParseError);
		} else {
			expect((await expectSame(origin, client => client.get(origin.url, call))).body).toEqual({a: 1});
		}
	});
});

describe('decompress: false', () => {
	it.each(['gzip', 'x-gzip', 'GZIP', 'gzip, br', 'identity', 'unheard-of'])('of a body coded as %s', async coding => {
		const body = gzipSync(TEXT);
		await using origin = await startOrigin({headers: {'content-encoding': coding}, body});
		await expectSame(origin, client => client.get(origin.url, {decompress: false}));
		await expectSame(origin, client => ask(client, origin.url, {decompress: false, method: 'HEAD'}));
	});
});

describe('a cookie jar', () => {
	it('keeps the cookies of a miss', async () => {
		await using origin = await startOrigin({headers: {'set-cookie': 'a=1'}, body: 'answer'});
		const jar = new CookieJar();
		await using session = new CachedSession();
		await session.get(origin.url, {cookieJar: jar});
		expect(await jar.getCookieString(origin.url)).toBe('a=1');
	});

	it('with a cookie that it does not take fails the miss, unless ignoreInvalidCookies; nothing is stored', async () => {
		await using origin = await startOrigin({headers: {'set-cookie': 'a=1; Domain=other.example'}, body: 'answer'});
		await expectSameError(client => client.get(origin.url, {cookieJar: new CookieJar(), retry: {limit: 0}}));
		const lax = {ignoreInvalidCookies: true};
		await expectSame(origin, client => client.get(origin.url, {cookieJar: new CookieJar(), ...lax}));
	});

	it('with a cookie header: undefined, which from 15 on means none', async () => {
		await using origin = await startOrigin(({headers}) => headers.cookie ?? 'none');
		const jar = new CookieJar();
		await jar.setCookie('a=1', origin.url);
		const options = {cookieJar: jar, headers: {cookie: undefined}};
		const {body} = await expectSame(origin, client => client.get(origin.url, options));
		expect(body).toBe(GOT_MAJOR < 15 ? 'a=1' : 'none');
	});
});

describe('the shape of the answer', () => {
	it.each<RequestOptions>([
		{resolveBodyOnly: true},
		{resolveBodyOnly: true, responseType: 'json'},
		{resolveBodyOnly: true, responseType: 'buffer'},
	])('%p', async options => {
		await using origin = await startOrigin('{"a": 1}');
		const {plain, miss, hit} = await askThreeWays(client => client.get(origin.url, options));
		expect([miss.value, hit.value]).toEqual([plain.value, plain.value]);
		expect(origin.requests).toHaveLength(2);
	});

	it('is told by the handlers of the got instance on a miss, and by none on a hit', async () => {
		await using origin = await startOrigin('answer');
		let calls = 0;
		await using session = new CachedSession({
			handlers: [
				(options, next) => {
					calls++;
					return next(options);
				},
			],
		});
		const miss = (await session.get(origin.url, {headers: {'x-a': 'b'}})) as CachedResponse<string>;
		const hit = (await session.get(origin.url, {headers: {'x-a': 'b'}})) as CachedResponse<string>;
		expect([miss.body, hit.body, calls]).toEqual(['answer', 'answer', 1]);
	});
});
