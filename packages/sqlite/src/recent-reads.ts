import type {CacheRecord} from 'got-client-cache';
import {LRUCache} from 'lru-cache';
import type {DatabaseState} from './log-watch.js';

/** Bytes of records that are remembered for one cache; a backend has two. */
export const MAX_BYTES = 4 * 1024 * 1024;

/** Records that are remembered for one cache. */
export const MAX_RECORDS = 2000;

/** Bytes of the largest record that is remembered: with more, the hop to SQLite is no longer most of a read. */
export const MAX_RECORD_BYTES = 64 * 1024;

/** Keys that are known to have been read once. */
const MAX_CANDIDATES = 2 * MAX_RECORDS;

/** Bytes that a record takes beside its strings and its body. */
const RECORD_OVERHEAD = 1000;

/**
 * The records that were read last, so that reading them again needs no hop to another thread.
 *
 * The invariant: it holds only what was found by reads that began in the state of the database that it was last asked about.
 * States are never used again, so what is found in an older one can do no harm, whenever it arrives.
 * What it gives out is shared by all readers and must not be changed.
 */
export class RecentReads {
	readonly #records = new LRUCache<string, CacheRecord>({
		max: MAX_RECORDS,
		maxSize: MAX_BYTES,
		maxEntrySize: MAX_RECORD_BYTES,
	});
	/** Keys that were read lately: those that are read once are not worth what remembering them costs. */
	readonly #candidates = new Set<string>();
	#state: DatabaseState | undefined;

	/** @param state the one that the database is in now; `undefined` (not known): everything is forgotten */
	get(key: string, state: DatabaseState | undefined): CacheRecord | undefined {
		if (state !== this.#state) {
			this.#state = state;
			this.#records.clear();
		}
		return state && this.#records.get(key);
	}

	/** Whether there is anything under a key, right or not any more. */
	has(key: string): boolean {
		return this.#records.has(key);
	}

	/**
	 * From the second time on that a key is read.
	 *
	 * @param textSize the length of the metadata as it is stored
	 * @param state the one that the database was in before the read began
	 */
	remember(key: string, record: CacheRecord, textSize: number, state: DatabaseState | undefined): void {
		if (state !== undefined && state === this.#state && this.#isCandidate(key)) {
			this.#records.set(key, record, {size: RECORD_OVERHEAD + key.length + textSize + record.body.size});
		}
	}

	#isCandidate(key: string): boolean {
		if (this.#candidates.has(key)) {
			return true;
		}
		if (this.#candidates.size === MAX_CANDIDATES) {
			this.#candidates.clear();
		}
		this.#candidates.add(key);
		return false;
	}
}
