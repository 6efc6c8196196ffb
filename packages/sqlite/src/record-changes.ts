import type {Connection, Parameter} from './connection.js';
import {paddedLength, type TableStatements} from './table-statements.js';
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
			const values: Parameter[] = records.flatMap(record => valuesOf(record, useOf()));
			// Rows without a key are left out.
			const padding = new Array<null>((length - records.length) * 9).fill(null);
			await connection.run(sql.write(length), [...values, ...padding]);
			await written(
				connection,
				records.reduce((sum, {cost}) => sum + cost, 0),
			);
			return records.map(() => undefined);
		},
	};
}

function valuesOf({key, version, expires, metadata, size, cost, body}: RecordRow, used: number): Parameter[] {
	const [large, bytes] = body instanceof Uint8Array ? [null, body] : [body.id, null];
	return [key, version, expires ?? null, metadata, size, cost, used, large, bytes];
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

/** A list of a length for which there is a statement, filled up with nulls: nothing is stored under null. */
export function padded(keys: readonly string[]): Parameter[] {
	return [...keys, ...new Array<null>(paddedLength(keys.length) - keys.length).fill(null)];
}
