import {statSync} from 'node:fs';
import {lstat, mkdir} from 'node:fs/promises';
import {homedir, tmpdir} from 'node:os';
import path from 'node:path';
import {InvalidOptionError} from '../errors.js';

/**
 * The absolute path of the folder that a name means: a leading `~` is the home folder, and with `useTemp` a relative name is put into {@link temporaryFolder}.
 * What is relative to the working folder stays where it was when this was called.
 *
 * @throws InvalidOptionError where the name cannot be a folder's, or is an existing file's
 */
export function folderPath(name: string, useTemp: boolean): string {
	if (typeof name !== 'string' || name === '' || name.includes('\0')) {
		throw new InvalidOptionError('name', name, 'the path of a folder');
	}
	const folder = localPath(name, useTemp);
	if (isOtherThanFolder(folder)) {
		throw new InvalidOptionError('name', name, 'the path of a folder; this is a file');
	}
	return folder;
}

/**
 * The absolute path that a user's name for a file or folder means: a leading `~` is the home folder, and with `useTemp` a relative name is put into {@link temporaryFolder}.
 * For backends that keep things on disk.
 */
export function localPath(name: string, useTemp: boolean): string {
	const expanded = name === '~' || /^~[/\\]/.test(name) ? path.join(homedir(), name.slice(1)) : name;
	return path.resolve(useTemp ? temporaryFolder() : '', expanded);
}

/** Where `useTemp` puts caches: one folder for each user, so that nobody finds, or prepares, another's cache. */
export function temporaryFolder(): string {
	const user = process.getuid?.();
	return path.join(tmpdir(), user === undefined ? 'got-client-cache' : `got-client-cache-${user}`);
}

/** Makes a folder, and those above it, that only their owner can enter (0700); one that is there keeps its mode. Rejects where it cannot be made, or is in a temporary folder of somebody else's. */
export async function makeFolder(folder: string): Promise<void> {
	await mkdir(folder, {recursive: true, mode: 0o700});
	const temporary = temporaryFolder();
	if (folder === temporary || folder.startsWith(temporary + path.sep)) {
		// Under the system's temporary folder, anybody may have made it before.
		const status = await lstat(temporary);
		if (!status.isDirectory() || status.uid !== (process.getuid?.() ?? status.uid)) {
			throw new Error(`the temporary folder ${temporary} belongs to another user`);
		}
	}
}

function isOtherThanFolder(place: string): boolean {
	try {
		return !statSync(place).isDirectory();
	} catch {
		// What keeps it from being looked at is said when it is used.
		return false;
	}
}
