import {randomUUID} from 'node:crypto';
import {
	type Awaitable,
	BaseCache,
	BytesBody,
	type CacheEntry,
	type CacheRecord,
	collectBody,
	decodeMetadata,
	encodeMetadata,
	type StoredMetadata,
} from 'got-client-cache';
import type {Parameter, Row} from './connection.js';
import type {DatabaseState} from './log-watch.js';
import {RecentReads} from './recent-reads.js';
import type {SQLiteTable} from './schema.js';
import type {SQLiteDatabase} from './sqlite-database.js';
import {EXPIRY_BATCH, PAGE, type TableStatements, tableStatements} from './table-statements.js';

/** Keys that are removed by one statement: a power of two. */
const DELETE_BATCH = 512;

/**
 * Records in one of the tables of a database. Every method rejects with a `CachedSessionError` when the database fails (`ERR_CACHE_FAULT`) or is closed
 * (`ERR_CACHE_CLOSED`). A read is one statement, and so is a write, which is therefore seen by others whole or not at all.
 *
 * What was read lately, and is certain to be in the database still, is given at once, not as a promise, and is shared by all readers: it must not be changed.
 */
export class SQLiteCache extends BaseCache {
	readonly #database: SQLiteDatabase;
	readonly #sql: TableStatements;
	readonly #recent = new RecentReads();

	/** @param database shared by the caches of a backend; the first of them that is closed closes it */
	constructor(database: SQLiteDatabase, table: SQLiteTable) {
		super();
		this.#database = database;
		this.#sql = tableStatements(table);
	}

	override read(key: string): Awaitable<CacheRecord | undefined> {
		const state = this.#database.log.state();
		return this.#recent.get(key, state) ?? this.#read(key, state);
	}

	async #read(key: string, state: DatabaseState | undefined): Promise<CacheRecord | undefined> {
		const [row] = await this.#database.all(this.#sql.read, [key]);
		if (row === undefined) {
			return undefined;
		}
		const entry = readEntry(key, row);
		const {body, metadata, version} = row;
		if (entry === undefined || !(body instanceof Uint8Array)) {
			// Only that version: it may have been written anew meanwhile.
			await this.#database.run(this.#sql.deleteVersion, [key, version as Parameter]);
			return undefined;
		}
		const record = {metadata: entry.metadata, version: entry.version, body: new BytesBody(body)};
		this.#recent.remember(key, record, String(metadata).length, state);
		this.#database.log.settle();
		return record;
	}

	override async write(
		key: string,
		metadata: StoredMetadata,
		body: Uint8Array | AsyncIterable<Uint8Array>,
	): Promise<string> {
		const version = randomUUID();
		// A copy: a change may have to wait for its turn, and the caller's bytes may be changed meanwhile. Made at once: the turn is taken with the call.
		const bytes = body instanceof Uint8Array ? Uint8Array.from(body) : await collectBody(body);
		const values = [key, version, metadata.expires ?? null, encodeMetadata(metadata), bytes];
		await this.#database.run(this.#sql.write, values);
		return version;
	}

	override async delete(key: string): Promise<boolean> {
		return (await this.#database.run(this.#sql.delete, [key])) > 0;
	}

	override async bulkDelete(keys: Iterable<string>): Promise<number> {
		const left = [...keys];
		let deleted = 0;
		while (left.length > 0) {
			const batch = padded(left.splice(-DELETE_BATCH));
			deleted += await this.#database.run(this.#sql.deleteSeveral(batch.length), batch);
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
		const values = [metadata.expires ?? null, encodeMetadata(metadata), key, version];
		return (await this.#database.run(this.#sql.touch, values)) > 0;
	}

	override async keysOf(resource: string): Promise<string[]> {
		// Keys are compared byte by byte, and the slash is the character after the dot.
		const rows = await this.#database.all(this.#sql.keysBetween, [`${resource}.`, `${resource}/`]);
		return rows.map(({key}) => String(key));
	}

	override async deleteExpired(now: number): Promise<number> {
		let deleted = 0;
		let last: number;
		do {
			last = await this.#database.run(this.#sql.deleteExpired, [now]);
			deleted += last;
		} while (last === EXPIRY_BATCH);
		return deleted;
	}

	override async clear(): Promise<void> {
		await this.#database.run(this.#sql.clear, []);
	}

	/** Closes the database, and so the other cache that shares it, after what is under way. May be called more than once. */
	override close(): Promise<void> {
		return this.#database.close();
	}

	/** All rows, a page at a time: no page holds a lock while the loop is busy with it. */
	async *#rows(sql: string): AsyncIterable<[key: string, row: Row]> {
		let rows: readonly Row[];
		let from = '';
		do {
			rows = await this.#database.all(sql, [from]);
			for (const row of rows) {
				const {key} = row;
				if (typeof key !== 'string') {
					// Only a strange hand puts keys of another type there; they are sorted behind all strings.
					return;
				}
				yield [key, row];
				// Nothing stands between a key and itself with a zero character behind it.
				from = `${key}\0`;
			}
		} while (rows.length === PAGE);
	}
}

function readEntry(key: string, {version, metadata: text}: Row): CacheEntry | undefined {
	const metadata = typeof text === 'string' ? decodeMetadata(text) : undefined;
	return metadata && typeof version === 'string' ? {key, metadata, version} : undefined;
}

/** Lists come in few lengths, so that few statements are prepared for them. */
function padded(keys: string[]): string[] {
	const length = 2 ** Math.ceil(Math.log2(keys.length));
	return [...keys, ...new Array<string>(length - keys.length).fill(keys[0]!)];
}
