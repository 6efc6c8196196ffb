import {randomUUID} from 'node:crypto';
import {setImmediate as turn} from 'node:timers/promises';
import {describe, expect, it} from '@jest/globals';
import {moveClock} from '../../../../test-support/moved-clock.js';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {
	BaseCache,
	BytesBody,
	CacheBackend,
	CachedSession,
	type CacheRecord,
	collectBody,
	decodeMetadata,
	encodeMetadata,
	type StoredMetadata,
} from '../../src/index.js';

interface Row {
	readonly version: string;
	readonly metadata: string;
	readonly body: Uint8Array;
}

/** A store with no more than it must have, which answers at once where it may. */
class PlainStore extends BaseCache {
	readonly rows = new Map<string, Row>();

	override read(key: string): CacheRecord | undefined {
		const row = this.rows.get(key);
		const metadata = row && decodeMetadata(row.metadata);
		return row && metadata && {metadata, version: row.version, body: new BytesBody(row.body)};
	}

	override async write(
		key: string,
		metadata: StoredMetadata,
		body: Uint8Array | AsyncIterable<Uint8Array>,
	): Promise<string> {
		const version = randomUUID();
		this.rows.set(key, {version, metadata: encodeMetadata(metadata), body: await collectBody(body)});
		return version;
	}

	override delete(key: string): boolean {
		return this.rows.delete(key);
	}

	override async *keys(): AsyncIterable<string> {
		yield* [...this.rows.keys()];
	}

	override clear(): void {
		this.rows.clear();
	}
}

/** The same store, which takes its time for everything. */
class SlowStore extends BaseCache {
	readonly #store = new PlainStore();

	override async read(key: string): Promise<CacheRecord | undefined> {
		await turn();
		return this.#store.read(key);
	}

	override async write(
		key: string,
		metadata: StoredMetadata,
		body: Uint8Array | AsyncIterable<Uint8Array>,
	): Promise<string> {
		await turn();
		return this.#store.write(key, metadata, body);
	}

	override async delete(key: string): Promise<boolean> {
		await turn();
		return this.#store.delete(key);
	}

	override async *keys(): AsyncIterable<string> {
		for await (const key of this.#store.keys()) {
			await turn();
			yield key;
		}
	}

	override async clear(): Promise<void> {
		await turn();
		this.#store.clear();
	}
}

describe.each([
	['that answers at once', PlainStore],
	['that gives promises', SlowStore],
])('a store of one’s own %s', (_name, Store) => {
	function openSession(backend = new CacheBackend('own', {responses: new Store(), redirects: new Store()})) {
		return new CachedSession({cache: backend, expireAfter: 60, allowedMethods: ['GET', 'HEAD', 'POST']});
	}

	it('keeps responses, renews them, and lets them expire', async () => {
		using clock = moveClock();
		await using origin = await startOrigin(({headers}) =>
			headers['if-none-match'] ? {status: 304, headers: {'x-new': '1'}} : {headers: {etag: '"a"'}, body: 'kept'},
		);
		await using session = openSession();
		await session.get(origin.url);
		expect(await session.get(origin.url)).toMatchObject({body: 'kept', isFromCache: true});
		clock.advance(61);
		expect(await session.get(origin.url)).toMatchObject({body: 'kept', isFromCache: true, isExpired: false});
		expect(await session.get(origin.url)).toMatchObject({body: 'kept', headers: {'x-new': '1'}});
		expect(origin.requests).toHaveLength(2);
		clock.advance(61);
		expect(await session.deleteExpiredResponses()).toBe(1);
		expect(await session.cache.size()).toBe(0);
	});

	it('keeps variants, redirects, users and bodies apart', async () => {
		await using origin = await startOrigin(({url, headers, body}) =>
			url === '/'
				? {status: 307, headers: {location: '/to'}}
				: {headers: {vary: 'accept'}, body: `${headers.accept} ${headers.authorization} ${body}`},
		);
		await using session = openSession();
		for (const isFromCache of [false, true]) {
			for (const authorization of ['a', 'b']) {
				for (const accept of ['x/1', 'x/2']) {
					const headers = {accept, authorization};
					expect(await session.get(origin.url, {headers})).toMatchObject({
						body: `${accept} ${authorization} `,
						isFromCache,
					});
					expect(await session.post(origin.url, {headers, body: 'text'})).toMatchObject({
						body: `${accept} ${authorization} text`,
						isFromCache,
					});
				}
			}
		}
	});

	it('is listed, searched and emptied', async () => {
		using clock = moveClock();
		await using session = openSession();
		const {cache} = session;
		const urls = ['a', 'b', 'c'].map(name => `http://127.0.0.1:9/${name}`);
		const keys = await Promise.all(urls.map(url => cache.save(url, {body: url})));
		await cache.save({url: urls[0]!, headers: {authorization: 'a'}}, {body: 'other user'});
		expect(await cache.size()).toBe(4);
		expect(await cache.getUrls()).toEqual(urls);
		expect(await cache.hasUrl(urls[0]!)).toBe(true);
		expect(await cache.contains(keys[1]!)).toBe(true);
		const bodies: string[] = [];
		for await (const entry of cache.filter()) {
			bodies.push(String(await entry.rawBody()));
		}
		expect(bodies.sort()).toEqual([...urls, 'other user']);
		for await (const {body} of cache.responses.values()) {
			expect(body.size).toBeGreaterThan(0);
		}
		expect(await cache.deleteUrl(urls[0]!)).toBe(2);
		clock.advance(50);
		expect(await cache.resetExpiration(60)).toBe(2);
		clock.advance(50);
		expect(await session.get(urls[1]!)).toMatchObject({body: urls[1], isFromCache: true});
		expect(await cache.delete(keys)).toBe(2);
		await cache.save(urls[0]!, {});
		await cache.clear();
		expect(await cache.size()).toBe(0);
	});

	it('is asked once by many who ask at once, and by two sessions in turn', async () => {
		await using origin = await startOrigin(() => ({body: `response ${origin.requests.length}`, delay: 10}));
		const backend = new CacheBackend('own', {responses: new Store(), redirects: new Store(), autoclose: false});
		await using session = openSession(backend);
		await using other = openSession(backend);
		const responses = await Promise.all(Array.from({length: 20}, () => session.get(origin.url)));
		expect(new Set(responses.map(({body}) => body))).toEqual(new Set(['response 1']));
		expect(await other.get(origin.url)).toMatchObject({body: 'response 1', isFromCache: true});
		expect(origin.requests).toHaveLength(1);
	});
});
