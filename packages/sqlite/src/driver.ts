import {CachedSessionError, InvalidOptionError} from 'got-client-cache';
import type {Connection} from './connection.js';
import {hasNodeSqlite, NEEDED_NODE, nodeSqlite} from './node-sqlite-driver.js';
import {loadSqlite3} from './sqlite3-driver.js';

/** What reads and writes the file: the package `sqlite3`, or `node:sqlite`, which Node.js has built in from 22.15 on. */
export type SQLiteDriver = 'sqlite3' | 'node:sqlite';

/** Opens databases. */
export interface Driver {
	readonly name: SQLiteDriver;

	/**
	 * Opens a file that is there, or a database in memory.
	 *
	 * @param whenClosed called once, when the connection was closed
	 */
	open(file: string, whenClosed?: () => void): Promise<Connection>;

	/** Opens a file to read its own pages, without locks, and without looking at journals that may be beside it: nothing at all is written. */
	openImmutable(file: string): Promise<Connection>;
}

/** @throws InvalidOptionError where the option `driver` names none, or one that this Node.js does not have */
export function checkDriver(driver: SQLiteDriver | undefined): void {
	if (driver === undefined || driver === 'sqlite3') {
		return;
	}
	if (driver !== 'node:sqlite') {
		throw new InvalidOptionError('driver', driver, `'sqlite3' or 'node:sqlite'`);
	}
	if (!hasNodeSqlite()) {
		const needs = `'node:sqlite' needs Node.js ${NEEDED_NODE} or later, and this is ${process.version}`;
		throw new InvalidOptionError('driver', driver, `'sqlite3'; ${needs}`);
	}
}

/**
 * Loads the driver that is wanted; without a wish sqlite3, or `node:sqlite` where sqlite3 is not installed or does not work.
 *
 * @throws CachedSessionError with `ERR_MISSING_PACKAGE` where there is none
 */
export async function loadDriver(wanted: SQLiteDriver | undefined): Promise<Driver> {
	if (wanted === 'node:sqlite') {
		return nodeSqlite();
	}
	try {
		return await loadSqlite3();
	} catch (cause) {
		if (wanted === undefined && hasNodeSqlite()) {
			return nodeSqlite();
		}
		throw new CachedSessionError('ERR_MISSING_PACKAGE', whatToDo(cause), {cause});
	}
}

function whatToDo(cause: unknown): string {
	// The first line: an addon that cannot be found is followed by every place where it was looked for.
	const [reason] = String((cause as Partial<Error> | undefined)?.message ?? cause).split('\n');
	const other = hasNodeSqlite()
		? `the driver 'node:sqlite'`
		: `Node.js ${NEEDED_NODE} or later, which has a driver of its own (this is ${process.version})`;
	return (
		`the package sqlite3 cannot be loaded (${reason}); install it with "npm install sqlite3" ` +
		`(where there is no ready build of it, that takes Python 3, make and a C++ compiler), or use ${other}`
	);
}
