import type {Connection} from './connection.js';
import {demandOwnFile, makeDatabaseFile} from './database-file.js';
import {IN_MEMORY} from './database-path.js';
import {type Driver, loadDriver, type SQLiteDriver} from './driver.js';
import {claimFile} from './open-files.js';
import {retryWhileBusy} from './retry-while-busy.js';
import {prepareSchema} from './schema.js';

/** Bytes to which the write-ahead log is cut back after it has grown beyond them. */
const LOG_LIMIT = 16 * 1024 * 1024;

/** A connection that is ready for use. */
export interface OpenConnection {
	readonly connection: Connection;
	/** The path of its write-ahead log; `undefined`: it works without one, because the database is in memory, or where the file system cannot have one. */
	readonly log: string | undefined;
}

/**
 * Opens a database of ours, or makes one. Rejects, and leaves the file as it is, where it is not ours, is of a newer version, or cannot be opened.
 *
 * @param deadline the time of `performance.now()` up to which to wait for locks
 * @param wanted see {@link loadDriver}
 */
export async function openConnection(path: string, deadline: number, wanted?: SQLiteDriver): Promise<OpenConnection> {
	const driver = await loadDriver(wanted);
	const connection = path === IN_MEMORY ? await driver.open(path) : await openFile(path, deadline, driver);
	try {
		// The file's own triggers and views get no functions that do more than compute.
		await connection.execute('PRAGMA trusted_schema = OFF');
		await prepareSchema(connection, deadline);
		// Only now: the tables are made under the old journal, so that the file itself says whose it is from its first page on.
		await retryWhileBusy(() => connection.execute('PRAGMA journal_mode = WAL'), deadline);
		// With a write-ahead log, NORMAL can lose the last writes in a power failure, but never damages the database: right for a cache.
		await connection.execute(`PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = ${LOG_LIMIT}`);
		return {connection, log: await retryWhileBusy(() => findLog(connection), deadline)};
	} catch (error) {
		await connection.close().catch(() => undefined);
		throw error;
	}
}

async function openFile(path: string, deadline: number, driver: Driver): Promise<Connection> {
	await makeDatabaseFile(path);
	const release = await claimFile(path, driver.name);
	try {
		await retryWhileBusy(() => demandOwnFile(path, driver), deadline);
		return await driver.open(path, release);
	} catch (error) {
		release();
		throw error;
	}
}

/** Reads from the tables, because SQLite makes the log when it reads for the first time. */
async function findLog(connection: Connection): Promise<string | undefined> {
	// SQLite's own name for the file: where the path has symbolic links, the log is beside what they lead to.
	const [{mode, file} = {}] = await connection.all(
		`SELECT journal_mode AS mode, file, (SELECT count(*) FROM sqlite_schema)
			FROM pragma_journal_mode, pragma_database_list WHERE name = 'main'`,
		[],
	);
	return mode === 'wal' && typeof file === 'string' && file !== '' ? `${file}-wal` : undefined;
}
