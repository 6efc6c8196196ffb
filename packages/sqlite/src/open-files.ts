import {stat} from 'node:fs/promises';
import type {SQLiteDriver} from './driver.js';

/** The files that are open in this process, by device and inode: the driver, and the number of its connections. */
const openFiles = new Map<string, {readonly driver: SQLiteDriver; count: number}>();

/**
 * Keeps a file to one driver for as long as it is open. Each driver has its own copy of SQLite, which does not know of the other's locks:
 * where one of them closes the file, the system takes the other's locks away (https://sqlite.org/howtocorrupt.html, §2.2.1).
 *
 * @returns lets go of the file; must be called once
 * @throws Error where it is open with another driver
 */
export async function claimFile(file: string, driver: SQLiteDriver): Promise<() => void> {
	const {dev, ino} = await stat(file, {bigint: true});
	const id = `${dev}:${ino}`;
	const entry = openFiles.get(id) ?? {driver, count: 0};
	if (entry.driver !== driver) {
		throw new Error(
			`this process has it open with the driver '${entry.driver}'; it cannot be opened with '${driver}' at the same time`,
		);
	}
	entry.count++;
	openFiles.set(id, entry);
	return () => {
		entry.count--;
		if (entry.count === 0) {
			openFiles.delete(id);
		}
	};
}
