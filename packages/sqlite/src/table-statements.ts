import type {SQLiteTable} from './tables.js';

/** Rows that are listed at a time. */
export const PAGE = 500;

/** Rows that are removed at a time, of many: others get their turn in between. */
export const REMOVAL_BATCH = 250;

/** Bytes of the longest text that is taken out of the file. With far longer ones, which only a strange hand puts there, sqlite3 ends the process. */
const MAX_TEXT = 64 * 1024 * 1024;

/** The statements of one cache. */
export type TableStatements = ReturnType<typeof tableStatements>;

/** The table's name is one of ours, never a user's, so it can stand in the text. */
export function tableStatements(table: SQLiteTable) {
	// Few columns, because each takes its time on the way. Null: what there is, is no whole body.
	const found = `${bounded('version')}, ${bounded('metadata')}, CASE
		WHEN large IS NOT NULL THEN large || ' ' || size
		WHEN typeof(body) = 'blob' AND length(body) = size THEN body
	END AS body`;
	return {
		/** `body`: the bytes of a small one; of a large one, in a text, its id and its size. `n`: which of the keys it is. Not by the key itself: what SQLite gives back need not be the very string that it was given. */
		read: byCount(count =>
			count === 1
				? `SELECT 0 AS n, ${found} FROM ${table} LEFT JOIN ${table}_small_body USING (id) WHERE key = ?`
				: `WITH wanted (n, wanted_key) AS (VALUES ${listOf(count, n => `(${n}, ?)`)})
					SELECT n, ${found} FROM wanted CROSS JOIN ${table} ON key = wanted_key LEFT JOIN ${table}_small_body USING (id)`,
		),
		write: byCount(
			count =>
				`INSERT INTO ${table}_record (key, version, expires, metadata, size, cost, used, large, body) VALUES ${listOf(count, () => '(?, ?, ?, ?, ?, ?, ?, ?, ?)')}`,
		),
		touch: `UPDATE ${table} SET expires = ?, metadata = ?, cost = size + ? WHERE key = ? AND version = ?`,
		delete: `DELETE FROM ${table} WHERE key = ?`,
		deleteSeveral: byCount(count => `DELETE FROM ${table} WHERE key IN (${listOf(count, () => '?')})`),
		deleteVersion: `DELETE FROM ${table} WHERE key = ? AND version IS ?`,
		deleteExpired: `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE expires <= ? LIMIT ${REMOVAL_BATCH})`,
		lastId: `SELECT max(id) AS id FROM ${table}`,
		clear: `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE id <= ? ORDER BY id LIMIT ${REMOVAL_BATCH})`,
		contains: `SELECT 1 FROM ${table} WHERE key = ?`,
		containsSeveral: byCount(
			count => `WITH wanted (n, wanted_key) AS (VALUES ${listOf(count, n => `(${n}, ?)`)})
			SELECT n FROM wanted CROSS JOIN ${table} ON key = wanted_key`,
		),
		size: `SELECT count(*) AS size FROM ${table}`,
		keys: `SELECT key FROM ${table} WHERE key >= ? AND ${isBounded('key')} ORDER BY key LIMIT ${PAGE}`,
		entries: `SELECT key, ${bounded('version')}, ${bounded('metadata')} FROM ${table} WHERE key >= ? AND ${isBounded('key')} ORDER BY key LIMIT ${PAGE}`,
		keysBetween: `SELECT key FROM ${table} WHERE key >= ? AND key < ? AND ${isBounded('key')}`,
	};
}

const isBounded = (column: string) => `octet_length(${column}) <= ${MAX_TEXT}`;

const bounded = (column: string) => `CASE WHEN ${isBounded(column)} THEN ${column} END AS ${column}`;

/** Lists come in few lengths, powers of two, so that few statements are prepared for them. */
export function paddedLength(length: number): number {
	return 2 ** Math.ceil(Math.log2(length));
}

/** Texts are made once: they are long, and the statements that are kept are found by them. */
function byCount(make: (count: number) => string): (count: number) => string {
	const made = new Map<number, string>();
	return count => {
		const text = made.get(count) ?? make(count);
		made.set(count, text);
		return text;
	};
}

function listOf(count: number, item: (index: number) => string): string {
	return Array.from({length: count}, (_, index) => item(index)).join(', ');
}
