import {once} from 'node:events';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from '@jest/globals';
import {moveClock} from '../../../../../test-support/moved-clock.js';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession, type CachedSessionOptions, EXPIRE_IMMEDIATELY} from '../../../src/index.js';
import {collectErrors} from '../faulty-store.js';
import {chunkedBackend} from './chunked-store.js';
import {bytesOf, sampleBytes, textOf} from './read-stream.js';

const body = sampleBytes(100_000);

async function filled(options: CachedSessionOptions = {}) {
	const origin = await startOrigin((_request, response) => void response.end(body));
	const {store, backend} = chunkedBackend();
	const session = new CachedSession({cache: backend, retry: {limit: 0}, ...options});
	await bytesOf(session.stream(origin.url));
	origin.requests.length = 0;
	return {
		origin,
		store,
		session,
		errors: collectErrors(session),
		async [Symbol.asyncDispose]() {
			await session.close();
			await origin.close();
		},
	};
}

describe('a stored body', () => {
	it('is read as fast as its caller reads, and no faster', async () => {
		await using site = await filled();
		const stream = site.session.stream(site.origin.url);
		await once(stream, 'readable');
		await sleep(20);
		expect(site.store.given).toBeLessThan(80);
		expect((await bytesOf(stream)).equals(body)).toBe(true);
		expect(site.store.given).toBe(100);
		expect(site.store.open).toBe(0);
	});

	it('that is given up is not read to its end', async () => {
		await using site = await filled();
		const stream = site.session.stream(site.origin.url);
		await once(stream, 'readable');
		stream.destroy();
		await sleep(5);
		expect(site.store.open).toBe(0);
		expect(site.store.given).toBeLessThan(100);
	});

	it.each<[string, () => unknown]>([
		['gone', () => Promise.reject(new Error('gone'))],
		['not to be had in time', () => new Promise(() => undefined)],
	])('that is %s at its beginning is a miss', async (_, fault) => {
		await using site = await filled();
		site.store.onGive = fault;
		const stream = site.session.stream(site.origin.url);
		expect((await bytesOf(stream)).equals(body)).toBe(true);
		expect(stream.isFromCache).toBe(false);
		expect(site.origin.requests).toHaveLength(1);
		expect(site.errors).toHaveLength(1);
	});

	it('is not begun for a caller that has gone by then', async () => {
		await using site = await filled();
		const {read} = site.store;
		site.store.read = async key => {
			await sleep(20);
			return read.call(site.store, key);
		};
		const stream = site.session.stream(site.origin.url);
		await sleep(5);
		stream.destroy();
		await sleep(40);
		expect(site.store.open).toBe(0);
		expect(site.store.given).toBe(0);
		expect(site.errors).toEqual([]);
	});

	it('is not even opened for a promise', async () => {
		await using site = await filled();
		expect(Buffer.from((await site.session.get(site.origin.url, {responseType: 'buffer'})).body).equals(body)).toBe(
			true,
		);
		expect(site.store.open).toBe(0);
	});
});

describe('a stale body', () => {
	it('that is renewed behind its caller is not taken away under its hands, and is renewed once', async () => {
		using clock = moveClock();
		await using site = await filled({expireAfter: 10, staleWhileRevalidate: true});
		clock.advance(11);
		const newer = sampleBytes(50_000);
		site.origin.fallback((_request, response) => void response.end(newer));
		const streams = [site.session.stream(site.origin.url), site.session.stream(site.origin.url)];
		for (const stream of streams) {
			await once(stream, 'readable');
		}
		await sleep(20);
		expect(site.origin.requests).toHaveLength(0);
		const bodies = await Promise.all(streams.map(bytesOf));
		expect(bodies.every(bytes => bytes.equals(body))).toBe(true);
		await site.session.idle();
		expect(site.origin.requests).toHaveLength(1);
		expect((await bytesOf(site.session.stream(site.origin.url))).equals(newer)).toBe(true);
		expect(site.origin.requests).toHaveLength(1);
	});

	it('is renewed at once where its caller has gone, and again the next time', async () => {
		using clock = moveClock();
		await using site = await filled({expireAfter: 10, staleWhileRevalidate: true});
		const {read} = site.store;
		for (const count of [1, 2]) {
			clock.advance(11);
			site.store.read = async key => {
				await sleep(20);
				return read.call(site.store, key);
			};
			const gone = site.session.stream(site.origin.url);
			await sleep(5);
			gone.destroy();
			await sleep(40);
			site.store.read = read;
			await site.session.idle();
			expect(site.origin.requests).toHaveLength(count);
		}
	});

	it('that a 304 confirms for several at once is read by each of them, as fast as it reads', async () => {
		const large = sampleBytes(1_000_000);
		await using origin = await startOrigin(async ({headers}) => {
			await sleep(20);
			return headers['if-none-match'] ? {status: 304} : {headers: {etag: '"a"'}, body: large};
		});
		const {store, backend} = chunkedBackend();
		await using session = new CachedSession({cache: backend, expireAfter: 1000});
		await bytesOf(session.stream(origin.url, {expireAfter: EXPIRE_IMMEDIATELY}));
		const streams = [session.stream(origin.url), session.stream(origin.url)];
		await Promise.all(streams.map(stream => once(stream, 'readable')));
		await sleep(20);
		expect(store.given).toBeLessThan(400);
		expect((await Promise.all(streams.map(bytesOf))).every(bytes => bytes.equals(large))).toBe(true);
		expect(origin.requests).toHaveLength(2);
	});

	it('stands in for a server that fails', async () => {
		using clock = moveClock();
		await using site = await filled({expireAfter: 10, staleIfError: true});
		clock.advance(11);
		for (const answer of [{status: 500, body: 'broken'}, undefined]) {
			site.origin.fallback((_request, response) => {
				if (!answer) {
					response.destroy();
				}
				return answer;
			});
			for (const throwHttpErrors of [true, false]) {
				const stream = site.session.stream(site.origin.url, {throwHttpErrors});
				expect((await bytesOf(stream)).equals(body)).toBe(true);
				expect(stream.response).toMatchObject({isFromCache: true, isExpired: true});
			}
		}
		expect(site.store.open).toBe(0);
	});
});

it('a failure that a stored body stands in for is not fetched to its end', async () => {
	using clock = moveClock();
	await using site = await filled({expireAfter: 10, staleIfError: true});
	clock.advance(11);
	let isClosed = false;
	site.origin.fallback((_request, response) => {
		response.on('close', () => {
			isClosed = true;
		});
		response.writeHead(500);
		response.write('it goes on and on');
	});
	const stream = site.session.stream(site.origin.url, {throwHttpErrors: false});
	await once(stream, 'response');
	await sleep(20);
	expect(isClosed).toBe(true);
	expect((await bytesOf(stream)).equals(body)).toBe(true);
});

it('HEAD is answered from what a stream of GET has stored', async () => {
	await using origin = await startOrigin((_request, response) => void response.end(body));
	await using session = new CachedSession();
	await bytesOf(session.stream(origin.url));
	const head = session.stream.head(origin.url);
	expect(await textOf(head)).toBe('');
	expect(head.isFromCache).toBe(true);
	expect(origin.requests).toHaveLength(1);
});
