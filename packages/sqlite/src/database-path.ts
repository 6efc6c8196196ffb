import {statSync} from 'node:fs';
import path from 'node:path';
import {InvalidOptionError, localPath} from 'got-client-cache';

/** SQLite's name for a database that lives in memory, and only as long as its connection. */
export const IN_MEMORY = ':memory:';

/**
 * The absolute path of the database that a name means: `.sqlite` is added where it has no extension, a leading `~` is the home folder, and with `useTemp`
 * a relative name is put into this user's own folder for temporary caches. What is relative to the working folder stays where it was when this was called.
 *
 * @throws InvalidOptionError where the name cannot be a file's, or is an existing folder's.
 */
export function databasePath(name: string, useTemp: boolean): string {
	if (typeof name !== 'string' || name === '' || name.includes('\0')) {
		throw new InvalidOptionError('name', name, `the path of a database file, or '${IN_MEMORY}'`);
	}
	if (name === IN_MEMORY) {
		return name;
	}
	const given = localPath(name, useTemp);
	const file = path.extname(given) === '' ? `${given}.sqlite` : given;
	if (isFolder(given) || isFolder(file)) {
		throw new InvalidOptionError('name', name, 'the path of a database file; this is a folder');
	}
	return file;
}

function isFolder(file: string): boolean {
	try {
		return statSync(file).isDirectory();
	} catch {
		// What keeps it from being looked at is said when it is opened.
		return false;
	}
}
