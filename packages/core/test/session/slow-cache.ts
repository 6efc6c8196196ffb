import {setImmediate as turn} from 'node:timers/promises';
import {BaseCache, BytesBody, type CacheRecord, collectBody, type StoredMetadata} from '../../src/index.js';

/** A store that takes a turn of the event loop, or several, for everything. */
export class SlowCache extends BaseCache {
	reads = 0;
	readonly #records = new Map<string, CacheRecord>();
	#versions = 0;

	async read(key: string): Promise<CacheRecord | undefined> {
		this.reads++;
		const record = this.#records.get(key);
		await turn();
		return record;
	}

	async write(key: string, metadata: StoredMetadata, body: Uint8Array | AsyncIterable<Uint8Array>): Promise<string> {
		const bytes = Uint8Array.from(await collectBody(body));
		await turn();
		const version = String(this.#versions++);
		this.#records.set(key, {metadata, body: new BytesBody(bytes), version});
		await turn();
		return version;
	}

	async delete(key: string): Promise<boolean> {
		await turn();
		return this.#records.delete(key);
	}

	async *keys(): AsyncIterable<string> {
		yield* this.#records.keys();
	}

	async clear(): Promise<void> {
		this.#records.clear();
	}
}
