import {fstat} from 'node:fs';
import {promisify} from 'node:util';
import {crc32} from 'node:zlib';
import type {StoredMetadata} from '../../http/response.js';
import {decodeMetadata} from '../metadata-codec.js';
import {readFully, readOnce} from './file-descriptor.js';
import {decodeFixedHead, decodeKey, type FixedHead, HEAD_SIZE, type MetadataSlot} from './file-head.js';

/** What is read of a file at first: all of most records. */
const FIRST_READ = 64 * 1024;

/** Buffers for first reads that nobody uses at the moment. */
const freeBuffers: Buffer[] = [];
const MAX_FREE_BUFFERS = 8;

/** What the file of a record says before its body. */
export interface RecordHead extends FixedHead {
	readonly key: string;
	readonly metadata: StoredMetadata;
	/** Where that metadata is. */
	readonly used: MetadataSlot;
}

/** A record's file as far as it was read. */
export interface ReadRecord {
	readonly head: RecordHead;
	/** All of the body, for one of up to `inlineSize` bytes; a copy. */
	readonly bytes: Buffer | undefined;
}

/** How often a head is read again whose metadata is in the middle of being renewed. */
const ATTEMPTS = 5;

/**
 * Reads a record from its file: one read for most of them. `undefined`: it is damaged, cut short, or not of this format.
 *
 * @param inlineSize the size of the largest body that is read along; -1: none is
 */
export async function readRecordFile(descriptor: number, inlineSize: number): Promise<ReadRecord | undefined> {
	const buffer = freeBuffers.pop() ?? Buffer.allocUnsafe(FIRST_READ);
	try {
		for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
			const count = await readOnce(descriptor, buffer, 0, 0);
			const result = await readParts({descriptor, start: buffer.subarray(0, count)}, inlineSize);
			if (result !== 'in between') {
				return result;
			}
		}
		return undefined;
	} finally {
		if (freeBuffers.length < MAX_FREE_BUFFERS) {
			freeBuffers.push(buffer);
		}
	}
}

/** A file, and what was read of its start. */
interface OpenedFile {
	readonly descriptor: number;
	readonly start: Buffer;
}

async function readParts(file: OpenedFile, inlineSize: number): Promise<ReadRecord | 'in between' | undefined> {
	const fixed = decodeFixedHead(file.start);
	const keyBytes = fixed && (await partOf(file, HEAD_SIZE, fixed.keySize));
	const key = keyBytes && decodeKey(file.start, keyBytes);
	if (fixed === undefined || key === undefined) {
		return undefined;
	}
	const found = await metadataOf(file, fixed.slots);
	if (found === undefined) {
		return 'in between';
	}
	const metadata = decodeMetadata(found.text);
	if (metadata === undefined) {
		return undefined;
	}
	const head = {...fixed, key, metadata, used: found.used};
	return fixed.body.size > inlineSize ? withoutBody(file, head) : withBody(file, head);
}

/** The metadata in use. A slot whose metadata is being changed, or never was whole, gives way to the other. */
async function metadataOf(
	file: OpenedFile,
	slots: readonly MetadataSlot[],
): Promise<{text: string; used: MetadataSlot} | undefined> {
	for (const used of slots) {
		if (used.sequence > 0) {
			const bytes = await partOf(file, used.start, used.size);
			if (bytes !== undefined && crc32(bytes) === used.checksum) {
				return {text: bytes.toString(), used};
			}
		}
	}
	return undefined;
}

async function withBody(file: OpenedFile, head: RecordHead): Promise<ReadRecord | undefined> {
	const {start, size, checksum} = head.body;
	const bytes = await partOf(file, start, size);
	if (bytes === undefined || crc32(bytes) !== checksum) {
		return undefined;
	}
	// The buffer is used again.
	return {head, bytes: bytes.buffer === file.start.buffer ? Buffer.from(bytes) : bytes};
}

async function withoutBody(file: OpenedFile, head: RecordHead): Promise<ReadRecord | undefined> {
	const end = head.body.start + head.body.size;
	const isWhole = end <= file.start.byteLength || (await promisify(fstat)(file.descriptor)).size >= end;
	return isWhole ? {head, bytes: undefined} : undefined;
}

/** A part of a file, from what was read where it is in there; `undefined` where the file ends before. */
async function partOf({descriptor, start}: OpenedFile, from: number, size: number): Promise<Buffer | undefined> {
	if (from + size <= start.byteLength) {
		return start.subarray(from, from + size);
	}
	const part = Buffer.allocUnsafeSlow(size);
	return (await readFully(descriptor, part, from)) === size ? part : undefined;
}
