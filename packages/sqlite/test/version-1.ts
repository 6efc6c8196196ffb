import {encodeMetadata, type StoredMetadata} from 'got-client-cache';
import {RawDatabase} from './raw-database.js';

/** The tables of version 1, as the releases made them that knew no other. */
const tables = (table: string): string => `
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

const VERSION_1 = `
	BEGIN;
	${tables('responses')}
	${tables('redirects')}
	PRAGMA application_id = ${0x47434348};
	PRAGMA user_version = 1;
	COMMIT;
	PRAGMA journal_mode = WAL;
`;

/** A statement as version 1 wrote records. */
export function writeVersion1(table: string, key: string, version: string, metadata: StoredMetadata, body: string) {
	const text = encodeMetadata(metadata).replaceAll("'", "''");
	return `INSERT INTO ${table}_record (key, version, expires, metadata, body)
		VALUES ('${key}', '${version}', ${metadata.expires ?? 'NULL'}, '${text}', ${body})`;
}

/** Makes a database of version 1, with what the statements put into it. */
export async function makeVersion1(file: string, statements: readonly string[]): Promise<void> {
	const database = await RawDatabase.open(file);
	await database.execute(VERSION_1);
	await database.execute(['BEGIN', ...statements, 'COMMIT'].join(';'));
	await database.close();
}
