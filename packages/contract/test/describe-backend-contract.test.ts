import {describe, expect, it} from '@jest/globals';
import {type BaseCache, BytesBody, type CacheEntry, type StoredMetadata} from 'got-client-cache';
import {type BackendContract, type ContractRunner, describeBackendContract} from '../src/describe-backend-contract.js';
import {SmallCache} from './small-cache.js';

const smallFlags = {persistent: false, rejectsAfterClose: false, touchKeepsVersion: false};

/** Runs the contract by itself; resolves to the titles of the tests that failed, and of all. */
async function outcome(contract: BackendContract): Promise<{failed: string[]; all: string[]}> {
	const tests: Array<{title: string; run: () => Promise<void>}> = [];
	const runner: ContractRunner = {
		describe: (_name, define) => define(),
		it: (title, run) => tests.push({title, run}),
	};
	describeBackendContract('a store', contract, runner);
	const failed: string[] = [];
	for (const {title, run} of tests) {
		await run().catch(() => failed.push(title));
	}
	return {failed, all: tests.map(({title}) => title)};
}

const failuresOf = async (createCache: () => BaseCache) => (await outcome({createCache, ...smallFlags})).failed;

describeBackendContract(
	'a store of five methods',
	{createCache: () => new SmallCache(), ...smallFlags},
	{describe, it},
);

describe('the contract fails a store', () => {
	it('that does not give writes new versions', async () => {
		class Store extends SmallCache {
			override async write(...parameters: Parameters<SmallCache['write']>) {
				await super.write(...parameters);
				const [key] = parameters;
				this.records.set(key, {...this.records.get(key)!, version: 'same'});
				return 'same';
			}
		}
		expect(await failuresOf(() => new Store())).toEqual(
			expect.arrayContaining([
				'gives every write another version, of the same record too',
				'renews nothing that was written anew',
			]),
		);
	});

	it('that shows a record before its body has ended', async () => {
		class Store extends SmallCache {
			override async write(key: string, metadata: StoredMetadata, body: Uint8Array | AsyncIterable<Uint8Array>) {
				if (!(body instanceof Uint8Array)) {
					await super.write(key, metadata, new Uint8Array());
				}
				return super.write(key, metadata, body);
			}
		}
		expect(await failuresOf(() => new Store())).toEqual(
			expect.arrayContaining([
				'shows nothing of a record before its body has ended',
				'keeps what was there when a body fails midway',
				'keeps nothing of a new record whose body fails midway',
			]),
		);
	});

	it('that keeps the caller’s bytes', async () => {
		class Store extends SmallCache {
			override async write(key: string, metadata: StoredMetadata, body: Uint8Array | AsyncIterable<Uint8Array>) {
				const version = await super.write(key, metadata, body);
				const kept = body instanceof Uint8Array ? new BytesBody(body) : this.records.get(key)!.body;
				this.records.set(key, {metadata, body: kept, version});
				return version;
			}
		}
		expect(await failuresOf(() => new Store())).toEqual([
			'writes the bytes that it is given, not what else is in their buffer',
			'keeps the bytes as they were when it was called, whatever becomes of them meanwhile',
		]);
	});

	it('that takes a prefix for a resource', async () => {
		class Store extends SmallCache {
			override async keysOf(resource: string) {
				return [...this.records.keys()].filter(key => key.startsWith(resource));
			}
		}
		expect(await failuresOf(() => new Store())).toContain('lists the keys of a resource, and no neighbours');
	});

	it('that folds the case of keys', async () => {
		class Store extends SmallCache {
			override read(key: string) {
				return super.read(key.toLowerCase());
			}
			override write(key: string, metadata: StoredMetadata, body: Uint8Array | AsyncIterable<Uint8Array>) {
				return super.write(key.toLowerCase(), metadata, body);
			}
			override delete(key: string) {
				return super.delete(key.toLowerCase());
			}
		}
		expect(await failuresOf(() => new Store())).toContain('tells odd keys apart');
	});

	it('that loses the body when it renews metadata', async () => {
		class Store extends SmallCache {
			override async touch(key: string, version: string, metadata: StoredMetadata) {
				const isSame = this.records.get(key)?.version === version;
				if (isSame) {
					this.records.set(key, {metadata, body: new BytesBody(new Uint8Array()), version});
				}
				return isSame;
			}
		}
		expect(await failuresOf(() => new Store())).toContain(
			'renews the metadata of the version that it is told, and leaves the body',
		);
	});

	it('that is a millisecond late to remove what has expired', async () => {
		class Store extends SmallCache {
			override deleteExpired(now: number) {
				return super.deleteExpired(now - 1);
			}
		}
		expect(await failuresOf(() => new Store())).toContain('removes what has expired at a time, to the millisecond');
	});

	it('that lists what is written while it lists', async () => {
		class Store extends SmallCache {
			override async *keys() {
				for (const key of this.records.keys()) {
					await Promise.resolve();
					yield key;
				}
			}
			override async *entries(): AsyncIterable<CacheEntry> {
				for (const [key, record] of this.records) {
					yield {key, ...record};
				}
			}
			override async touch(key: string, version: string, metadata: StoredMetadata) {
				const record = this.records.get(key);
				this.records.delete(key);
				return record?.version === version && Boolean(this.records.set(key, {...record, metadata}));
			}
		}
		expect(await failuresOf(() => new Store())).toContain('lists every entry once while each is renewed');
	});

	it('whose responses and redirects are one', async () => {
		const {failed} = await outcome({
			createBackend: () => {
				const cache = new SmallCache();
				return {responses: cache, redirects: cache, close: () => undefined};
			},
			...smallFlags,
		});
		expect(failed).toEqual(['keeps responses and redirects apart']);
	});

	it('that forgets, where the flags say that it is persistent', async () => {
		const {failed} = await outcome({createCache: () => new SmallCache(), ...smallFlags, persistent: true});
		expect(failed).toEqual([
			'finds everything again after it was closed',
			'has, when it is closed, what it was still writing',
			'shows two instances in one place what the other does',
		]);
	});

	it('that can be used after it was closed, where the flags say that it rejects', async () => {
		const {failed} = await outcome({createCache: () => new SmallCache(), ...smallFlags, rejectsAfterClose: true});
		expect(failed).toEqual(['rejects what is asked after it was closed']);
	});
});

describe('describeBackendContract', () => {
	it('closes all instances and removes the place after each test, failed or not', async () => {
		const opened: string[] = [];
		const removed: string[] = [];
		let closed = 0;
		class Store extends SmallCache {
			override read(): never {
				throw new Error('broken');
			}
			override close() {
				closed++;
			}
		}
		const {all} = await outcome({
			createCache: place => {
				opened.push(place);
				return new Store();
			},
			removePlace: place => {
				removed.push(place);
			},
			...smallFlags,
		});
		expect(removed).toEqual([...new Set(opened)]);
		expect(removed).toHaveLength(all.length);
		expect(closed).toBeGreaterThanOrEqual(opened.length);
	});

	it('defines no tests of two caches for a single one', async () => {
		const {all} = await outcome({createCache: () => new SmallCache(), ...smallFlags});
		expect(all).not.toContain('keeps responses and redirects apart');
		expect(new Set(all).size).toBe(all.length);
	});

	it('says what is missing where there are no globals to define tests with', () => {
		const globals: Record<string, unknown> = globalThis;
		const kept = {describe: globals['describe'], it: globals['it']};
		Object.assign(globals, {describe: undefined, it: undefined});
		try {
			expect(() => describeBackendContract('x', {createCache: () => new SmallCache()})).toThrow(/'describe' and 'it'/);
		} finally {
			Object.assign(globals, kept);
		}
	});

	it('takes the globals where no runner is given', async () => {
		const globals: Record<string, unknown> = globalThis;
		const kept = {describe: globals['describe'], it: globals['it']};
		const titles: string[] = [];
		Object.assign(globals, {
			describe: (_name: string, define: () => void) => define(),
			it: (title: string) => titles.push(title),
		});
		try {
			describeBackendContract('x', {createCache: () => new SmallCache()});
		} finally {
			Object.assign(globals, kept);
		}
		expect(titles).toContain('has nothing at first');
	});
});
