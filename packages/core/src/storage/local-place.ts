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
 *
 * @throws InvalidOptionError for a URL, and for a relative name that leads out of the temporary folder
 */
export function localPath(name: string, useTemp: boolean): string {
	if (/^(file|sqlite):/i.test(name)) {
		throw new InvalidOptionError(
			'name',
			name,
			"a path, not a URL, for which there is openBackend(); './' in front makes it a path",
		);
	}
	const expanded = name === '~' || /^~[/\\]/.test(name) ? path.join(homedir(), name.slice(1)) : name;
	const base = useTemp ? temporaryFolder() : '';
	const place = path.resolve(base, expanded);
	if (useTemp && !path.isAbsolute(expanded) && !isWithin(place, base)) {
		// Up there anybody may have prepared something.
		throw new InvalidOptionError('name', name, 'with useTemp, a path that does not lead out of the temporary folder');
	}
	return place;
}

/** Where `useTemp` puts caches: one folder for each user, so that nobody finds, or prepares, another's cache. */
export function temporaryFolder(): string {
	const user = process.getuid?.();
	return path.join(tmpdir(), user === undefined ? 'got-client-cache' : `got-client-cache-${user}`);
}

/** Makes a folder, and those above it, that only their owner can enter (0700); one that is there keeps its mode. Rejects where it cannot be made, or is in a temporary folder of somebody else's. */
export async function makeFolder(folder: string): Promise<void> {
	const temporary = temporaryFolder();
	if (isWithin(folder, temporary)) {
		// Under the system's temporary folder, anybody may have made it before, or a link to where nothing of ours should be made.
		await mkdir(temporary, {recursive: true, mode: 0o700}).catch(ignoreExisting);
		const status = await lstat(temporary);
		if (!status.isDirectory() || status.uid !== (process.getuid?.() ?? status.uid)) {
			throw new Error(`the temporary folder ${temporary} belongs to another user`);
		}
	}
	await mkdir(folder, {recursive: true, mode: 0o700});
}

function isWithin(place: string, folder: string): boolean {
	return place === folder || place.startsWith(folder + path.sep);
}

/** A file, or a link to nowhere, which is looked at next. */
function ignoreExisting(error: NodeJS.ErrnoException): void {
	if (error.code !== 'EEXIST') {
		throw error;
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
