import {closeSync, openSync} from 'node:fs';
import {access, stat} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {makeFolder} from 'got-client-cache';
import type {Driver} from './driver.js';
import {demandOwnDatabase} from './schema.js';

/**
 * Makes sure that there is a file. One that is made here can be read and written by its owner only (0600, and its folders 0700),
 * and SQLite gives `-wal` and `-shm` the same mode; what was there before keeps its mode. Rejects where it cannot be made, or is not a file.
 */
export async function makeDatabaseFile(file: string): Promise<void> {
	await makeFolder(path.dirname(file));
	makeFile(file);
	if (!(await stat(file)).isFile()) {
		throw new Error('not a file');
	}
}

/** In one go, so that nothing in this process has opened the file when it is closed: see {@link demandOwnFile}. */
function makeFile(file: string): void {
	try {
		closeSync(openSync(file, 'wx', 0o600));
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
			throw error;
		}
	}
}

/** Waits between looks at a file that does not seem to be ours, in milliseconds: another process may be in the middle of moving its log into it. */
const SECOND_LOOKS = [10, 30, 60];

/**
 * Makes sure that a file is empty or a database of ours, before SQLite opens it to write: where a journal is left over, SQLite writes
 * even when it is only asked to read. Rejects where the file belongs to something else, or cannot be read.
 *
 * It is read by SQLite, not by `fs`: when a process closes a file, it loses its locks on it, those of its other connections too
 * (https://sqlite.org/howtocorrupt.html, §2.2). SQLite knows how to get around that.
 */
export async function demandOwnFile(file: string, driver: Driver): Promise<void> {
	if ((await stat(file)).size === 0) {
		return;
	}
	for (const wait of SECOND_LOOKS) {
		try {
			return await lookAt(file, driver);
		} catch {
			await sleep(wait);
		}
	}
	await lookAt(file, driver);
}

/** Reads without any lock, as only a file that nobody changes may be read: what is found wrong may be right a moment later. */
async function lookAt(file: string, driver: Driver): Promise<void> {
	const connection = await driver.openImmutable(file);
	try {
		// Else a file that is shorter than it says would pass for damaged: it is left so when a process dies, or finds no room,
		// while it moves the log into it, and the log has the rest. For the same reason nothing but the header is looked at.
		await connection.execute('PRAGMA writable_schema = ON');
		const [{application_id: application} = {}] = await connection.all('PRAGMA application_id', []);
		const [{user_version: version} = {}] = await connection.all('PRAGMA user_version', []);
		demandOwnDatabase({application, version});
	} catch (error) {
		if (await exists(`${file}-journal`)) {
			// Another process may be filling in a new file at this moment.
			throw Object.assign(new Error('the database is being changed', {cause: error}), {code: 'SQLITE_BUSY'});
		}
		throw error;
	} finally {
		await connection.close();
	}
}

async function exists(file: string): Promise<boolean> {
	return access(file).then(
		() => true,
		() => false,
	);
}
