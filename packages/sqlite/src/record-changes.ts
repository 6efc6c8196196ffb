import type {Connection, Parameter} from './connection.js';
import {paddedLength, REMOVAL_BATCH, type TableStatements} from './table-statements.js';
import type {ChangeKind} from './write-queue.js';

/** A record as it is stored. */
export interface RecordRow {
	readonly key: string;
	readonly version: string;
	readonly expires: number | undefined;
	readonly metadata: string;
	/** Bytes of the body. */
	readonly size: number;
	/** Bytes that count towards `maxBytes`. */
	readonly cost: number;
	/** The body, or where it is. */
	readonly body: Uint8Array | {readonly id: number};
}

/** Columns that are written of a record. */
const COLUMNS = 9;

/** Records that are written by one statement: a power of two. */
const WRITE_BATCH = 64;

/** Bytes that are written by one statement. */
const WRITE_BATCH_BYTES = 2 * 1024 * 1024;

/** Keys that are removed by one statement. */
const DELETE_BATCH = 64;

/** A single statement. */
export interface Statement {
	readonly sql: string;
	readonly parameters: readonly Parameter[];
}

/** Any statement; gives the number of rows that it changed. */
export const STATEMENT: ChangeKind<Statement, number> = {
	perform: async (connection, [statement]) => [await connection.run(statement!.sql, statement!.parameters)],
};

/** Writes records. @param written called with each group after it was written; `useOf` gives the time of use of a record that is written now */
export function writeKind(
	sql: TableStatements,
	useOf: () => number,
	written: (connection: Connection, cost: number) => Promise<void>,
): ChangeKind<RecordRow, undefined> {
	return {
		maxCount: WRITE_BATCH,
		maxBytes: WRITE_BATCH_BYTES,
		mayShareKeys: true,
		async perform(connection, records) {
			const length = paddedLength(records.length);
			// Rows without a key are left out.
			const values = new Array<Parameter>(length * COLUMNS).fill(null);
			let cost = 0;
			for (const [index, record] of records.entries()) {
				putValues(values, index * COLUMNS, record, useOf());
				cost += record.cost;
			}
			await connection.run(sql.write(length), values);
			await written(connection, cost);
			return records.map(() => undefined);
		},
	};
}

/** In the order of the columns in the statement. */
function putValues(values: Parameter[], start: number, record: RecordRow, used: number): void {
	const {key, version, expires, metadata, size, cost, body} = record;
	values[start] = key;
	values[start + 1] = version;
	values[start + 2] = expires ?? null;
	values[start + 3] = metadata;
	values[start + 4] = size;
	values[start + 5] = cost;
	values[start + 6] = used;
	values[start + 7] = body instanceof Uint8Array ? null : body.id;
	values[start + 8] = body instanceof Uint8Array ? body : null;
}

/** Removes records by their keys; says of each whether there was one. */
export function deleteKind(sql: TableStatements): ChangeKind<string, boolean> {
	return {
		maxCount: DELETE_BATCH,
		async perform(connection, keys) {
			if (keys.length === 1) {
				return [(await connection.run(sql.delete, keys)) > 0];
			}
			// A look first: most are not there, because whoever writes a response removes what might stand in its way.
			const list = padded(keys);
			const rows = await connection.all(sql.containsSeveral(list.length), list);
			const there = new Set(rows.map(({n}) => Number(n)));
			if (there.size > 0) {
				const found = padded(keys.filter((_, index) => there.has(index)));
				await connection.run(sql.deleteSeveral(found.length), found);
			}
			return keys.map((_, index) => there.has(index));
		},
	};
}

/** Removes all records that are there, a few at a time: in between others read, and other processes write. @param patiently see `SQLiteDatabase.patiently` */
export function clearKind(
	sql: TableStatements,
	patiently: <T>(attempt: () => Promise<T>) => Promise<T>,
): ChangeKind<undefined, undefined> {
	return {
		async perform(connection) {
			// Later ones are of other processes, who could go on for ever.
			const [{id} = {}] = await connection.all(sql.lastId, []);
			let removed: number;
			do {
				removed = await patiently(() => connection.run(sql.clear, [Number(id)]));
			} while (removed === REMOVAL_BATCH);
			return [undefined];
		},
	};
}

/** A list of a length for which there is a statement, filled up with nulls: nothing is stored under null. */
export function padded(keys: readonly string[]): Parameter[] {
	return [...keys, ...new Array<null>(paddedLength(keys.length) - keys.length).fill(null)];
}
