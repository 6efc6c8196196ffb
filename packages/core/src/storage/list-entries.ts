import type {CacheEntry} from './base-cache.js';

/** What `entries` of a place gives that lists records with more than that. */
export async function* listEntries(records: AsyncIterable<CacheEntry>): AsyncGenerator<CacheEntry, void, undefined> {
	for await (const {key, metadata, version} of records) {
		yield {key, metadata, version};
	}
}

/** What `keys` of such a place gives. */
export async function* listKeys(records: AsyncIterable<CacheEntry>): AsyncGenerator<string, void, undefined> {
	for await (const {key} of records) {
		yield key;
	}
}
