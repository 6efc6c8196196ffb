import type {Connection} from './connection.js';
import {retryWhileBusy} from './retry-while-busy.js';

/** Marks a database as a cache of this library: `GCCH` in ASCII (https://sqlite.org/pragma.html#pragma_application_id). */
export const APPLICATION_ID = 0x47434348;

/** The version of the tables. A database of a newer version is refused. */
export const SCHEMA_VERSION = 1;

/** The tables of records that a database has, one for each cache of a backend. */
export type SQLiteTable = 'responses' | 'redirects';

const TABLES: readonly SQLiteTable[] = ['responses', 'redirects'];

/**
 * Bodies have a table of their own, so that renewing metadata never rewrites a body, and listing never steps over one.
 * A view and two triggers make a write and a delete one statement each all the same: a statement is atomic, and costs one hop to another thread.
 */
const tableSchema = (table: SQLiteTable): string => `
	CREATE TABLE ${table} (
		id INTEGER PRIMARY KEY,
		key TEXT NOT NULL UNIQUE,
		version TEXT NOT NULL,
		expires INTEGER,
		metadata TEXT NOT NULL
	);
	CREATE INDEX ${table}_expires ON ${table} (expires) WHERE expires IS NOT NULL;
	CREATE TABLE ${table}_body (id INTEGER PRIMARY KEY, body BLOB NOT NULL);
	CREATE VIEW ${table}_record AS
		SELECT key, version, expires, metadata, body FROM ${table} LEFT JOIN ${table}_body USING (id);
	CREATE TRIGGER ${table}_write INSTEAD OF INSERT ON ${table}_record BEGIN
		INSERT INTO ${table} (key, version, expires, metadata)
			VALUES (NEW.key, NEW.version, NEW.expires, NEW.metadata)
			ON CONFLICT (key) DO UPDATE SET
				version = excluded.version, expires = excluded.expires, metadata = excluded.metadata;
		INSERT INTO ${table}_body (id, body)
			SELECT id, NEW.body FROM ${table} WHERE key = NEW.key
			ON CONFLICT (id) DO UPDATE SET body = excluded.body;
	END;
	CREATE TRIGGER ${table}_delete AFTER DELETE ON ${table} BEGIN
		DELETE FROM ${table}_body WHERE id = OLD.id;
	END;
`;

/** Makes the tables of an empty database, or checks those that are there. Rejects, having changed nothing, where the database is not ours or is newer. */
export async function prepareSchema(connection: Connection, deadline: number): Promise<void> {
	const retry = <T>(attempt: () => Promise<T>) => retryWhileBusy(attempt, deadline);
	if (isEmpty(await retry(() => identify(connection)))) {
		await retry(() => connection.execute('BEGIN IMMEDIATE'));
		try {
			// Another process may have been faster.
			if (isEmpty(await identify(connection))) {
				await connection.execute(TABLES.map(tableSchema).join(''));
				await connection.execute(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}`);
			}
			await retry(() => connection.execute('COMMIT'));
		} catch (error) {
			await connection.execute('ROLLBACK').catch(() => undefined);
			throw error;
		}
	}
	demandOwnDatabase(await retry(() => identify(connection)));
}

/** What a database says that it is. */
export type Identity = Readonly<Record<'application' | 'version' | 'objects', unknown>>;

/** Asks a database what it is. */
export async function identify(connection: Connection): Promise<Identity> {
	const [{application, version, objects} = {}] = await connection.all(
		`SELECT
			(SELECT application_id FROM pragma_application_id) AS application,
			(SELECT user_version FROM pragma_user_version) AS version,
			(SELECT count(*) FROM sqlite_schema) AS objects`,
		[],
	);
	return {application, version, objects};
}

function isEmpty({application, version, objects}: Identity): boolean {
	return application === 0 && version === 0 && objects === 0;
}

/** @throws Error where a database is another application's, or of another version than the one that is known here */
export function demandOwnDatabase({application, version}: Identity): void {
	if (application !== APPLICATION_ID) {
		throw new Error('it belongs to another application; it was left as it is');
	}
	if (version !== SCHEMA_VERSION) {
		throw new Error(
			`its tables have version ${version}, and this release of @got-client-cache/sqlite knows version ${SCHEMA_VERSION}; it was left as it is`,
		);
	}
}
