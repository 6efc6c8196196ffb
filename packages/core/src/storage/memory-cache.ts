import {randomBytes} from 'node:crypto';
import {LRUCache} from 'lru-cache';
import {InvalidOptionError, rejectUnknownOptions} from '../errors.js';
import type {StoredMetadata} from '../http/response.js';
import type {Awaitable} from './awaitable.js';
import {BaseCache, type CacheEntry, type CacheRecord} from './base-cache.js';
import {BytesBody, collectBody} from './bytes-body.js';

/** How much a {@link MemoryCache} may hold. */
export interface MemoryCacheOptions {
	/** Bytes of bodies, metadata and keys together; `Infinity`: no bound. @default 100 MiB */
	readonly maxBytes?: number | undefined;
	/** Records; `Infinity`: no bound. @default 10,000 */
	readonly maxEntries?: number | undefined;
}

const OPTION_NAMES: ReadonlySet<string> = new Set(['maxBytes', 'maxEntries']);

const DEFAULT_MAX_BYTES = 100 * 1024 * 1024;
const DEFAULT_MAX_ENTRIES = 10_000;

/** Bytes that a record takes beside its strings and its body (measured on Node 20, with its share of the index). */
const RECORD_OVERHEAD = 1000;
/** Bytes that a string takes beside its characters. */
const STRING_OVERHEAD = 24;

/** Versions are random from one process to the next, and counted inside one: cheaper than a random number each. */
const versionPrefix = randomBytes(9).toString('base64url');
let versionCount = 0;

/**
 * A store in this process's memory that never holds more than it may: the records used longest ago make room for new ones.
 *
 * It answers at once, not with promises, wherever {@link BaseCache} lets it. What it gives out is shared by all readers and must not be changed.
 * Nothing is lost by `close`; the records go when the cache itself is garbage.
 */
export class MemoryCache extends BaseCache {
	readonly #maxBytes: number;
	readonly #maxEntries: number;
	readonly #records: LRUCache<string, CacheRecord>;
	/** Keys by what stands before their first dot: one, as most have, or several. */
	readonly #index = new Map<string, string | Set<string>>();

	/** @throws InvalidOptionError where an option is unknown, or a bound is not a number of zero or more. */
	constructor(options: MemoryCacheOptions = {}) {
		super();
		rejectUnknownOptions(options, OPTION_NAMES, 'MemoryCache');
		const {maxBytes = DEFAULT_MAX_BYTES, maxEntries = DEFAULT_MAX_ENTRIES} = options;
		this.#maxBytes = readBound('maxBytes', maxBytes);
		this.#maxEntries = readBound('maxEntries', maxEntries);
		// The number of records is bounded here, not by lru-cache: it would set aside room for all of them from the start.
		this.#records = new LRUCache({
			maxSize: Math.max(1, Math.min(Math.floor(this.#maxBytes), Number.MAX_SAFE_INTEGER)),
			noDisposeOnSet: true,
			dispose: (_record, key) => this.#unindex(key),
		});
	}

	/** Counts as a use: the record becomes the last one to make room. */
	override read(key: string): CacheRecord | undefined {
		return this.#records.get(key);
	}

	/** Keeps a copy of the bytes. A record of more than `maxBytes` is not kept, and nor is what it would have replaced. */
	override write(
		key: string,
		metadata: StoredMetadata,
		body: Uint8Array | AsyncIterable<Uint8Array>,
	): Awaitable<string> {
		// Copied, because the caller's bytes may be a slice of a big pool, or be changed later.
		return body instanceof Uint8Array
			? this.#write(key, metadata, new Uint8Array(body))
			: collectBody(body).then(bytes => this.#write(key, metadata, bytes));
	}

	override delete(key: string): boolean {
		return this.#records.delete(key);
	}

	/** The keys that there are when the loop starts, the last used first. */
	override async *keys(): AsyncIterable<string> {
		yield* [...this.#records.keys()];
	}

	override clear(): void {
		this.#records.clear();
	}

	override async contains(key: string): Promise<boolean> {
		return this.#records.has(key);
	}

	/** Does not count as a use of the records. */
	override async *entries(): AsyncIterable<CacheEntry> {
		for (const [key, {metadata, version}] of [...this.#records.entries()]) {
			yield {key, metadata, version};
		}
	}

	/** Does not count as a use of the records. */
	override async *values(): AsyncIterable<CacheRecord> {
		yield* [...this.#records.values()];
	}

	override async size(): Promise<number> {
		return this.#records.size;
	}

	override async touch(key: string, version: string, metadata: StoredMetadata): Promise<boolean> {
		const record = this.#records.peek(key);
		if (record?.version !== version) {
			return false;
		}
		this.#put(key, {metadata, body: record.body, version});
		return true;
	}

	override async keysOf(resource: string): Promise<string[]> {
		const prefix = `${resource}.`;
		const keys = this.#index.get(indexName(prefix)) ?? [];
		return (typeof keys === 'string' ? [keys] : [...keys]).filter(key => key.startsWith(prefix));
	}

	override async deleteExpired(now: number): Promise<number> {
		let deleted = 0;
		for (const [key, {metadata}] of [...this.#records.entries()]) {
			if (metadata.expires !== undefined && metadata.expires <= now) {
				this.#records.delete(key);
				deleted++;
			}
		}
		return deleted;
	}

	#write(key: string, metadata: StoredMetadata, bytes: Uint8Array): string {
		const version = `${versionPrefix}-${(versionCount++).toString(36)}`;
		this.#put(key, {metadata, body: new BytesBody(bytes), version});
		return version;
	}

	#put(key: string, record: CacheRecord): void {
		const size = estimateSize(key, record);
		if (size > this.#maxBytes) {
			this.#records.delete(key);
			return;
		}
		this.#indexKey(key);
		this.#records.set(key, record, {size});
		while (this.#records.size > this.#maxEntries) {
			this.#records.pop();
		}
	}

	#indexKey(key: string): void {
		const name = indexName(key);
		const keys = this.#index.get(name);
		if (keys === undefined) {
			this.#index.set(name, key);
		} else if (typeof keys !== 'string') {
			keys.add(key);
		} else if (keys !== key) {
			this.#index.set(name, new Set([keys, key]));
		}
	}

	#unindex(key: string): void {
		const name = indexName(key);
		const keys = this.#index.get(name);
		if (keys === key || (typeof keys === 'object' && keys.delete(key) && keys.size === 0)) {
			this.#index.delete(name);
		}
	}
}

function readBound(option: string, value: number): number {
	if (typeof value !== 'number' || !(value >= 0)) {
		throw new InvalidOptionError(option, value, 'a number of zero or more, or Infinity');
	}
	return value;
}

/** Keys that the library makes have one dot, so that a name stands for one resource; keys with more share the name of their first part. */
function indexName(key: string): string {
	const dot = key.indexOf('.');
	return dot === -1 ? key : key.slice(0, dot);
}

/** Bytes, roughly, and rather too many than too few. */
function estimateSize(key: string, {metadata, body}: CacheRecord): number {
	let size = RECORD_OVERHEAD + key.length + body.size + metadata.url.length;
	for (const text of metadata.kind === 'vary' ? metadata.fields : metadata.rawHeaders) {
		size += text.length + STRING_OVERHEAD;
	}
	return size;
}
