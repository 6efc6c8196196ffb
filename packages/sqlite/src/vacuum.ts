import type {SQLiteDatabase} from './sqlite-database.js';
import type {ChangeKind} from './write-queue.js';

/** Pages that are given back by one statement: 2 MB. */
const STEP = 512;

const EXECUTE: ChangeKind<string, void> = {
	perform: async (connection, [sql]) => [await connection.execute(sql!)],
};

const STATE = 'SELECT auto_vacuum AS mode, freelist_count AS free FROM pragma_auto_vacuum, pragma_freelist_count';

/** Pages at the end of the file take the places of free ones, step by step; then the file is cut. */
export async function vacuum(database: SQLiteDatabase): Promise<void> {
	let {mode, free} = await look(database);
	if (mode !== 2) {
		// The table of pages that this needs can only be made while everything is written anew.
		await database.change(EXECUTE, 'all', 'PRAGMA auto_vacuum = INCREMENTAL; VACUUM');
	} else {
		for (let before = Number.POSITIVE_INFINITY; free > 0 && free < before; ) {
			before = free;
			await database.change(EXECUTE, [], `PRAGMA incremental_vacuum(${STEP})`);
			({free} = await look(database));
		}
	}
	// The file itself is cut when the log is moved into it, as far as nobody reads an older state.
	await database.change(EXECUTE, [], 'PRAGMA wal_checkpoint(TRUNCATE)');
}

async function look(database: SQLiteDatabase): Promise<{mode: number; free: number}> {
	const [{mode, free} = {}] = await database.all(STATE, []);
	return {mode: Number(mode), free: Number(free)};
}
