import {statSync} from 'node:fs';
import {homedir, tmpdir} from 'node:os';
import path from 'node:path';
import {InvalidOptionError} from 'got-client-cache';

/** SQLite's name for a database that lives in memory, and only as long as its connection. */
export const IN_MEMORY = ':memory:';

/**
 * The absolute path of the database that a name means: `.sqlite` is added where it has no extension, a leading `~` is the home folder, and with `useTemp`
 * a relative name is put into {@link temporaryFolder}. What is relative to the working folder stays where it was when this was called.
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
	const given = path.resolve(useTemp ? temporaryFolder() : '', expandHome(name));
	const file = path.extname(given) === '' ? `${given}.sqlite` : given;
	if (isFolder(given) || isFolder(file)) {
		throw new InvalidOptionError('name', name, 'the path of a database file; this is a folder');
	}
	return file;
}

/** Where `useTemp` puts databases: one folder for each user, so that nobody finds, or prepares, another's cache. */
export function temporaryFolder(): string {
	const user = process.getuid?.();
	return path.join(tmpdir(), user === undefined ? 'got-client-cache' : `got-client-cache-${user}`);
}

function expandHome(name: string): string {
	return name === '~' || /^~[/\\]/.test(name) ? path.join(homedir(), name.slice(1)) : name;
}

function isFolder(file: string): boolean {
	try {
		return statSync(file).isDirectory();
	} catch {
		// What keeps it from being looked at is said when it is opened.
		return false;
	}
}
