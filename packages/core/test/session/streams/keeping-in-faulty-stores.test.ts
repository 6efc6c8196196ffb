import {once} from 'node:events';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from '@jest/globals';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession, type CacheFaultError} from '../../../src/index.js';
import {collectErrors} from '../faulty-store.js';
import {chunkedBackend} from './chunked-store.js';
import {bytesOf, failureOf, sampleBytes, textOf} from './read-stream.js';

describe('a store that', () => {
	const body = sampleBytes(100_000);
	type Store = ReturnType<typeof chunkedBackend>['store'];

	const fail = () => Promise.reject(new Error('disk full'));
	const hang = () => new Promise<never>(() => undefined);

	async function readThrough(prepare: (store: Store) => void, bytes = body) {
		await using origin = await startOrigin((_request, response) => void response.end(bytes));
		const {store, backend} = chunkedBackend();
		prepare(store);
		const session = new CachedSession({cache: backend, retry: {limit: 0}});
		const errors = collectErrors(session);
		const since = Date.now();
		const got = await bytesOf(session.stream(origin.url));
		const seconds = (Date.now() - since) / 1000;
		expect(got.equals(bytes)).toBe(true);
		await sleep(5);
		expect(await session.cache.hasUrl(origin.url)).toBe(false);
		await session.close();
		return {errors: errors as CacheFaultError[], seconds};
	}

	it.each<[string, (store: Store) => void]>([
		[
			'refuses the body',
			store => {
				store.write = fail;
			},
		],
		[
			'throws',
			store => {
				store.write = () => {
					throw new Error('disk full');
				};
			},
		],
		[
			'fails at the first piece',
			store => {
				store.onTake = fail;
			},
		],
		[
			'fails in the middle',
			store => {
				store.onTake = piece => piece === 50 && fail();
			},
		],
		[
			'fails at the end',
			store => {
				store.onCommit = fail;
			},
		],
	])('%s costs the caller nothing, and says so once', async (_, prepare) => {
		const {errors, seconds} = await readThrough(prepare);
		expect(errors.map(({message}) => message)).toEqual(['The cache failed to write: disk full']);
		expect(seconds).toBeLessThan(0.5);
	});

	it.each<[string, (store: Store) => void]>([
		[
			'takes nothing',
			store => {
				store.write = hang;
			},
		],
		[
			'hangs in the middle',
			store => {
				store.onTake = piece => piece === 50 && hang();
			},
		],
		[
			'hangs at the end',
			store => {
				store.onCommit = hang;
			},
		],
		[
			'is slow with every piece',
			store => {
				store.onTake = () => sleep(50);
			},
		],
	])('%s is waited for no longer than a second in all', async (_, prepare) => {
		const {errors, seconds} = await readThrough(prepare, sampleBytes(6_000_000));
		expect(errors).toHaveLength(1);
		expect(errors[0]?.cause).toMatchObject({code: 'ERR_CACHE_TIMEOUT'});
		expect(seconds).toBeGreaterThan(0.9);
		expect(seconds).toBeLessThan(2);
	});

	it('has a part of the body in place of all is rid of it', async () => {
		await using origin = await startOrigin((_request, response) => {
			response.write(body, () => setTimeout(() => response.destroy(), 10));
			return undefined;
		});
		const {store, backend} = chunkedBackend();
		const {write} = store;
		store.write = (key, metadata, given) => {
			const begun = async function* () {
				try {
					yield* given as AsyncIterable<Uint8Array>;
				} catch {
					// As a store does that takes an error for an end.
				}
			};
			return write.call(store, key, metadata, begun());
		};
		await using session = new CachedSession({cache: backend, retry: {limit: 0}});
		expect((await failureOf(session.stream(origin.url))).code).toBe('ECONNRESET');
		await sleep(5);
		expect(store.records.size).toBe(0);
	});

	it('is content with a part of the body has stored nothing', async () => {
		await using origin = await startOrigin((_request, response) => void response.end(body));
		const {store, backend} = chunkedBackend();
		store.write = async () => 'version';
		let touches = 0;
		store.touch = async () => {
			touches++;
			return true;
		};
		await using session = new CachedSession({cache: backend});
		const stream = session.stream(origin.url);
		expect((await bytesOf(stream)).equals(body)).toBe(true);
		expect(touches).toBe(0);
	});

	it('fails lets the stream fail under onCacheError: throw', async () => {
		await using origin = await startOrigin((_request, response) => void response.end(body));
		const {store, backend} = chunkedBackend();
		store.onTake = fail;
		await using session = new CachedSession({cache: backend, onCacheError: 'throw'});
		session.on('error', () => undefined);
		expect(await failureOf(session.stream(origin.url))).toMatchObject({code: 'ERR_CACHE_FAULT'});
	});

	it('has failed too often is left alone, and is tried again later', async () => {
		await using origin = await startOrigin((_request, response) => void response.end('text'));
		const {store, backend} = chunkedBackend();
		store.onTake = fail;
		await using session = new CachedSession({cache: backend});
		const errors = collectErrors(session);
		let writes = 0;
		const {write} = store;
		store.write = (...args) => {
			writes++;
			return write.apply(store, args);
		};
		for (let call = 0; call < 6; call++) {
			expect(await textOf(session.stream(`${origin.url}/${call}`))).toBe('text');
		}
		expect(writes).toBe(3);
		expect(errors).toHaveLength(1);
	});

	it('is slower than the caller does not slow it down as long as it is only a little behind', async () => {
		await using origin = await startOrigin((_request, response) => void response.end(body));
		const {store, backend} = chunkedBackend();
		store.onTake = () => sleep(2);
		await using session = new CachedSession({cache: backend});
		const stream = session.stream(origin.url);
		let read = 0;
		const since = Date.now();
		stream.on('data', chunk => {
			read += chunk.length;
			if (read === body.length) {
				stream.emit('all');
			}
		});
		await once(stream, 'all');
		expect(Date.now() - since).toBeLessThan(100);
		await once(stream, 'end');
		expect(await session.cache.hasUrl(origin.url)).toBe(true);
	});
});
