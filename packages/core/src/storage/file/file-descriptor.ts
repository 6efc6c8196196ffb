import {closeSync, open, read} from 'node:fs';

/** Opens a file; `undefined` where there is none. Whoever gets a descriptor must close it. */
export function openIfThere(file: string, flags: 'r' | 'r+'): Promise<number | undefined> {
	const opening = new Promise<number>((resolve, reject) => {
		open(file, flags, (error, descriptor) => (error ? reject(error) : resolve(descriptor)));
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

/** `undefined` for a file or folder that is not there, or where a folder stands in place of a file, which is no fault. */
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

/** Whether an operation failed because a file or folder was not there, or a folder was in its place. */
export function isMissing(error: unknown): boolean {
	const {code} = (error ?? {}) as {code?: unknown};
	return code === 'ENOENT' || code === 'EISDIR';
}
