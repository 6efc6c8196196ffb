import {
	BaseCache,
	BytesBody,
	type CacheEntry,
	type CacheRecord,
	piecesOf,
	type StoredBody,
	type StoredMetadata,
} from 'got-client-cache';
import {BodyParts, dropParts} from './body-parts.js';
import {checkCacheOptions, type DynamoDBCacheOptions} from './cache-options.js';
import {allItems, asFound, visibleRecords} from './conditions.js';
import {OrphanFinder, primaryKeyOf, SWEEP_ATTRIBUTES, sweepCondition, sweepRecord} from './delete-expired.js';
import type {DynamoDBTable} from './dynamodb-table.js';
import {inParallel} from './in-parallel.js';
import {type DynamoDBStore, ItemKeys, type RecordKey} from './item-keys.js';
import {DamagedBodyError, RemoteBody, readAhead} from './remote-body.js';
import {renewRecord} from './renew-record.js';
import {
	ENTRY_ATTRIBUTES,
	ITEM_FORMAT,
	isOver,
	KEY_ATTRIBUTES,
	MOST_PARTS,
	parseVersion,
	type RawItem,
	readEntry,
	readRecord,
	type SoundRecord,
} from './stored-item.js';
import type {Attribute, ItemCondition, Page, TableRequests} from './table-requests.js';
import {PART_SIZE, PARTS_AT_ONCE} from './write-body.js';
import {removeRecord, type WriteContext, writeRecord} from './write-record.js';

/** Requests that are under way at a time where there are many to be sent. */
const AT_ONCE = 16;

/**
 * Records in a DynamoDB table. Every method rejects with a `CachedSessionError` when DynamoDB fails or throttles (`ERR_CACHE_FAULT`), or when the table was closed (`ERR_CACHE_CLOSED`).
 *
 * A read is one request where the record fits an item (400 KB), and so is a write. Listing, and `size`, `clear` and `deleteExpired`, read the whole table.
 */
export class DynamoDBCache extends BaseCache {
	readonly #table: DynamoDBTable;
	readonly #keys: ItemKeys;
	readonly #context: WriteContext;

	/**
	 * @param table shared by the caches of a backend; the first of them that is closed closes it
	 * @throws InvalidOptionError
	 */
	constructor(table: DynamoDBTable, store: DynamoDBStore, options: DynamoDBCacheOptions = {}) {
		super();
		const {namespace, grace, maxRecordSize} = checkCacheOptions(options);
		this.#table = table;
		this.#keys = new ItemKeys(namespace, store);
		this.#context = {keys: this.#keys, grace, ceiling: Math.min(maxRecordSize, MOST_PARTS * PART_SIZE)};
	}

	override read(key: string): Promise<CacheRecord | undefined> {
		const record = this.#keys.keyOf(key);
		return this.#table.run(async requests => {
			const item = await requests.get(record);
			if (item === undefined || isOver(item, Date.now())) {
				return undefined;
			}
			const sound = this.#keys.nameOf(item) === key ? readRecord(item) : undefined;
			if (sound === undefined) {
				await this.#removeVersion(requests, record, item['version']);
				return undefined;
			}
			// Not damaged, perhaps: another program may keep larger ones.
			if (sound.size > this.#context.ceiling) {
				return undefined;
			}
			return {metadata: sound.metadata, version: sound.version, body: this.#bodyOf(record, sound)};
		});
	}

	override write(key: string, metadata: StoredMetadata, body: Uint8Array | AsyncIterable<Uint8Array>): Promise<string> {
		if (body instanceof Uint8Array) {
			const copy = new Uint8Array(body);
			return this.#table.run(requests => writeRecord(this.#context, perform => perform(requests), key, metadata, copy));
		}
		// Each step by itself: a body that does not come must not hold up `close`.
		return writeRecord(this.#context, perform => this.#table.run(perform), key, metadata, body);
	}

	override delete(key: string): Promise<boolean> {
		return this.#table.run(requests => this.#delete(requests, key));
	}

	override async bulkDelete(keys: Iterable<string>): Promise<number> {
		const list = new Set(keys);
		return this.#table.run(async requests => {
			let deleted = 0;
			await inParallel(list, AT_ONCE, async key => {
				const wasThere = await this.#delete(requests, key);
				deleted += Number(wasThere);
			});
			return deleted;
		});
	}

	override contains(key: string): Promise<boolean> {
		return this.#table.run(async requests => {
			const item = await requests.get(this.#keys.keyOf(key), ENTRY_ATTRIBUTES);
			return item !== undefined && !isOver(item, Date.now()) && readEntry(item) !== undefined;
		});
	}

	/** In no order. Reads the whole table, a page of 1 MB at a time. */
	override async *keys(): AsyncIterable<string> {
		for await (const item of this.#scan(visibleRecords(this.#keys), KEY_ATTRIBUTES)) {
			const key = this.#keys.nameOf(item);
			if (key !== undefined) {
				yield key;
			}
		}
	}

	/** As {@link keys}. Damaged records are left out. */
	override async *entries(): AsyncIterable<CacheEntry> {
		for await (const item of this.#scan(visibleRecords(this.#keys), ENTRY_ATTRIBUTES)) {
			const key = this.#keys.nameOf(item);
			const entry = readEntry(item);
			if (key !== undefined && entry) {
				yield {key, ...entry};
			}
		}
	}

	/** Reads the whole table. */
	override async size(): Promise<number> {
		const visible = visibleRecords(this.#keys);
		let size = 0;
		let from: Page['next'];
		do {
			const {count, next} = await this.#table.run(requests => requests.count(visible, from));
			size += count;
			from = next;
		} while (from);
		return size;
	}

	override touch(key: string, version: string, metadata: StoredMetadata): Promise<boolean> {
		const record = this.#keys.keyOf(key);
		return this.#table.run(requests => renewRecord(this.#context, requests, record, version, metadata));
	}

	override async keysOf(resource: string): Promise<string[]> {
		const prefix = `${resource}.`;
		const pk = this.#keys.partitionOf(prefix.slice(0, prefix.indexOf('.')));
		const attributes = [...KEY_ATTRIBUTES, 'format', 'ttl'] as const;
		const keys: string[] = [];
		let from: Page['next'];
		do {
			const page = await this.#table.run(requests => requests.query(pk, attributes, from));
			for (const item of page.items) {
				const key = this.#keys.nameOf(item);
				if (key?.startsWith(prefix) && item['format'] === ITEM_FORMAT && !isOver(item, Date.now())) {
					keys.push(key);
				}
			}
			from = page.next;
		} while (from);
		return keys;
	}

	/** Also removes what killed processes have left. Reads the whole table. DynamoDB itself removes records whose grace has passed, so this need not be called. */
	override async deleteExpired(now: number): Promise<number> {
		const orphans = new OrphanFinder(this.#keys);
		let deleted = 0;
		for await (const items of this.#pages(sweepCondition(this.#keys, now), SWEEP_ATTRIBUTES)) {
			await this.#table.run(async requests => {
				const garbage: RawItem[] = [];
				await inParallel(items, AT_ONCE, async item => {
					if (!String(item['pk']).startsWith(this.#keys.parts)) {
						const wasThere = await sweepRecord(requests, this.#keys, item, now);
						deleted += Number(wasThere);
					} else if (await orphans.isOrphan(requests, item)) {
						garbage.push(item);
					}
				});
				await requests.deleteAll(garbage.map(primaryKeyOf));
			});
		}
		return deleted;
	}

	/** Reads the whole table. */
	override async clear(): Promise<void> {
		for await (const items of this.#pages(allItems(this.#keys), ['pk', 'sk'])) {
			await this.#table.run(requests => requests.deleteAll(items.map(primaryKeyOf)));
		}
	}

	/** Closes the table, and so the other cache that shares it, after what is under way. May be called more than once. */
	override close(): Promise<void> {
		return this.#table.close();
	}

	#bodyOf(record: RecordKey, sound: SoundRecord): StoredBody {
		const {body, encoding, version} = sound;
		if (body && encoding === undefined) {
			return new BytesBody(body);
		}
		const whenDamaged = () => this.#table.run(requests => this.#removeVersion(requests, record, version));
		return new RemoteBody(sound, () => (body ? piecesOf(body, body.byteLength) : this.#partsOf(version)), whenDamaged);
	}

	#partsOf(version: string): AsyncGenerator<Uint8Array> {
		const parts = new BodyParts(this.#keys, parseVersion(version)!);
		return readAhead(parts.count, PARTS_AT_ONCE, async index => {
			const bytes = await this.#table.run(requests => parts.read(requests, index));
			if (bytes === undefined) {
				throw new DamagedBodyError(`part ${index + 1} of ${parts.count} is not there`);
			}
			return bytes;
		});
	}

	async #delete(requests: TableRequests, key: string): Promise<boolean> {
		const removed = await removeRecord(requests, this.#keys, this.#keys.keyOf(key));
		return removed !== undefined && !isOver(removed, Date.now());
	}

	/** Removes a damaged record, unless it was written anew meanwhile. @param version as it was found, of whatever type */
	async #removeVersion(requests: TableRequests, record: RecordKey, version: unknown): Promise<void> {
		if (await requests.delete(record, asFound(version))) {
			await dropParts(requests, this.#keys, version);
		}
	}

	async *#scan(condition: ItemCondition, attributes: readonly Attribute[]): AsyncIterable<RawItem> {
		for await (const items of this.#pages(condition, attributes)) {
			yield* items;
		}
	}

	async *#pages(condition: ItemCondition, attributes: readonly Attribute[]): AsyncIterable<readonly RawItem[]> {
		let from: Page['next'];
		do {
			const page: Page = await this.#table.run(requests => requests.scan(condition, attributes, from));
			yield page.items;
			from = page.next;
		} while (from);
	}
}
