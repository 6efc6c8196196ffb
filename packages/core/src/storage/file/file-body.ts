import {closeSync} from 'node:fs';
import {crc32} from 'node:zlib';
import type {StoredBody} from '../base-cache.js';
import {openIfThere, readFully} from './file-descriptor.js';
import type {FileFolder} from './file-folder.js';
import {type BodyPlace, decodeFixedHead, HEAD_SIZE} from './file-head.js';
import {removeOpened} from './remove-opened.js';

/** Bytes that are read at a time. */
const PIECE_SIZE = 256 * 1024;

/** A body that is left in its file until it is asked for. The file is open only while it is being read. */
export class FileBody implements StoredBody {
	readonly #folder: FileFolder;
	readonly #file: string;
	readonly #version: string;
	readonly #place: BodyPlace;

	/** @param version that of the record, without which the file is another's */
	constructor(folder: FileFolder, file: string, version: string, place: BodyPlace) {
		this.#folder = folder;
		this.#file = file;
		this.#version = version;
		this.#place = place;
	}

	get size(): number {
		return this.#place.size;
	}

	async bytes(): Promise<Uint8Array> {
		const bytes = this.#bufferForAll();
		let filled = 0;
		for await (const piece of this.#pieces(() => bytes.subarray(filled, filled + PIECE_SIZE))) {
			filled += piece.byteLength;
		}
		return bytes;
	}

	stream(): AsyncIterable<Uint8Array> {
		return this.#pieces(left => Buffer.allocUnsafeSlow(Math.min(left, PIECE_SIZE)));
	}

	#bufferForAll(): Buffer {
		try {
			return Buffer.allocUnsafeSlow(this.size);
		} catch (error) {
			throw this.#folder.gate.fault(error);
		}
	}

	/** Does not give the last piece of a body that is damaged, so that nobody takes it for whole. */
	async *#pieces(bufferFor: (left: number) => Buffer): AsyncGenerator<Uint8Array, void, undefined> {
		const descriptor = await this.#open();
		try {
			await this.#demandVersion(descriptor);
			const {start, size, checksum} = this.#place;
			let sum = 0;
			for (let done = 0; done < size; ) {
				const piece = bufferFor(size - done);
				const count = await readFully(descriptor, piece, start + done);
				sum = crc32(piece, sum);
				done += count;
				if (count < piece.byteLength || (done === size && sum !== checksum)) {
					await removeOpened(this.#folder, this.#file, descriptor);
					throw new Error('a body is damaged');
				}
				yield piece;
			}
		} catch (error) {
			throw this.#folder.gate.fault(error);
		} finally {
			closeSync(descriptor);
		}
	}

	async #open(): Promise<number> {
		try {
			const descriptor = await openIfThere(this.#file, 'r');
			if (descriptor === undefined) {
				throw new Error('a record was removed before its body was read');
			}
			return descriptor;
		} catch (error) {
			throw this.#folder.gate.fault(error);
		}
	}

	async #demandVersion(descriptor: number): Promise<void> {
		const head = Buffer.alloc(HEAD_SIZE);
		await readFully(descriptor, head, 0);
		if (decodeFixedHead(head)?.version !== this.#version) {
			throw new Error('a record was replaced before its body was read');
		}
	}
}
