import {randomUUID} from 'node:crypto';
import {
	type Awaitable,
	BaseCache,
	BytesBody,
	CachedSessionError,
	type CacheEntry,
	type CacheRecord,
	decodeMetadata,
	encodeMetadata,
	type StoredBody,
	type StoredMetadata,
} from 'got-client-cache';
import type {Parameter, Row} from './connection.js';
import {LargeStoredBody} from './large-stored-body.js';
import type {DatabaseState} from './log-watch.js';
import {ReadBatches} from './read-batches.js';
import {RecentReads} from './recent-reads.js';
import {padded, STATEMENT} from './record-changes.js';
import {costOf, RecordWriter} from './record-writer.js';
import type {SQLiteDatabase} from './sqlite-database.js';
import {PAGE, REMOVAL_BATCH, type TableStatements, tableStatements} from './table-statements.js';
import type {SQLiteTable} from './tables.js';
import type {ChangeKeys} from './write-queue.js';

/** Keys that are removed by one statement of `bulkDelete`: a power of two. */
const BULK_BATCH = 512;

/**
 * Records in one of the tables of a database. Every method rejects with a `CachedSessionError` when the database fails (`ERR_CACHE_FAULT`) or is closed
 * (`ERR_CACHE_CLOSED`). Reads that come in one tick are one statement, and so are writes; each write is seen by others whole or not at all.
 *
 * Bodies of more than 256 KiB are kept in chunks, and read when they are asked for: `stream()` and `bytes()` of such a body reject when its record was
 * replaced or removed more than a minute ago, or is damaged.
 *
 * What was read lately, more than once, and is certain to be in the database still, is given at once, not as a promise, and is shared by all readers: it must not be changed.
 */
export class SQLiteCache extends BaseCache {
	readonly #database: SQLiteDatabase;
	readonly #table: SQLiteTable;
	readonly #sql: TableStatements;
	readonly #batches: ReadBatches;
	readonly #writer: RecordWriter;
	readonly #recent = new RecentReads();
	/** The state of the database when the last read that asks it was called. */
	#collectingState: DatabaseState | undefined;

	/** @param database shared by the caches of a backend; the first of them that is closed closes it */
	constructor(database: SQLiteDatabase, table: SQLiteTable) {
		super();
		this.#database = database;
		this.#table = table;
		this.#sql = tableStatements(table);
		this.#batches = new ReadBatches(database, this.#sql);
		this.#writer = new RecordWriter(database, table, this.#sql);
	}

	/** Counts as a use of the record: see `maxBytes`. */
	override read(key: string): Awaitable<CacheRecord | undefined> {
		if (this.#batches.isCollecting && !this.#recent.has(key)) {
			// It goes along with others, and what it finds is as new as what they find.
			return this.#read(key, this.#collectingState);
		}
		const state = this.#database.log.state();
		const record = this.#recent.get(key, state);
		if (record) {
			this.#used(key);
			return record;
		}
		this.#collectingState = state;
		return this.#read(key, state);
	}

	#read(key: string, state: DatabaseState | undefined): Promise<CacheRecord | undefined> {
		return this.#batches.read(key, row => row && this.#recordOf(key, row, state));
	}

	/** @param state the one that the database was in before the read began */
	#recordOf(key: string, row: Row, state: DatabaseState | undefined): Awaitable<CacheRecord | undefined> {
		const entry = readEntry(key, row);
		const body = entry && this.#bodyOf(entry, row['body']);
		if (entry === undefined || body === undefined) {
			// There is nothing to be read, whether it can be deleted now or not.
			return this.#deleteVersion(key, row['version']).then(
				() => undefined,
				() => undefined,
			);
		}
		const record = {metadata: entry.metadata, version: entry.version, body};
		this.#recent.remember(key, record, String(row['metadata']).length, state);
		this.#used(key);
		this.#database.log.settle();
		return record;
	}

	/** `undefined`: it is damaged. */
	#bodyOf({key, version}: CacheEntry, body: unknown): StoredBody | undefined {
		if (body instanceof Uint8Array) {
			return new BytesBody(body);
		}
		const [id = Number.NaN, size = Number.NaN] = typeof body === 'string' ? body.split(' ').map(Number) : [];
		if (!Number.isSafeInteger(id) || !Number.isSafeInteger(size) || size <= 0) {
			return undefined;
		}
		return new LargeStoredBody(this.#database, {id, size}, async () => {
			await this.#deleteVersion(key, version);
			const reason = 'a body cannot be read any more: its record was replaced or removed, or is damaged';
			return new CachedSessionError('ERR_CACHE_FAULT', `The SQLite database ${this.#database.path}: ${reason}`);
		});
	}

	/** Only that version: it may have been written anew meanwhile. */
	#deleteVersion(key: string, version: unknown): Promise<number> {
		return this.#change(this.#sql.deleteVersion, [key, version as Parameter], [key]);
	}

	#used(key: string): void {
		this.#database.bound.use(this.#table, key);
		this.#database.recordUses();
	}

	/** A record of more than `maxBytes` is not kept, and nor is what it would have replaced. */
	override write(key: string, metadata: StoredMetadata, body: Uint8Array | AsyncIterable<Uint8Array>): Promise<string> {
		const head = {key, version: randomUUID(), expires: metadata.expires, metadata: encodeMetadata(metadata)};
		return this.#writer.write(head, body);
	}

	override delete(key: string): Promise<boolean> {
		return this.#writer.delete(key);
	}

	override async bulkDelete(keys: Iterable<string>): Promise<number> {
		const left = [...keys];
		let deleted = 0;
		while (left.length > 0) {
			const batch = left.splice(-BULK_BATCH);
			const list = padded(batch);
			deleted += await this.#change(this.#sql.deleteSeveral(list.length), list, batch);
		}
		return deleted;
	}

	override async contains(key: string): Promise<boolean> {
		return (await this.#database.all(this.#sql.contains, [key])).length > 0;
	}

	/** In the order of their bytes, a page at a time. */
	override async *keys(): AsyncIterable<string> {
		for await (const [key] of this.#rows(this.#sql.keys)) {
			yield key;
		}
	}

	/** As {@link keys}. Damaged records are left out. */
	override async *entries(): AsyncIterable<CacheEntry> {
		for await (const [key, row] of this.#rows(this.#sql.entries)) {
			const entry = readEntry(key, row);
			if (entry) {
				yield entry;
			}
		}
	}

	override async size(): Promise<number> {
		const [{size} = {}] = await this.#database.all(this.#sql.size, []);
		return Number(size);
	}

	override async touch(key: string, version: string, metadata: StoredMetadata): Promise<boolean> {
		const text = encodeMetadata(metadata);
		const values = [metadata.expires ?? null, text, costOf(key, text, 0), key, version];
		return (await this.#change(this.#sql.touch, values, [key])) > 0;
	}

	override async keysOf(resource: string): Promise<string[]> {
		// Keys are compared byte by byte, and the slash is the character after the dot.
		const rows = await this.#database.all(this.#sql.keysBetween, [`${resource}.`, `${resource}/`]);
		return Array.from(rows, ({key}) => String(key));
	}

	/** Removes a few at a time, and large bodies that belong to no record any more. */
	override async deleteExpired(now: number): Promise<number> {
		let deleted = 0;
		let last: number;
		do {
			last = await this.#change(this.#sql.deleteExpired, [now], 'all');
			deleted += last;
		} while (last === REMOVAL_BATCH);
		await this.#database.sweep();
		return deleted;
	}

	/** Removes a few at a time. What is written after the call stays. */
	override clear(): Promise<void> {
		return this.#writer.clear();
	}

	/** Closes the database, and so the other cache that shares it, after what is under way. May be called more than once. */
	override close(): Promise<void> {
		return this.#database.close();
	}

	#change(sql: string, parameters: readonly Parameter[], keys: ChangeKeys): Promise<number> {
		return this.#database.change(STATEMENT, this.#writer.lockOf(keys), {sql, parameters});
	}

	/** All rows, a page at a time: no page holds a lock while the loop is busy with it. */
	async *#rows(sql: string): AsyncIterable<[key: string, row: Row]> {
		let from = '';
		for (;;) {
			const rows = await this.#database.all(sql, [from]);
			for (const row of rows) {
				const {key} = row;
				if (typeof key !== 'string') {
					// Only a strange hand puts keys of another type there; they are sorted behind all strings.
					return;
				}
				yield [key, row];
			}
			// Nothing stands between a key and itself with a zero character behind it.
			const next = `${rows.at(-1)?.['key']}\0`;
			// A strange hand's key that is no UTF-8 is not what it is read as, and would be found again and again.
			const isAhead = Buffer.compare(Buffer.from(next), Buffer.from(from)) > 0;
			if (rows.length < PAGE || !isAhead) {
				return;
			}
			from = next;
		}
	}
}

function readEntry(key: string, {version, metadata: text}: Row): CacheEntry | undefined {
	const metadata = typeof text === 'string' ? decodeMetadata(text) : undefined;
	return metadata && typeof version === 'string' ? {key, metadata, version} : undefined;
}
