import {constants} from 'node:fs';
import {access, type FileHandle, lstat, mkdir, open} from 'node:fs/promises';
import path from 'node:path';
import {temporaryFolder} from './database-path.js';
import {APPLICATION_ID, foreignDatabase} from './schema.js';

/** Where SQLite's file format keeps the application id (https://sqlite.org/fileformat2.html#the_database_header). */
const APPLICATION_ID_OFFSET = 68;
const HEADER_SIZE = 100;
const MAGIC = 'SQLite format 3\0';

/**
 * Makes sure that there is a file, and that it is empty or a database of ours, before SQLite gets to see it: SQLite writes into whatever it opens
 * where a journal is left over. A file that is made here can be read and written by its owner only (0600, and its folders 0700), and SQLite gives
 * `-wal` and `-shm` the same mode; what was there before keeps its mode.
 *
 * Rejects where the file belongs to something else, or cannot be made or read.
 */
export async function prepareDatabaseFile(file: string): Promise<void> {
	const folder = path.dirname(file);
	await mkdir(folder, {recursive: true, mode: 0o700});
	const temporary = temporaryFolder();
	if (folder === temporary || folder.startsWith(temporary + path.sep)) {
		await demandOwnFolder(temporary);
	}
	// Without O_NONBLOCK, opening a named pipe would hold a thread for ever.
	const handle = await open(file, constants.O_RDONLY | constants.O_CREAT | constants.O_NONBLOCK, 0o600);
	try {
		await demandOwnDatabase(handle, file);
	} finally {
		await handle.close();
	}
}

/** A folder under the system's temporary one may have been made by anybody. */
async function demandOwnFolder(folder: string): Promise<void> {
	const status = await lstat(folder);
	if (!status.isDirectory() || status.uid !== (process.getuid?.() ?? status.uid)) {
		throw new Error(`the temporary folder ${folder} belongs to another user`);
	}
}

async function demandOwnDatabase(handle: FileHandle, file: string): Promise<void> {
	const status = await handle.stat();
	if (!status.isFile()) {
		throw new Error('not a file');
	}
	if (status.size === 0) {
		return;
	}
	const {buffer, bytesRead} = await handle.read(Buffer.alloc(HEADER_SIZE), 0, HEADER_SIZE, 0);
	const isDatabase = bytesRead === HEADER_SIZE && buffer.toString('latin1', 0, MAGIC.length) === MAGIC;
	if (isDatabase && buffer.readInt32BE(APPLICATION_ID_OFFSET) === APPLICATION_ID) {
		return;
	}
	if (await exists(`${file}-journal`)) {
		// Another process may be filling in a new file at this moment.
		throw Object.assign(new Error('the database is being changed'), {code: 'SQLITE_BUSY'});
	}
	throw isDatabase ? foreignDatabase() : new Error('the file is not an SQLite database; it was left as it is');
}

async function exists(file: string): Promise<boolean> {
	return access(file).then(
		() => true,
		() => false,
	);
}
