import {SQLiteBackend} from '@got-client-cache/sqlite';
import {describe, expect, it} from '@jest/globals';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {CacheBackend, CachedSession, interceptor, type Next, type SessionRequest} from '../../../src/index.js';
import {chunkedBackend} from './chunked-store.js';
import {bytesOf, sampleBytes} from './read-stream.js';

const body = sampleBytes(100_000);

describe('a part of a stored body', () => {
	it.each<[string, () => CacheBackend]>([
		['memory', () => new CacheBackend('x')],
		['SQLite', () => new SQLiteBackend(':memory:')],
		['a store of pieces', () => chunkedBackend().backend],
	])('is cut out of the stream, with %s', async (_, makeBackend) => {
		await using origin = await startOrigin((_request, response) => {
			response.setHeader('cache-control', 'max-age=100').setHeader('etag', '"a"');
			response.end(body);
		});
		await using session = new CachedSession({cache: makeBackend(), cacheControl: true});
		await bytesOf(session.stream(origin.url));
		for (const [first, last] of [
			[0, 0],
			[999, 1000],
			[1500, 73_210],
			[99_999, 99_999],
		] as const) {
			const stream = session.stream(origin.url, {headers: {range: `bytes=${first}-${last}`}});
			expect((await bytesOf(stream)).equals(body.subarray(first, last + 1))).toBe(true);
			expect(stream.response).toMatchObject({statusCode: 206, isFromCache: true});
			expect(stream.response?.headers['content-range']).toBe(`bytes ${first}-${last}/100000`);
		}
		expect(origin.requests).toHaveLength(1);
	});

	it('is cut out also where the store does not say how long the whole is', async () => {
		await using origin = await startOrigin((_request, response) => {
			response.setHeader('cache-control', 'max-age=100').setHeader('etag', '"a"');
			response.write(body.subarray(0, 10));
			response.end(body.subarray(10));
		});
		const {store, backend} = chunkedBackend();
		store.touch = async () => false;
		await using session = new CachedSession({cache: backend, cacheControl: true});
		await bytesOf(session.stream(origin.url));
		const stream = session.stream(origin.url, {headers: {range: 'bytes=99990-'}});
		expect((await bytesOf(stream)).equals(body.subarray(99_990))).toBe(true);
		expect(stream.response?.headers['content-range']).toBe('bytes 99990-99999/100000');
		expect(origin.requests).toHaveLength(1);
	});

	it('is there also after an interceptor has looked at it', async () => {
		await using origin = await startOrigin({headers: {'cache-control': 'max-age=100', etag: '"a"'}, body});
		class LookingSession extends CachedSession {
			@interceptor
			async look(request: SessionRequest, next: Next) {
				const response = await next(request);
				await response.body.bytes();
				return response;
			}
		}
		await using session = new LookingSession({cache: chunkedBackend().backend, cacheControl: true});
		await bytesOf(session.stream(origin.url));
		const stream = session.stream(origin.url, {headers: {range: 'bytes=10-2009'}});
		expect((await bytesOf(stream)).equals(body.subarray(10, 2010))).toBe(true);
	});

	it('is stored, and completed with what is missing', async () => {
		await using origin = await startOrigin(({headers}) => {
			const [, first = '0', last] = /bytes=(\d+)-(\d*)/.exec(headers.range ?? '') ?? [];
			const [from, to] = [Number(first), last ? Number(last) : body.length - 1];
			return headers.range === undefined
				? {headers: {etag: '"a"', 'cache-control': 'max-age=100'}, body}
				: {
						status: 206,
						headers: {
							etag: '"a"',
							'cache-control': 'max-age=100',
							'content-length': to - from + 1,
							'content-range': `bytes ${from}-${to}/${body.length}`,
						},
						body: body.subarray(from, to + 1),
					};
		});
		await using session = new CachedSession({cacheControl: true});
		const part = session.stream(origin.url, {headers: {range: 'bytes=0-49999'}});
		expect((await bytesOf(part)).equals(body.subarray(0, 50_000))).toBe(true);
		expect((await bytesOf(session.stream(origin.url))).equals(body)).toBe(true);
		expect((await bytesOf(session.stream(origin.url))).equals(body)).toBe(true);
		expect(origin.requests.map(({headers}) => headers.range)).toEqual(['bytes=0-49999', 'bytes=50000-']);
	});
});
