import {BaseCache, BytesBody, type CacheRecord, collectBody, type StoredMetadata} from 'got-client-cache';

/** The least that a store can be: all else is left to `BaseCache`. */
export class SmallCache extends BaseCache {
	protected readonly records = new Map<string, CacheRecord>();
	#count = 0;

	override read(key: string) {
		return this.records.get(key);
	}

	override async write(key: string, metadata: StoredMetadata, body: Uint8Array | AsyncIterable<Uint8Array>) {
		const bytes = await collectBody(body);
		const version = `v${this.#count++}`;
		this.records.set(key, {metadata, body: new BytesBody(bytes), version});
		return version;
	}

	override delete(key: string) {
		return this.records.delete(key);
	}

	override async *keys() {
		yield* [...this.records.keys()];
	}

	override clear() {
		this.records.clear();
	}
}
