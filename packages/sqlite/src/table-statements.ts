import type {SQLiteTable} from './schema.js';

/** Rows that are listed at a time. */
export const PAGE = 500;

/** Rows that are removed at a time when they have expired: other processes get their turn in between. */
export const EXPIRY_BATCH = 1000;

/** The statements of one cache. */
export type TableStatements = ReturnType<typeof tableStatements>;

/** The table's name is one of ours, never a user's, so it can stand in the text. */
export function tableStatements(table: SQLiteTable) {
	return {
		read: `SELECT version, metadata, body FROM ${table} LEFT JOIN ${table}_body USING (id) WHERE key = ?`,
		write: `INSERT INTO ${table}_record (key, version, expires, metadata, body) VALUES (?, ?, ?, ?, ?)`,
		touch: `UPDATE ${table} SET expires = ?, metadata = ? WHERE key = ? AND version = ?`,
		delete: `DELETE FROM ${table} WHERE key = ?`,
		deleteSeveral: (count: number) =>
			`DELETE FROM ${table} WHERE key IN (${new Array<string>(count).fill('?').join(', ')})`,
		deleteVersion: `DELETE FROM ${table} WHERE key = ? AND version IS ?`,
		deleteExpired: `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE expires <= ? LIMIT ${EXPIRY_BATCH})`,
		clear: `DELETE FROM ${table}`,
		contains: `SELECT 1 FROM ${table} WHERE key = ?`,
		size: `SELECT count(*) AS size FROM ${table}`,
		keys: `SELECT key FROM ${table} WHERE key >= ? ORDER BY key LIMIT ${PAGE}`,
		entries: `SELECT key, version, metadata FROM ${table} WHERE key >= ? ORDER BY key LIMIT ${PAGE}`,
		keysBetween: `SELECT key FROM ${table} WHERE key >= ? AND key < ?`,
	};
}
