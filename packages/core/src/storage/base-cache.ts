/**
 * The contract of a store: records under string keys, each a small metadata record and a body of raw bytes.
 * A store knows nothing of HTTP, of settings or of freshness: it compares `metadata.expires` with a time that it is given, and no more.
 */
import type {StoredMetadata} from '../http/response.js';
import type {Awaitable} from './awaitable.js';

/** The body of a response, wherever it is. */
export interface BodyHandle {
	/** The whole body. */
	bytes(): Awaitable<Uint8Array>;
	/** The body in pieces. One that comes over the network as it is read can be read once. */
	stream(): AsyncIterable<Uint8Array>;
}

/** A stored body. It belongs to the very version of the record that it was read with. */
export interface StoredBody extends BodyHandle {
	/** In bytes. */
	readonly size: number;
	/** The whole body. The bytes may be the store's own: whoever gets them must not change them. Rejects when they are gone or damaged. */
	bytes(): Awaitable<Uint8Array>;
	/** The body in pieces. Throws while being read when the bytes are gone or damaged. */
	stream(): AsyncIterable<Uint8Array>;
}

/** What `read` gives. */
export interface CacheRecord {
	readonly metadata: StoredMetadata;
	readonly body: StoredBody;
	/** Changes with every `write` of the key, never with a `touch`. */
	readonly version: string;
}

/** What `entries` gives: a record without its body. */
export interface CacheEntry {
	readonly key: string;
	readonly metadata: StoredMetadata;
	readonly version: string;
}

/**
 * Extend this to keep responses in a place of your own. Only `read`, `write`, `delete`, `keys` and `clear` must be written;
 * the rest is built on them and may be replaced where the place can do better.
 *
 * Every method may throw or reject when the place fails; sessions turn that into a miss and an `error` event.
 * All times are epoch milliseconds. Keys are strings of up to 1,024 characters; those that the library makes look like `<resource>.<selector>`.
 */
export abstract class BaseCache {
	/** The record under `key`, or `undefined` where there is none. A record that is corrupt, or of an unknown format version, counts as none and is deleted. */
	abstract read(key: string): Awaitable<CacheRecord | undefined>;

	/**
	 * Stores a record, replacing one that is there, and resolves to its new random version.
	 * Bytes that are given whole remain the caller's, who may change them after the call: keep a copy of them.
	 * The record becomes visible whole, only after the body has ended well; when the body throws, the promise rejects and what was there before stays.
	 */
	abstract write(
		key: string,
		metadata: StoredMetadata,
		body: Uint8Array | AsyncIterable<Uint8Array>,
	): Awaitable<string>;

	/** Removes a record. `false`: there was none. */
	abstract delete(key: string): Awaitable<boolean>;

	/** All keys, expired records' included. Records written or deleted meanwhile may or may not be seen; none is seen twice. */
	abstract keys(): AsyncIterable<string>;

	/** Removes all records of this cache, and nothing else. */
	abstract clear(): Awaitable<void>;

	/** Removes several records; resolves to how many there were. */
	async bulkDelete(keys: Iterable<string>): Promise<number> {
		let deleted = 0;
		for (const key of keys) {
			if (await this.delete(key)) {
				deleted++;
			}
		}
		return deleted;
	}

	/** Whether there is a record under `key`, expired or not. */
	async contains(key: string): Promise<boolean> {
		return (await this.read(key)) !== undefined;
	}

	/** All records without their bodies. Built on `keys` and `read`; replace it where the place can list metadata alone. */
	async *entries(): AsyncIterable<CacheEntry> {
		for await (const key of this.keys()) {
			const record = await this.read(key);
			if (record) {
				yield {key, metadata: record.metadata, version: record.version};
			}
		}
	}

	/** All records, each read when the loop comes to it. */
	async *values(): AsyncIterable<CacheRecord> {
		for await (const key of this.keys()) {
			const record = await this.read(key);
			if (record) {
				yield record;
			}
		}
	}

	/** How many records there are, expired ones included. */
	async size(): Promise<number> {
		let size = 0;
		for await (const _ of this.keys()) {
			size++;
		}
		return size;
	}

	/**
	 * Replaces the metadata of a record that still has this `version`, and leaves its body and version. `false`: the record is gone or was written anew.
	 * Built on `read` and `write`, so not atomic, and it gives the record a new version; replace it where the place can compare and set.
	 */
	async touch(key: string, version: string, metadata: StoredMetadata): Promise<boolean> {
		const record = await this.read(key);
		if (record?.version !== version) {
			return false;
		}
		await this.write(key, metadata, await record.body.bytes());
		return true;
	}

	/** The keys that begin with `<resource>.`. Built on a scan of all keys; replace it where the place has an index. */
	async keysOf(resource: string): Promise<string[]> {
		const prefix = `${resource}.`;
		const keys: string[] = [];
		for await (const key of this.keys()) {
			if (key.startsWith(prefix)) {
				keys.push(key);
			}
		}
		return keys;
	}

	/** Removes the records whose `metadata.expires` is at or before `now`; resolves to how many. Built on a scan; replace it where the place has an index. */
	async deleteExpired(now: number): Promise<number> {
		const expired: string[] = [];
		for await (const {key, metadata} of this.entries()) {
			if (metadata.expires !== undefined && metadata.expires <= now) {
				expired.push(key);
			}
		}
		return this.bulkDelete(expired);
	}

	/** Releases what this cache opened. May be called more than once. */
	close(): Awaitable<void> {}
}
