import {type FileHandle, mkdir, open, rename, unlink} from 'node:fs/promises';
import path from 'node:path';
import {crc32} from 'node:zlib';
import {piecesOf} from '../pieces.js';
import {isMissing} from './file-descriptor.js';
import type {FileFolder} from './file-folder.js';
import type {NewHead} from './file-head.js';

/** Bytes that are written at a time. */
const PIECE_SIZE = 256 * 1024;

/** The whole file of a record whose body is at hand: a copy, which nobody changes meanwhile. */
export function wholeFile(head: NewHead, body: Uint8Array): Buffer {
	const content = Buffer.allocUnsafeSlow(head.bodyStart + body.byteLength);
	content.set(body, head.bodyStart);
	head.writeTo(content, body.byteLength, crc32(body));
	return content;
}

/** Writes the file of a record whose body is at hand, and moves it to its place. */
export async function writeWhole(folder: FileFolder, file: string, content: Buffer): Promise<void> {
	await folder.run(async () => {
		const temporary = folder.temporaryFile();
		try {
			const handle = await create(folder, temporary);
			await closing(handle, () => handle.writeFile(content));
			await move(temporary, file);
		} catch (error) {
			await unlink(temporary).catch(() => undefined);
			throw error;
		}
	});
}

/**
 * Writes the file of a record whose body comes in pieces, each before the next is asked for, and moves it to its place when the body has ended well.
 * Between the pieces nothing is under way: a cache that is closed does not wait for a body.
 *
 * @param maxBytes of the whole file
 * @returns bytes of the file; `undefined`: they would be more than `maxBytes`, and nothing was written
 * @throws what the body throws
 */
export async function writeInPieces(
	folder: FileFolder,
	file: string,
	head: NewHead,
	body: AsyncIterable<Uint8Array>,
	maxBytes: number,
): Promise<number | undefined> {
	const temporary = folder.temporaryFile();
	const handle = await folder.run(() => create(folder, temporary));
	let isMoved = false;
	try {
		let size = 0;
		let sum = 0;
		for await (const piece of piecesOf(body, PIECE_SIZE)) {
			await folder.run(() => writeAt(handle, piece, head.bodyStart + size));
			size += piece.byteLength;
			sum = crc32(piece, sum);
			if (head.bodyStart + size > maxBytes) {
				return undefined;
			}
		}
		const start = Buffer.allocUnsafe(head.bodyStart);
		head.writeTo(start, size, sum);
		await folder.run(async () => {
			await closing(handle, () => writeAt(handle, start, 0));
			await move(temporary, file);
		});
		isMoved = true;
		return head.bodyStart + size;
	} finally {
		if (!isMoved) {
			await handle.close().catch(() => undefined);
			await unlink(temporary).catch(() => undefined);
		}
	}
}

/** Makes a file that only its owner can read (0600). */
async function create(folder: FileFolder, file: string): Promise<FileHandle> {
	try {
		return await open(file, 'wx', 0o600);
	} catch (error) {
		if (!isMissing(error)) {
			throw error;
		}
		await folder.makeTemporaryFolder();
		return open(file, 'wx', 0o600);
	}
}

/** Closes a file after a task: what was written may fail as late as then. */
async function closing(handle: FileHandle, task: () => Promise<unknown>): Promise<void> {
	try {
		await task();
	} catch (error) {
		await handle.close().catch(() => undefined);
		throw error;
	}
	await handle.close();
}

async function writeAt(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
	for (let done = 0; done < bytes.byteLength; ) {
		const {bytesWritten} = await handle.write(bytes, done, bytes.byteLength - done, position + done);
		done += bytesWritten;
	}
}

/** Makes a file visible, in one step. */
async function move(temporary: string, file: string): Promise<void> {
	try {
		await rename(temporary, file);
	} catch (error) {
		if (!isMissing(error)) {
			throw error;
		}
		await mkdir(path.dirname(file), {recursive: true, mode: 0o700});
		await rename(temporary, file);
	}
}
