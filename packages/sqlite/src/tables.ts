/**
 * The tables of version 2, which is the one that is used; `docs/backends/sqlite.md` says what is in them.
 * Names of tables are ours, never a user's, so they can stand in the text.
 */

/** The tables of records that a database has, one for each cache of a backend. */
export type SQLiteTable = 'responses' | 'redirects';

/** Both of them. */
export const TABLES: readonly SQLiteTable[] = ['responses', 'redirects'];

/** Bytes that a record is taken to cost beside its key, its metadata and its body: rows, indexes, and what is left over in pages. */
export const RECORD_OVERHEAD = 200;

/** Milliseconds for which a large body stays after its record was replaced or removed, for those who are reading it. */
export const RELEASE_GRACE = 60_000;

/** Bodies of different large records never share an id, and chunk `n` of a body has the id `body * CHUNK_SLOTS + n`, so they need no index. */
export const CHUNK_SLOTS = 2 ** 20;

/**
 * What both caches share. A large body belongs to a record where `removable` is null; elsewhere that is the time (epoch milliseconds) from which
 * it may be removed: it is being written, or its record is gone. 0: somebody is removing it.
 */
export const SHARED_TABLES = `
	CREATE TABLE cache_state (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
	INSERT INTO cache_state VALUES ('bytes', 0);
	CREATE TABLE large_body (id INTEGER PRIMARY KEY, removable INTEGER);
	CREATE INDEX large_body_removable ON large_body (removable) WHERE removable IS NOT NULL;
	CREATE TABLE large_body_chunk (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
`;

/** Fails the whole statement where the chunks are gone already. */
const ADOPT = `
	SELECT RAISE (ABORT, 'its body took too long and was swept up')
		WHERE NOT EXISTS (SELECT 1 FROM large_body WHERE id = NEW.large AND removable > 0);
	UPDATE large_body SET removable = NULL WHERE id = NEW.large;
`;

const RELEASE = `
	UPDATE large_body SET removable = CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) + ${RELEASE_GRACE} WHERE id = OLD.large;
`;

/**
 * Bodies have tables of their own, so that renewing metadata never rewrites a body, and listing never steps over one.
 * A view and triggers make a write and a delete one statement each all the same: a statement is atomic, and costs one hop to another thread.
 * Rows without a key are let through the view, so that lists of records can be filled up to a length for which there is a statement.
 */
export const recordTable = (table: SQLiteTable): string => `
	CREATE TABLE ${table} (
		id INTEGER PRIMARY KEY,
		key TEXT NOT NULL UNIQUE,
		version TEXT NOT NULL,
		expires INTEGER,
		metadata TEXT NOT NULL,
		-- Bytes of the body.
		size INTEGER NOT NULL,
		-- Bytes that count towards maxBytes.
		cost INTEGER NOT NULL,
		-- Microseconds since 1970.
		used INTEGER NOT NULL,
		-- Where the body is in chunks.
		large INTEGER
	);
	CREATE INDEX ${table}_expires ON ${table} (expires) WHERE expires IS NOT NULL;
	CREATE INDEX ${table}_used ON ${table} (used);
`;

export const bodyTable = (table: SQLiteTable): string =>
	`CREATE TABLE ${table}_small_body (id INTEGER PRIMARY KEY, body BLOB NOT NULL);`;

export const recordTriggers = (table: SQLiteTable): string => `
	CREATE VIEW ${table}_record AS
		SELECT key, version, expires, metadata, size, cost, used, large, body FROM ${table} LEFT JOIN ${table}_small_body USING (id);
	CREATE TRIGGER ${table}_write INSTEAD OF INSERT ON ${table}_record WHEN NEW.key IS NOT NULL BEGIN
		INSERT INTO ${table} (key, version, expires, metadata, size, cost, used, large)
			VALUES (NEW.key, NEW.version, NEW.expires, NEW.metadata, NEW.size, NEW.cost, NEW.used, NEW.large)
			ON CONFLICT (key) DO UPDATE SET version = excluded.version, expires = excluded.expires, metadata = excluded.metadata,
				size = excluded.size, cost = excluded.cost, used = excluded.used, large = excluded.large;
		INSERT INTO ${table}_small_body (id, body)
			SELECT id, NEW.body FROM ${table} WHERE key = NEW.key AND large IS NULL
			ON CONFLICT (id) DO UPDATE SET body = excluded.body;
	END;
	CREATE TRIGGER ${table}_count AFTER INSERT ON ${table} BEGIN
		UPDATE cache_state SET value = value + NEW.cost WHERE name = 'bytes';
	END;
	CREATE TRIGGER ${table}_recount AFTER UPDATE OF cost ON ${table} WHEN NEW.cost <> OLD.cost BEGIN
		UPDATE cache_state SET value = value + NEW.cost - OLD.cost WHERE name = 'bytes';
	END;
	CREATE TRIGGER ${table}_delete AFTER DELETE ON ${table} BEGIN
		UPDATE cache_state SET value = value - OLD.cost WHERE name = 'bytes';
		DELETE FROM ${table}_small_body WHERE id = OLD.id;
	END;
	CREATE TRIGGER ${table}_adopt AFTER INSERT ON ${table} WHEN NEW.large IS NOT NULL BEGIN ${ADOPT} END;
	CREATE TRIGGER ${table}_exchange AFTER UPDATE OF large ON ${table} WHEN NEW.large IS NOT NULL BEGIN
		${ADOPT}
		DELETE FROM ${table}_small_body WHERE id = NEW.id;
	END;
	CREATE TRIGGER ${table}_replace AFTER UPDATE OF large ON ${table} WHEN OLD.large IS NOT NULL BEGIN ${RELEASE} END;
	CREATE TRIGGER ${table}_release AFTER DELETE ON ${table} WHEN OLD.large IS NOT NULL BEGIN ${RELEASE} END;
`;
