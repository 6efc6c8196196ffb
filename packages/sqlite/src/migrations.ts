import {RECORD_OVERHEAD, recordTable, recordTriggers, SHARED_TABLES, type SQLiteTable, TABLES} from './tables.js';

/**
 * Version 1 had no sizes, no times of use and no chunks. Bodies stay where they are, however large: their table gets another name, which costs nothing.
 * Records are copied, without reading bodies (SQLite knows the length of a blob from its first page). What version 1 still can do is list, renew and remove.
 */
function fromVersion1(): string {
	const counted = TABLES.map(table => `(SELECT coalesce(sum(cost), 0) FROM ${table})`).join(' + ');
	return [
		SHARED_TABLES,
		...TABLES.map(moveTable1),
		`UPDATE cache_state SET value = ${counted} WHERE name = 'bytes';`,
	].join('');
}

const moveTable1 = (table: SQLiteTable): string => `
	DROP VIEW ${table}_record;
	DROP TRIGGER ${table}_delete;
	DROP INDEX ${table}_expires;
	ALTER TABLE ${table} RENAME TO ${table}_1;
	ALTER TABLE ${table}_body RENAME TO ${table}_small_body;
	${recordTable(table)}
	INSERT INTO ${table} (id, key, version, expires, metadata, size, cost, used)
		SELECT id, key, version, expires, metadata, coalesce(length(body), 0),
				coalesce(length(body), 0) + length(metadata) + length(key) + ${RECORD_OVERHEAD}, 0
			FROM ${table}_1 LEFT JOIN ${table}_small_body USING (id) ORDER BY id;
	DROP TABLE ${table}_1;
	${recordTriggers(table)}
`;

/**
 * What brings the tables of an older version to the present one, by that version. Each runs in one transaction.
 *
 * A process of an older release that has the database open meanwhile is not told. So nothing that it goes on to do may damage anything:
 * where its statements would, they must not find their tables any more.
 */
export const MIGRATIONS: ReadonlyMap<number, string> = new Map([[1, fromVersion1()]]);
