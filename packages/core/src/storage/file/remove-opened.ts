import {fstat} from 'node:fs';
import {link, rename, stat, unlink} from 'node:fs/promises';
import {promisify} from 'node:util';
import type {FileFolder} from './file-folder.js';

/**
 * Removes the file that a descriptor has open, and not one that another process has put in its place meanwhile. Never rejects: a damaged file that cannot be
 * removed is found damaged again.
 */
export async function removeOpened(folder: FileFolder, file: string, descriptor: number): Promise<void> {
	const taken = folder.temporaryFile();
	try {
		await folder.makeTemporaryFolder();
		// Taken away first and then looked at, since nothing removes a file by what is in it.
		await rename(file, taken);
	} catch {
		return;
	}
	try {
		// As long as it is open, no other file has its number.
		const [found, opened] = await Promise.all([stat(taken), promisify(fstat)(descriptor)]);
		if (found.ino !== opened.ino) {
			await link(taken, file);
		}
	} catch {
		// There is an even newer one, or the file system has no links: a record is lost, which is a miss.
	}
	await unlink(taken).catch(() => undefined);
}
