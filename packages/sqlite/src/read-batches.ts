import type {Awaitable} from 'got-client-cache';
import type {Row} from './connection.js';
import type {SQLiteDatabase} from './sqlite-database.js';
import {paddedLength, type TableStatements} from './table-statements.js';

/** Keys that are read by one statement: a power of two. */
export const READ_BATCH = 64;

interface Batch {
	readonly keys: string[];
	readonly rows: Promise<ReadonlyArray<Row | undefined>>;
}

/** Reads of one table. Those that come in one tick are one statement, because most of what a small read takes is the way to SQLite and back. */
export class ReadBatches {
	readonly #database: SQLiteDatabase;
	readonly #sql: TableStatements;
	/** What this tick's reads are collected in. */
	#batch: Batch | undefined;

	constructor(database: SQLiteDatabase, sql: TableStatements) {
		this.#database = database;
		this.#sql = sql;
	}

	/** Whether a read that comes now goes along with others. */
	get isCollecting(): boolean {
		return this.#batch !== undefined;
	}

	/** The row under a key, made into something else; several readers may get the same row. */
	read<T>(key: string, use: (row: Row | undefined) => Awaitable<T>): Promise<T> {
		if (this.#database.isClosing) {
			// What goes along with earlier reads would be answered.
			this.#batch = undefined;
		}
		this.#batch ??= this.#begin();
		const {keys, rows} = this.#batch;
		const earlier = keys.indexOf(key);
		const index = earlier === -1 ? keys.push(key) - 1 : earlier;
		if (keys.length === READ_BATCH) {
			this.#batch = undefined;
		}
		return rows.then(found => use(found[index]));
	}

	#begin(): Batch {
		const keys: string[] = [];
		const rows = this.#database.operation(async deadline => {
			await new Promise<void>(resolve => process.nextTick(resolve));
			if (this.#batch?.keys === keys) {
				this.#batch = undefined;
			}
			return this.#query(keys, deadline);
		});
		return {keys, rows};
	}

	async #query(keys: readonly string[], deadline: number): Promise<ReadonlyArray<Row | undefined>> {
		const length = paddedLength(keys.length);
		// Nothing is stored under null.
		const padding = new Array<null>(length - keys.length).fill(null);
		const found = await this.#database.query(this.#sql.read(length), [...keys, ...padding], deadline);
		const rows = new Array<Row | undefined>(keys.length);
		for (const row of found) {
			rows[Number(row['n'])] = row;
		}
		return rows;
	}
}
