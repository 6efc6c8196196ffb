import {once} from 'node:events';
import type {ServerResponse} from 'node:http';
import {Readable} from 'node:stream';
import {setTimeout as sleep} from 'node:timers/promises';
import {brotliCompressSync, gzipSync} from 'node:zlib';
import {SQLiteBackend} from '@got-client-cache/sqlite';
import {describe, expect, it} from '@jest/globals';
import fc from 'fast-check';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {CacheBackend, CachedSession, type CachedSessionOptions, type StoredResponse} from '../../../src/index.js';
import {collectErrors} from '../faulty-store.js';
import {chunkedBackend} from './chunked-store.js';
import {bytesOf, failureOf, sampleBytes, textOf} from './read-stream.js';

const BACKENDS: Array<[string, () => CacheBackend]> = [
	['memory', () => new CacheBackend('x')],
	['SQLite', () => new SQLiteBackend(':memory:')],
	['a store of pieces', () => chunkedBackend().backend],
];

/** What is stored for a URL, read as a promise, without anything being sent. */
async function storedOf(session: CachedSession, url: string): Promise<Buffer | undefined> {
	const response = await session.get(url, {onlyIfCached: true, throwHttpErrors: false, responseType: 'buffer'});
	return response.statusCode === 504 ? undefined : Buffer.from(response.body);
}

describe.each(BACKENDS)('with %s', (_, makeBackend) => {
	const makeSession = (options: CachedSessionOptions = {}) =>
		new CachedSession({cache: makeBackend(), retry: {limit: 0}, onCacheError: 'throw', ...options});

	it('whatever the pieces: the caller, the store and the next caller get the same bytes', async () => {
		let pieces: Uint8Array[] = [];
		let coding: 'gzip' | 'br' | undefined;
		await using origin = await startOrigin(async (_request, response) => {
			const headers = coding ? {'content-encoding': coding} : {};
			response.writeHead(200, headers);
			const whole = Buffer.concat(pieces);
			const coded = coding === 'gzip' ? gzipSync(whole) : brotliCompressSync(whole);
			for (const piece of coding ? [coded.subarray(0, 5), coded.subarray(5)] : pieces) {
				response.write(piece);
				await new Promise(setImmediate);
			}
			response.end();
			return undefined;
		});
		await using session = makeSession();
		let runs = 0;
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.uint8Array({minLength: 1, maxLength: 3000}), {maxLength: 12}),
				fc.constantFrom(undefined, 'gzip' as const, 'br' as const),
				fc.integer({min: 1, max: 5000}),
				async (given, codedAs, readSize) => {
					pieces = given;
					coding = codedAs;
					const whole = Buffer.concat(given);
					const url = `${origin.url}/${runs++}`;
					const miss = session.stream(url);
					const read: Buffer[] = [];
					for await (const chunk of miss) {
						read.push(chunk as Buffer);
						if (readSize % 7 === 0) {
							await new Promise(setImmediate);
						}
					}
					expect(Buffer.concat(read).equals(whole)).toBe(true);
					expect(miss.downloadProgress).toEqual({percent: 1, transferred: whole.length, total: whole.length});
					const hit = session.stream(url);
					expect((await bytesOf(hit)).equals(whole)).toBe(true);
					expect(hit.isFromCache).toBe(true);
					expect((await storedOf(session, url))?.equals(whole)).toBe(true);
				},
			),
			{numRuns: 40},
		);
		expect(origin.requests).toHaveLength(runs);
	});

	it('what is stored says how long it is, also where the response did not', async () => {
		await using origin = await startOrigin((_request, response) => {
			response.write(sampleBytes(2000));
			response.end(sampleBytes(3000));
		});
		await using session = makeSession();
		await bytesOf(session.stream(origin.url));
		const sizes: number[] = [];
		for await (const {metadata} of session.cache.responses.entries()) {
			sizes.push((metadata as StoredResponse).bodySize);
		}
		expect(sizes).toEqual([5000]);
	});

	it('the end comes when it is stored, and not before', async () => {
		await using origin = await startOrigin('x'.repeat(2000));
		await using session = makeSession();
		const stream = session.stream(origin.url).resume();
		await once(stream, 'end');
		expect(await session.cache.hasUrl(origin.url)).toBe(true);
	});

	it.each<[string, (response: ServerResponse) => void]>([
		[
			'cut off before its length',
			response => {
				response.writeHead(200, {'content-length': 100_000});
				response.write(sampleBytes(50_000), () => response.destroy());
			},
		],
		[
			'cut off in the middle of its chunks',
			response => {
				response.write(sampleBytes(50_000), () => setTimeout(() => response.destroy(), 10));
			},
		],
		[
			'coded badly',
			response => {
				response.writeHead(200, {'content-encoding': 'gzip'});
				response.end(Buffer.concat([gzipSync(sampleBytes(50_000)).subarray(0, 100), Buffer.alloc(1000, 7)]));
			},
		],
		[
			'coded, and shorter than its coding says',
			response => {
				response.writeHead(200, {'content-encoding': 'gzip'});
				response.end(gzipSync(sampleBytes(50_000)).subarray(0, -20));
			},
		],
	])('a body that is %s is an error, and not stored', async (_case, answer) => {
		await using origin = await startOrigin((_request, response) => void answer(response));
		await using session = makeSession();
		const errors = collectErrors(session);
		const error = await failureOf(session.stream(origin.url));
		expect(error.name).toBe('ReadError');
		expect(await session.cache.hasUrl(origin.url)).toBe(false);
		expect(errors).toEqual([]);
		origin.fallback('whole');
		expect(await textOf(session.stream(origin.url))).toBe('whole');
		expect(await storedOf(session, origin.url)).toEqual(Buffer.from('whole'));
	});

	it.each(['known', 'unknown'])('a body that is too large passes through (length %s)', async length => {
		const body = sampleBytes(200_000);
		await using origin = await startOrigin((_request, response) => {
			if (length === 'known') {
				response.setHeader('content-length', body.length);
			}
			response.end(body);
		});
		await using session = makeSession({maxBodySize: 199_999});
		const errors = collectErrors(session);
		expect((await bytesOf(session.stream(origin.url))).equals(body)).toBe(true);
		expect(await session.cache.hasUrl(origin.url)).toBe(false);
		expect(errors).toEqual([]);
		await using roomy = makeSession({maxBodySize: 200_000});
		await bytesOf(roomy.stream(origin.url));
		expect(await roomy.cache.hasUrl(origin.url)).toBe(true);
	});

	it('a caller that gives up ends the transfer, and nothing is stored', async () => {
		const closed: string[] = [];
		await using origin = await startOrigin((request, response) => {
			response.on('close', () => closed.push(request.url));
			response.write(sampleBytes(100_000));
		});
		const session = makeSession();
		const errors = collectErrors(session);
		const byBreak = session.stream(`${origin.url}/break`);
		for await (const _chunk of byBreak) {
			break;
		}
		const destroyed = session.stream(`${origin.url}/destroy`);
		await once(destroyed, 'data');
		destroyed.destroy();
		const controller = new AbortController();
		const signalled = session.stream(`${origin.url}/signal`, {signal: controller.signal});
		await once(signalled, 'data');
		controller.abort();
		expect(await failureOf(signalled)).toMatchObject({name: 'AbortError', code: 'ERR_ABORTED'});
		const atOnce = session.stream(`${origin.url}/never`);
		atOnce.destroy();
		await once(atOnce, 'close');
		await sleep(20);
		expect(closed.sort()).toEqual(['/break', '/destroy', '/signal']);
		for (const path of ['/break', '/destroy', '/signal', '/never']) {
			expect(await session.cache.hasUrl(`${origin.url}${path}`)).toBe(false);
		}
		expect(errors).toEqual([]);
		await session.close();
	});

	it('variants, and the redirects on the way', async () => {
		await using origin = await startOrigin(({headers}) => ({
			headers: {vary: 'accept-language'},
			body: `in ${headers['accept-language']}`,
		}));
		origin.route('/old', {status: 301, headers: {location: '/new'}});
		await using session = makeSession();
		for (const _ of ['miss', 'hit']) {
			for (const language of ['de', 'en']) {
				const stream = session.stream(`${origin.url}/old`, {headers: {'accept-language': language}});
				expect(await textOf(stream)).toBe(`in ${language}`);
				expect(stream.redirectUrls.map(String)).toEqual([`${origin.url}/new`]);
			}
		}
		// The second language knows the way already.
		expect(origin.requests.filter(({url}) => url === '/new')).toHaveLength(2);
		expect((await session.get(`${origin.url}/old`, {headers: {'accept-language': 'en'}})).isFromCache).toBe(true);
	});
});

describe('the pace', () => {
	it('is the caller’s: neither the session nor the store runs ahead of it', async () => {
		let sent = 0;
		await using origin = await startOrigin((_request, response) => {
			const piece = sampleBytes(100_000);
			const pieces = function* () {
				for (let count = 0; count < 300; count++) {
					sent += piece.length;
					yield piece;
				}
			};
			Readable.from(pieces()).pipe(response);
		});
		const {store, backend} = chunkedBackend();
		await using session = new CachedSession({cache: backend});
		const stream = session.stream(origin.url);
		await once(stream, 'readable');
		await sleep(200);
		// Besides what the sockets of the system hold.
		expect(sent).toBeLessThan(15_000_000);
		expect(store.taken * 1000).toBeLessThan(1_000_000);
		const whole = await bytesOf(stream);
		expect(whole).toHaveLength(30_000_000);
		expect(store.taken).toBe(30_000);
	});
});
