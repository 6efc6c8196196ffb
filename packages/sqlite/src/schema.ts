import type {Connection} from './connection.js';
import {MIGRATIONS} from './migrations.js';
import {retryWhileBusy} from './retry-while-busy.js';
import {bodyTable, recordTable, recordTriggers, SHARED_TABLES, TABLES} from './tables.js';

/** Marks a database as a cache of this library: `GCCH` in ASCII (https://sqlite.org/pragma.html#pragma_application_id). */
export const APPLICATION_ID = 0x47434348;

/**
 * The version of the tables. A database of a newer version is refused, one of an older version is brought to this one when it is opened.
 * What an older release can do without knowing (another table, another row of `cache_state`, an index) needs no new version; what it would break does.
 */
export const SCHEMA_VERSION = 2;

const NEW_DATABASE = [
	SHARED_TABLES,
	...TABLES.flatMap(table => [recordTable(table), bodyTable(table), recordTriggers(table)]),
].join('');

/**
 * Makes the tables of an empty database, brings older ones to this version, or checks those that are there.
 * Rejects, having changed nothing, where the database is not ours or is newer.
 */
export async function prepareSchema(connection: Connection, deadline: number): Promise<void> {
	const identity = await retryWhileBusy(() => identify(connection), deadline);
	if (preparationOf(identity) !== undefined) {
		await prepare(connection, isEmpty(identity), deadline);
	}
	demandOwnDatabase(await retryWhileBusy(() => identify(connection), deadline), SCHEMA_VERSION);
}

/** In one transaction: whoever is killed in the middle leaves what was there before, and of several processes one does it. */
async function prepare(connection: Connection, isNew: boolean, deadline: number): Promise<void> {
	await retryWhileBusy(() => connection.execute(isNew ? 'BEGIN' : 'BEGIN IMMEDIATE'), deadline);
	try {
		if (isNew) {
			// What is freed can be given back in small steps. This must be said before there are tables, and takes the lock for writing. Outside of the transaction
			// it would write a page that does not say whose it is, and whoever was killed then, or had no room for more, would leave a file that is refused for ever.
			await retryWhileBusy(() => connection.execute('PRAGMA auto_vacuum = INCREMENTAL'), deadline);
		}
		// Another process may have been faster.
		const sql = preparationOf(await identify(connection));
		if (sql !== undefined) {
			await connection.execute(sql);
			await connection.execute(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}`);
		}
		await retryWhileBusy(() => connection.execute('COMMIT'), deadline);
	} catch (error) {
		await connection.execute('ROLLBACK').catch(() => undefined);
		throw error;
	}
}

/** What must be done to a database; `undefined`: nothing can or must be done. */
function preparationOf(identity: Identity): string | undefined {
	if (isEmpty(identity)) {
		return NEW_DATABASE;
	}
	const {application, version} = identity;
	return application === APPLICATION_ID && typeof version === 'number' ? MIGRATIONS.get(version) : undefined;
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

/**
 * @param oldest the oldest version that will do: by default all that can be brought to this one
 * @throws Error where a database is another application's, or of a version that is not known here
 */
export function demandOwnDatabase(
	{application, version}: Omit<Identity, 'objects'>,
	oldest = Math.min(...MIGRATIONS.keys()),
): void {
	if (application !== APPLICATION_ID) {
		throw new Error('it belongs to another application; it was left as it is');
	}
	if (typeof version !== 'number' || version < oldest || version > SCHEMA_VERSION) {
		throw new Error(
			`its tables have version ${version}, and this release of @got-client-cache/sqlite knows version ${SCHEMA_VERSION}; it was left as it is`,
		);
	}
}
