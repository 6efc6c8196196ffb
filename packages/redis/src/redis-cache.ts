import {randomUUID} from 'node:crypto';
import {
	BaseCache,
	CachedSessionError,
	type CacheEntry,
	type CacheRecord,
	encodeMetadata,
	InvalidOptionError,
	removableAt,
	type StoredMetadata,
} from 'got-client-cache';
import {bodyCopies} from './body-copies.js';
import {groupByIndex, readFields, removeIfStill, runOnIndex, unlessWrongType} from './record-commands.js';
import {RecordKeys, type RecordPlace} from './record-keys.js';
import {indexPages, recordPages} from './record-pages.js';
import {runScript, SCRIPT_BATCH} from './record-script.js';
import {type NewRecord, RecordWriter} from './record-writer.js';
import type {RedisConnection} from './redis-connection.js';
import {RECORD_FIELDS, readBody, readHead, WHOLE_LIMIT} from './stored-record.js';

/** Settings of a {@link RedisCache}. */
export interface RedisCacheOptions {
	/** How long the server keeps a record beyond the time up to which it may be served stale, in seconds; `Infinity`: it drops none. @default 86,400: a day */
	readonly grace?: number | undefined;
}

const DEFAULT_GRACE = 86_400;

/**
 * Records on a Redis server or cluster, each in a hash of its own. Every method rejects with a `CachedSessionError` when the server fails or is away
 * (`ERR_CACHE_FAULT`) or the connection is closed (`ERR_CACHE_CLOSED`). A read is one command, and a write one script or transaction, which others see whole or not at all.
 */
export class RedisCache extends BaseCache {
	readonly #connection: RedisConnection;
	readonly #keys: RecordKeys;
	readonly #writer: RecordWriter;
	/** In milliseconds. */
	readonly #grace: number;

	/**
	 * @param connection shared by the caches of a backend; the first of them that is closed closes it
	 * @param namespace what all keys begin with
	 * @param store which cache of the backend it is
	 * @throws InvalidOptionError for a namespace that is empty or has braces in it, and a grace that is not a number of zero or more
	 */
	constructor(
		connection: RedisConnection,
		namespace: string,
		store: 'responses' | 'redirects',
		{grace = DEFAULT_GRACE}: RedisCacheOptions = {},
	) {
		super();
		if (typeof grace !== 'number' || !(grace >= 0)) {
			throw new InvalidOptionError('grace', grace, 'a number of seconds, zero or more, or Infinity');
		}
		this.#connection = connection;
		this.#keys = new RecordKeys(namespace, store);
		this.#writer = new RecordWriter(connection, this.#keys);
		this.#grace = grace * 1000;
	}

	override read(key: string): Promise<CacheRecord | undefined> {
		const place = this.#keys.placeOf(key);
		return this.#connection.run(async link => {
			const [version, metadata, size, bytes] = await readFields(link, place, RECORD_FIELDS);
			if (version === null && metadata === null) {
				return undefined;
			}
			const head = readHead(version, metadata);
			const body = head && readBody(size, bytes, (...piece) => this.#readPiece(place, head.version, ...piece));
			if (!body) {
				await removeIfStill(link, place, 'v', version);
				return undefined;
			}
			return {...head, body};
		});
	}

	override async write(
		key: string,
		metadata: StoredMetadata,
		body: Uint8Array | AsyncIterable<Uint8Array>,
	): Promise<string> {
		const version = randomUUID();
		const place = this.#keys.placeOf(key);
		const record: NewRecord = {place, version, metadata: encodeMetadata(metadata), end: this.#endOf(metadata)};
		if (body instanceof Uint8Array) {
			// Made at once: the driver writes when it can, and the caller's bytes may be changed meanwhile.
			const copy = bodyCopies.copy(body);
			await (copy.byteLength <= WHOLE_LIMIT
				? this.#writer.writeWhole(record, copy)
				: this.#writer.writeStream(record, copy));
			// Not where it failed: it may still be in the driver's hands then.
			bodyCopies.giveBack(copy);
		} else {
			await this.#writer.writeStream(record, body);
		}
		return version;
	}

	override async delete(key: string): Promise<boolean> {
		return (await this.bulkDelete([key])) > 0;
	}

	override async bulkDelete(keys: Iterable<string>): Promise<number> {
		return this.#drop(Array.from(keys, key => this.#keys.placeOf(key)));
	}

	override async contains(key: string): Promise<boolean> {
		const place = this.#keys.placeOf(key);
		return this.#connection.run(async link => (await readFields(link, place, ['v']))[0] instanceof Buffer);
	}

	override async touch(key: string, version: string, metadata: StoredMetadata): Promise<boolean> {
		const {record, index, member} = this.#keys.placeOf(key);
		const parameters = [member, this.#endOf(metadata), version, encodeMetadata(metadata)];
		return (await this.#connection.run(link => runScript(link, 'touch', [record, index], parameters))) === 1;
	}

	/** In no order, a page at a time. Goes through all keys of the servers, those of other programs too. */
	override async *keys(): AsyncIterable<string> {
		for await (const page of recordPages(this.#connection, this.#keys)) {
			yield* page.map(({key}) => key);
		}
	}

	/** As {@link keys}. Damaged records are left out. */
	override async *entries(): AsyncIterable<CacheEntry> {
		for await (const page of recordPages(this.#connection, this.#keys)) {
			for (const {key, version, metadata} of await this.#heads(page)) {
				yield {key, version, metadata};
			}
		}
	}

	/** As {@link keys}. */
	override async size(): Promise<number> {
		let size = 0;
		for await (const page of recordPages(this.#connection, this.#keys)) {
			size += page.length;
		}
		return size;
	}

	override async keysOf(resource: string): Promise<string[]> {
		const index = this.#keys.indexOf(resource);
		const members = await this.#connection.run(link => unlessWrongType(link.send(index, ['ZRANGE', index, '0', '-1'])));
		const places = Array.isArray(members) ? members.map(member => this.#keys.placeOfMember(index, String(member))) : [];
		const living = await this.#living(index, places);
		return living.map(({key}) => key).filter(key => key.startsWith(`${resource}.`));
	}

	/** Goes through all records. What was renewed meanwhile stays. */
	override async deleteExpired(now: number): Promise<number> {
		let deleted = 0;
		for await (const page of recordPages(this.#connection, this.#keys)) {
			const expired = (await this.#heads(page)).filter(
				({metadata: {expires}}) => expires !== undefined && expires <= now,
			);
			const removed = await this.#connection.run(link =>
				Promise.all(expired.map(({place, encoded}) => removeIfStill(link, place, 'm', encoded))),
			);
			deleted += removed.filter(Boolean).length;
		}
		return deleted;
	}

	override async clear(): Promise<void> {
		for await (const page of recordPages(this.#connection, this.#keys, 'anything')) {
			await this.#drop(page);
		}
		for await (const page of indexPages(this.#connection, this.#keys)) {
			for (const index of page) {
				await this.keysOf(this.#keys.placeOfMember(index, '').key);
			}
		}
	}

	/** Closes the connection, and so the other cache that shares it, after what is under way. May be called more than once. */
	override close(): Promise<void> {
		return this.#connection.close();
	}

	/** The moment at which the server drops a record, as a text; empty: never. */
	#endOf(metadata: StoredMetadata): string {
		const end = removableAt(metadata, this.#grace) ?? Number.POSITIVE_INFINITY;
		return end > Number.MAX_SAFE_INTEGER ? '' : String(Math.max(1, Math.ceil(end)));
	}

	async #readPiece(place: RecordPlace, version: string, index: number, size: number): Promise<Uint8Array> {
		return this.#connection.run(async link => {
			const [found, piece] = await readFields(link, place, ['v', String(index)]);
			const isSame = String(found) === version;
			if (isSame && piece instanceof Buffer && piece.length === size) {
				return piece;
			}
			if (isSame) {
				await removeIfStill(link, place, 'v', version);
			}
			const what = isSame ? 'is damaged' : 'was replaced or removed while it was read';
			throw new CachedSessionError('ERR_CACHE_FAULT', `${this.#connection.description}: a body ${what}`);
		});
	}

	/** What is told of records beside their bodies, where it can be understood. */
	async #heads(page: readonly RecordPlace[]) {
		const found = await this.#connection.run(link =>
			Promise.all(page.map(place => readFields(link, place, ['v', 'm']))),
		);
		return page.flatMap((place, index) => {
			const [version, encoded] = found[index]!;
			const head = readHead(version, encoded);
			return head ? [{...head, key: place.key, place, encoded}] : [];
		});
	}

	async #drop(places: readonly RecordPlace[]): Promise<number> {
		let dropped = 0;
		for (let start = 0; start < places.length; start += SCRIPT_BATCH) {
			const groups = groupByIndex(places.slice(start, start + SCRIPT_BATCH));
			const counts = await this.#connection.run(link =>
				Promise.all(groups.map(group => runOnIndex(link, 'drop', group))),
			);
			dropped += counts.reduce<number>((sum, count) => sum + Number(count), 0);
		}
		return dropped;
	}

	/** Those of an index's records that the server still has; the index then forgets the others. */
	async #living(index: string, places: readonly RecordPlace[]): Promise<readonly RecordPlace[]> {
		const living: RecordPlace[] = [];
		for (let start = 0; start < places.length; start += SCRIPT_BATCH) {
			const batch = places.slice(start, start + SCRIPT_BATCH);
			const found = await this.#connection.run(async link => {
				const exist = await Promise.all(batch.map(({record}) => link.send(index, ['EXISTS', record])));
				const gone = batch.filter((_, position) => exist[position] === 0);
				if (gone.length > 0) {
					await runOnIndex(link, 'sweep', gone);
				}
				return batch.filter((_, position) => exist[position] !== 0);
			});
			living.push(...found);
		}
		return living;
	}
}
