import {closeSync, constants, open, read} from 'node:fs';

/** What keeps a pipe, which others may put in a file's place, from holding up a thread until somebody writes to it. Windows has none of this. */
const AT_ONCE = constants.O_NONBLOCK ?? 0;

const FLAGS = {r: constants.O_RDONLY | AT_ONCE, 'r+': constants.O_RDWR | AT_ONCE} as const;

/** Opens a file; `undefined` where there is none. Whoever gets a descriptor must close it. */
export function openIfThere(file: string, flags: 'r' | 'r+'): Promise<number | undefined> {
	const opening = new Promise<number>((resolve, reject) => {
		open(file, FLAGS[flags], (error, descriptor) => (error ? reject(error) : resolve(descriptor)));
	});
	return ignoreMissing(opening);
}

/** Runs a task on a file, and closes it; `undefined` where there is none. */
export async function withFile<T>(
	file: string,
	flags: 'r' | 'r+',
	task: (descriptor: number) => Promise<T>,
): Promise<T | undefined> {
	const descriptor = await openIfThere(file, flags);
	if (descriptor === undefined) {
		return undefined;
	}
	try {
		return await ignoreMissing(task(descriptor));
	} finally {
		closeSync(descriptor);
	}
}

/** Fills a buffer from a place in a file on; resolves to how many bytes there were, fewer only at the end of the file. */
export async function readFully(descriptor: number, buffer: Uint8Array, position: number): Promise<number> {
	let filled = 0;
	while (filled < buffer.byteLength) {
		const count = await readOnce(descriptor, buffer, filled, position + filled);
		if (count === 0) {
			break;
		}
		filled += count;
	}
	return filled;
}

/** One read, which for a file that ends within the buffer gives all of it. */
export function readOnce(descriptor: number, buffer: Uint8Array, offset: number, position: number): Promise<number> {
	return new Promise((resolve, reject) => {
		read(descriptor, buffer, offset, buffer.byteLength - offset, position, (error, count) =>
			error ? reject(error) : resolve(count),
		);
	});
}

/** `undefined` for a file or folder that is not there, or where something else stands in place of a file, which is no fault. */
export async function ignoreMissing<T>(result: Promise<T>): Promise<T | undefined> {
	try {
		return await result;
	} catch (error) {
		if (isMissing(error)) {
			return undefined;
		}
		throw error;
	}
}

/** Without a file or folder; with a folder, a pipe, or a socket in its place. */
const MISSING_CODES: readonly unknown[] = ['ENOENT', 'EISDIR', 'ESPIPE', 'ENXIO'];

/** Whether an operation failed because a file or folder was not there, or something else was in its place. */
export function isMissing(error: unknown): boolean {
	const {code} = (error ?? {}) as {code?: unknown};
	return MISSING_CODES.includes(code);
}
