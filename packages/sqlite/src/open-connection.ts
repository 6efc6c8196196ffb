import {Connection} from './connection.js';
import {prepareDatabaseFile} from './database-file.js';
import {IN_MEMORY} from './database-path.js';
import {retryWhileBusy} from './retry-while-busy.js';
import {prepareSchema} from './schema.js';

/** Bytes to which the write-ahead log is cut back after it has grown beyond them. */
const LOG_LIMIT = 16 * 1024 * 1024;

/**
 * Opens a database of ours, or makes one. Rejects, and leaves the file as it is, where it is not ours, is of a newer version, or cannot be opened.
 *
 * @param deadline the time of `performance.now()` up to which to wait for locks
 */
export async function openConnection(path: string, deadline: number): Promise<Connection> {
	if (path !== IN_MEMORY) {
		await retryWhileBusy(() => prepareDatabaseFile(path), deadline);
	}
	const connection = await Connection.open(path);
	try {
		// The file's own triggers and views get no functions that do more than compute.
		await connection.execute('PRAGMA trusted_schema = OFF');
		await prepareSchema(connection, deadline);
		// Only now: the tables are made under the old journal, so that the file itself says whose it is from its first page on.
		await retryWhileBusy(() => connection.execute('PRAGMA journal_mode = WAL'), deadline);
		// With a write-ahead log, NORMAL can lose the last writes in a power failure, but never damages the database: right for a cache.
		await connection.execute(`PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = ${LOG_LIMIT}`);
		return connection;
	} catch (error) {
		await connection.close().catch(() => undefined);
		throw error;
	}
}
