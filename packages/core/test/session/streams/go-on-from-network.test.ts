import {once} from 'node:events';
import {setTimeout as sleep} from 'node:timers/promises';
import {gzipSync} from 'node:zlib';
import {describe, expect, it} from '@jest/globals';
import {Mixin} from 'ts-mixer';
import {type OriginHandler, startOrigin} from '../../../../../test-support/origin-server.js';
import {
	CachedSession,
	type CachedSessionOptions,
	CacheMixin,
	ClientSession,
	interceptor,
	type Next,
	type RequestOptions,
	type SessionRequest,
} from '../../../src/index.js';
import {collectErrors} from '../faulty-store.js';
import {chunkedBackend} from './chunked-store.js';
import {bytesOf, failureOf, sampleBytes} from './read-stream.js';

const body = sampleBytes(100_000);
const damaged = () => Promise.reject(new Error('damaged'));
const FAULT = 'The cache failed to read: damaged';

/** An origin whose answer is stored, in a store that fails from now on after 90 of the 100 pieces. */
async function broken(answer: OriginHandler, options: CachedSessionOptions = {}, fault: () => unknown = damaged) {
	const origin = await startOrigin(answer);
	const {store, backend} = chunkedBackend();
	const session = new CachedSession({cache: backend, retry: {limit: 0}, ...options});
	await bytesOf(session.stream(origin.url));
	origin.requests.length = 0;
	store.onGive = piece => piece === 90 && fault();
	return {
		origin,
		store,
		session,
		errors: collectErrors(session),
		read: (requestOptions?: RequestOptions) => session.stream(origin.url, requestOptions),
		async [Symbol.asyncDispose]() {
			await session.close();
			await origin.close();
		},
	};
}

describe('a stored body that fails in its middle', () => {
	it.each<[string, OriginHandler]>([
		['in one piece', (_request, response) => void response.end(body)],
		['with a strong validator', (_request, response) => void response.setHeader('etag', '"a"').end(body)],
		[
			'coded',
			(_request, response) => void response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.from(body))),
		],
		[
			'after a redirect',
			({url}, response) => {
				if (url === '/') {
					return {status: 301, headers: {location: '/there'}};
				}
				response.write(body.subarray(0, 95_000));
				response.end(body.subarray(95_000));
				return undefined;
			},
		],
	])('goes on from the network, %s', async (_, answer) => {
		await using site = await broken(answer);
		const stream = site.read();
		expect((await bytesOf(stream)).equals(body)).toBe(true);
		expect(stream.isFromCache).toBe(true);
		await sleep(1);
		expect(site.errors.map(({message}) => message)).toEqual([FAULT]);
		expect(site.origin.requests.at(-1)?.headers).not.toHaveProperty('if-none-match');
		expect(site.store.open).toBe(0);
	});

	it('does so as well where the store hangs', async () => {
		await using site = await broken(
			(_request, response) => void response.end(body),
			{},
			() => new Promise(() => undefined),
		);
		expect((await bytesOf(site.read())).equals(body)).toBe(true);
		expect(site.errors[0]).toMatchObject({cause: {code: 'ERR_CACHE_TIMEOUT'}});
	});

	it('does so as well where another request has stored a new one in its place', async () => {
		await using site = await broken((_request, response) => void response.end(body));
		site.store.onGive = () => undefined;
		const stream = site.read();
		await once(stream, 'readable');
		await bytesOf(site.read({forceRefresh: true}));
		expect((await bytesOf(stream)).equals(body)).toBe(true);
		expect(site.errors.map(({message}) => message)).toEqual(['The cache failed to read: the record is gone']);
	});

	it.each(['fewer', 'more'])('does so as well where there are %s bytes than the store has said', async what => {
		await using site = await broken((_request, response) => void response.end(body));
		for (const [key, {pieces, ...record}] of site.store.records) {
			const others = what === 'fewer' ? pieces.slice(0, 60) : [...pieces, body];
			const {read} = site.store;
			site.store.onGive = () => undefined;
			site.store.records.set(key, {...record, pieces: others});
			site.store.read = async asked => {
				const found = await read.call(site.store, asked);
				return found && {...found, body: {...found.body, size: body.length}};
			};
		}
		expect((await bytesOf(site.read())).equals(body)).toBe(true);
		expect(site.errors).toHaveLength(1);
		expect(site.origin.requests).toHaveLength(1);
	});

	it.each<[string, OriginHandler]>([
		[
			'begins in another way',
			(_request, response) => void response.end(Buffer.concat([Buffer.of(1), body.subarray(1)])),
		],
		['is longer', (_request, response) => void response.end(Buffer.concat([body, body]))],
		['is shorter', (_request, response) => void response.end(body.subarray(0, 95_000))],
		['is shorter than what was given', (_request, response) => void response.end('short')],
		['has another status', () => ({status: 503, body})],
		['has another validator', () => ({headers: {etag: '"b"'}, body})],
		[
			'breaks off',
			(_request, response) => {
				response.write(body.subarray(0, 95_000), () => setTimeout(() => response.destroy(), 5));
				return undefined;
			},
		],
		[
			'does not come',
			(_request, response) => {
				response.destroy();
				return undefined;
			},
		],
	])('is an error where what comes now %s', async (_, answer) => {
		await using site = await broken(() => ({headers: {etag: '"a"'}, body}));
		site.origin.fallback(answer);
		expect(await failureOf(site.read())).toMatchObject({code: 'ERR_CACHE_FAULT', message: FAULT});
		expect(site.origin.requests).toHaveLength(1);
		expect(site.errors).toHaveLength(1);
	});

	it('is an error where nothing may be sent', async () => {
		await using site = await broken((_request, response) => void response.end(body));
		expect(await failureOf(site.read({onlyIfCached: true}))).toMatchObject({message: FAULT});
		expect(site.origin.requests).toHaveLength(0);
	});

	it('is an error under onCacheError: throw, and no unhandled rejection', async () => {
		await using site = await broken((_request, response) => void response.end(body), {onCacheError: 'throw'});
		const unhandled: unknown[] = [];
		const note = (reason: unknown) => void unhandled.push(reason);
		process.on('unhandledRejection', note);
		expect(await failureOf(site.read())).toMatchObject({message: FAULT});
		await sleep(5);
		process.off('unhandledRejection', note);
		expect(unhandled).toEqual([]);
		expect(site.origin.requests).toHaveLength(0);
	});

	it('is cut out of what comes, where a range was asked for', async () => {
		await using site = await broken(() => ({headers: {'cache-control': 'max-age=100', etag: '"a"'}, body}), {
			cacheControl: true,
		});
		const stream = site.read({headers: {range: 'bytes=500-95499'}});
		expect((await bytesOf(stream)).equals(body.subarray(500, 95_500))).toBe(true);
		expect(stream.response?.statusCode).toBe(206);
		expect(site.origin.requests[0]?.headers.range).toBeUndefined();
	});

	it.each(['destroyed', 'aborted'])('ends with a caller that is %s meanwhile', async how => {
		await using site = await broken((_request, response) => void response.end(body));
		let closed: Promise<unknown> | undefined;
		site.origin.fallback((_request, response) => {
			closed = once(response, 'close');
			response.write(body.subarray(0, 50_000));
			return undefined;
		});
		const controller = new AbortController();
		const stream = site.read({signal: controller.signal});
		stream.on('error', () => undefined).resume();
		await once(stream, 'request');
		while (!closed) {
			await sleep(1);
		}
		if (how === 'destroyed') {
			stream.destroy();
		} else {
			controller.abort();
		}
		await closed;
		expect(site.store.open).toBe(0);
	});

	it('passes the interceptors behind the cache, and no others', async () => {
		const called: string[] = [];
		class Behind {
			@interceptor
			async behind(request: SessionRequest, next: Next) {
				called.push('behind');
				return next(request);
			}
		}
		class Session extends Mixin(CacheMixin, Behind, ClientSession) {
			@interceptor
			async before(request: SessionRequest, next: Next) {
				called.push('before');
				return next(request);
			}
		}
		await using origin = await startOrigin((_request, response) => void response.end(body));
		const {store, backend} = chunkedBackend();
		await using session = new Session({cache: backend});
		collectErrors(session);
		await bytesOf(session.stream(origin.url));
		store.onGive = piece => piece === 90 && damaged();
		expect((await bytesOf(session.stream(origin.url))).equals(body)).toBe(true);
		expect(called).toEqual(['before', 'behind', 'before', 'behind']);
	});
});
