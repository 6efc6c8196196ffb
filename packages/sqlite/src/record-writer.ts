import type {Awaitable} from 'got-client-cache';
import type {Connection} from './connection.js';
import {abandonLargeBody, CHUNK_SIZE, type LargeBody, type StatementRunner, storeLargeBody} from './large-bodies.js';
import {clearKind, deleteKind, type RecordRow, STATEMENT, writeKind} from './record-changes.js';
import type {SQLiteDatabase} from './sqlite-database.js';
import type {TableStatements} from './table-statements.js';
import {RECORD_OVERHEAD, type SQLiteTable} from './tables.js';
import type {ChangeKeys, ChangeKind} from './write-queue.js';

/** What a record has beside its body. */
export type RecordHead = Pick<RecordRow, 'key' | 'version' | 'expires' | 'metadata'>;

/** Writes and removes the records of a table. */
export class RecordWriter {
	readonly #database: SQLiteDatabase;
	readonly #table: SQLiteTable;
	readonly #write: ChangeKind<RecordRow, undefined>;
	readonly #delete: ChangeKind<string, boolean>;
	readonly #clear: ChangeKind<undefined, undefined>;

	constructor(database: SQLiteDatabase, table: SQLiteTable, sql: TableStatements) {
		const {bound} = database;
		this.#database = database;
		this.#table = table;
		this.#delete = deleteKind(sql);
		this.#clear = clearKind(sql, attempt => database.patiently(attempt));
		this.#write = writeKind(
			sql,
			() => bound.now(),
			(connection, cost) => this.#makeRoom(connection, cost),
		);
	}

	/** Never rejects: the records are there, whether there is room or not. */
	async #makeRoom(connection: Connection, cost: number): Promise<void> {
		const canSweep = await this.#database.bound.makeRoom(connection, cost).catch(() => false);
		if (canSweep) {
			this.#database.sweep().catch(() => undefined);
		}
	}

	/** What a change of these keys must wait for. */
	lockOf(keys: ChangeKeys): ChangeKeys {
		return keys === 'all' ? keys : keys.map(key => this.#table + key);
	}

	/** Removes a record; `false`: there was none. */
	delete(key: string): Promise<boolean> {
		return this.#database.change(this.#delete, this.lockOf([key]), key);
	}

	/** Removes all records that are there when its turn comes. */
	async clear(): Promise<void> {
		await this.#database.change(this.#clear, 'all', undefined);
	}

	/** Writes a record, with its body whole; resolves to its version. A record that is larger than the database may be is not kept. */
	async write(head: RecordHead, body: Uint8Array | AsyncIterable<Uint8Array>): Promise<string> {
		if (!(body instanceof Uint8Array)) {
			await this.#writeStream(head, body);
		} else if (this.#room(head) < body.byteLength) {
			await this.delete(head.key);
		} else if (body.byteLength > CHUNK_SIZE) {
			await this.#writeLarge(head, body);
		} else {
			// A copy: a change may have to wait for its turn, and the caller's bytes may be changed meanwhile.
			await this.#put(rowOf(head, body.byteLength, Buffer.from(body)));
		}
		return head.version;
	}

	/** Bytes that a body may have. */
	#room({key, metadata}: RecordHead): number {
		return this.#database.bound.max - costOf(key, metadata, 0);
	}

	#put(row: RecordRow): Promise<undefined> {
		return this.#database.change(this.#write, this.lockOf([row.key]), row, row.cost);
	}

	/** Its place among the changes of the key is where it was asked for, though its body takes time. */
	#writeLarge(head: RecordHead, body: Uint8Array): Promise<undefined> {
		const copy = new Uint8Array(body);
		return this.#database.operation(() => {
			const inside = this.#insideOperation();
			const stored = storeLargeBody(inside, copy, this.#room(head));
			return orAbandon(inside, stored, () =>
				this.#database.enqueue(
					this.#write,
					this.lockOf([head.key]),
					stored.then(large => rowOf(head, large!.size, large!)),
				),
			);
		});
	}

	/** Its place among the changes of the key is where its body ends. */
	async #writeStream(head: RecordHead, body: AsyncIterable<Uint8Array>): Promise<void> {
		const iterator = body[Symbol.asyncIterator]();
		// Without a way to end it: it is read in two loops.
		const pieces = {[Symbol.asyncIterator]: () => ({next: () => iterator.next()})};
		try {
			const begin: Uint8Array[] = [];
			let size = 0;
			for await (const piece of pieces) {
				begin.push(piece);
				size += piece.byteLength;
				if (size > CHUNK_SIZE) {
					break;
				}
			}
			await (size > CHUNK_SIZE
				? this.#writeLargeStream(head, chained(begin, pieces))
				: this.write(head, Buffer.concat(begin)));
		} finally {
			await iterator.return?.();
		}
	}

	async #writeLargeStream(head: RecordHead, body: AsyncIterable<Uint8Array>): Promise<void> {
		const large = await storeLargeBody(this.#database, body, this.#room(head));
		await (large
			? orAbandon(this.#database, large, () => this.#put(rowOf(head, large.size, large)))
			: this.delete(head.key));
	}

	/** Statements that closing waits for, although it has begun. */
	#insideOperation(): StatementRunner {
		return {
			all: (sql, parameters) => this.#database.query(sql, parameters),
			run: (sql, parameters) => this.#database.enqueue(STATEMENT, [], {sql, parameters}),
		};
	}
}

/** Bytes that a record counts towards `maxBytes`. */
export function costOf(key: string, metadata: string, size: number): number {
	return key.length + metadata.length + size + RECORD_OVERHEAD;
}

function rowOf(head: RecordHead, size: number, body: RecordRow['body']): RecordRow {
	const {key, version, expires, metadata} = head;
	return {key, version, expires, metadata, size, cost: costOf(key, metadata, size), body};
}

/** Removes a large body where no record could be made for it. */
async function orAbandon<T>(
	database: StatementRunner,
	body: Awaitable<LargeBody | undefined>,
	makeRecord: () => Promise<T>,
): Promise<T> {
	try {
		return await makeRecord();
	} catch (error) {
		const large = await Promise.resolve(body).catch(() => undefined);
		if (large) {
			await abandonLargeBody(database, large.id);
		}
		throw error;
	}
}

/** What has been read already, and what comes after it. */
async function* chained(
	begin: Uint8Array[],
	rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
	for (let piece = begin.shift(); piece; piece = begin.shift()) {
		yield piece;
	}
	yield* rest;
}
