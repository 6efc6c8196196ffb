/**
 * The format of a record's file: a head of fixed length, the key, two regions for metadata, the body.
 *
 * A file is written once and then renamed into place, so whoever has it open sees one version and no other. Only its metadata may change: a renewal fills the region
 * that is not in use, then the slot that points to it. Each has a checksum, so that a reader who comes in between, or after a crash, takes the other one.
 * A file that has outgrown its regions has further ones behind the body.
 */
import {crc32} from 'node:zlib';

/** The last byte is the version of the format. */
const MAGIC = Buffer.from('GOTCACH\x01', 'latin1');

const AT = {checksum: 8, keySize: 12, version: 16, bodyStart: 32, bodySize: 38, bodyChecksum: 44, slots: 48} as const;
const SLOT_SIZE = 28;
const SLOT_AT = {sequence: 0, start: 4, size: 10, room: 14, checksum: 18, slotChecksum: 22} as const;

/** Bytes of the head without the key. */
export const HEAD_SIZE = AT.slots + 2 * SLOT_SIZE;

/** Bounds what is read on the word of a damaged file. */
const MAX_KEY_SIZE = 1024 * 1024;
const MAX_METADATA_SIZE = 64 * 1024 * 1024;

/** More renewals than any record has: there must be a number for the next one. */
const MAX_SEQUENCE = 2 ** 32 - 2;

/** Where a body is in its file. */
export interface BodyPlace {
	readonly start: number;
	/** In bytes. */
	readonly size: number;
	/** CRC-32 of the bytes. */
	readonly checksum: number;
}

/** Points to metadata. */
export interface MetadataSlot {
	/** Which of the two slots. */
	readonly index: 0 | 1;
	/** The higher one is in use; 0: it has never been. */
	readonly sequence: number;
	readonly start: number;
	/** In bytes. */
	readonly size: number;
	/** Bytes that may be stored there. */
	readonly room: number;
	/** CRC-32 of the bytes. */
	readonly checksum: number;
}

/** What the fixed part of a head says. */
export interface FixedHead {
	readonly version: string;
	readonly keySize: number;
	readonly body: BodyPlace;
	/** Those that are sound, the one in use first. */
	readonly slots: readonly MetadataSlot[];
}

/** Everything before the body. It does not depend on the body, which can be written first. */
export class NewHead {
	/** Where the body begins. */
	readonly bodyStart: number;
	readonly #version: string;
	readonly #key: Buffer;
	readonly #metadata: Buffer;

	/** @param version 32 hexadecimal digits */
	constructor(key: string, version: string, metadata: string) {
		this.#version = version;
		this.#key = encodeKey(key);
		this.#metadata = Buffer.from(metadata);
		this.bodyStart = HEAD_SIZE + this.#key.byteLength + 2 * roomFor(this.#metadata.byteLength);
	}

	/** The bytes, for a body of this size and CRC-32, into a buffer that may hold more. */
	writeTo(buffer: Buffer, bodySize: number, bodyChecksum: number): void {
		const {byteLength: size} = this.#metadata;
		const room = roomFor(size);
		const start = HEAD_SIZE + this.#key.byteLength;
		buffer.fill(0, 0, this.bodyStart);
		MAGIC.copy(buffer);
		buffer.writeUInt32LE(this.#key.byteLength, AT.keySize);
		buffer.write(this.#version, AT.version, 'hex');
		buffer.writeUIntLE(this.bodyStart, AT.bodyStart, 6);
		buffer.writeUIntLE(bodySize, AT.bodySize, 6);
		buffer.writeUInt32LE(bodyChecksum, AT.bodyChecksum);
		this.#key.copy(buffer, HEAD_SIZE);
		buffer.writeUInt32LE(fixedChecksum(buffer, this.#key), AT.checksum);
		const used: MetadataSlot = {index: 0, sequence: 1, start, size, room, checksum: crc32(this.#metadata)};
		encodeSlot(used).copy(buffer, slotStart(0));
		encodeSlot({index: 1, sequence: 0, start: start + room, size: 0, room, checksum: 0}).copy(buffer, slotStart(1));
		this.#metadata.copy(buffer, start);
	}
}

/** The bytes to make ready for metadata of `size` bytes: renewals are mostly of about that size. */
export function roomFor(size: number): number {
	return size + (size >> 2) + 64;
}

/** Where in the file a slot is. */
export function slotStart(index: 0 | 1): number {
	return AT.slots + index * SLOT_SIZE;
}

/** The bytes of a slot. */
export function encodeSlot({sequence, start, size, room, checksum}: MetadataSlot): Buffer {
	const bytes = Buffer.alloc(SLOT_SIZE);
	bytes.writeUInt32LE(sequence, SLOT_AT.sequence);
	bytes.writeUIntLE(start, SLOT_AT.start, 6);
	bytes.writeUInt32LE(size, SLOT_AT.size);
	bytes.writeUInt32LE(room, SLOT_AT.room);
	bytes.writeUInt32LE(checksum, SLOT_AT.checksum);
	bytes.writeUInt32LE(crc32(bytes.subarray(0, SLOT_AT.slotChecksum)), SLOT_AT.slotChecksum);
	return bytes;
}

/** What the fixed part of a head says, or `undefined` where it is not of this format. Whether it is damaged only the key's bytes tell, see {@link decodeKey}. */
export function decodeFixedHead(bytes: Buffer): FixedHead | undefined {
	if (bytes.byteLength < HEAD_SIZE || MAGIC.compare(bytes, 0, MAGIC.byteLength) !== 0) {
		return undefined;
	}
	const keySize = bytes.readUInt32LE(AT.keySize);
	const slots = ([0, 1] as const).flatMap(index => decodeSlot(bytes, index) ?? []);
	slots.sort((a, b) => b.sequence - a.sequence);
	if (keySize > MAX_KEY_SIZE || slots[0] === undefined) {
		return undefined;
	}
	const body = {
		start: bytes.readUIntLE(AT.bodyStart, 6),
		size: bytes.readUIntLE(AT.bodySize, 6),
		checksum: bytes.readUInt32LE(AT.bodyChecksum),
	};
	return {version: bytes.toString('hex', AT.version, AT.bodyStart), keySize, body, slots};
}

/** The key, or `undefined` where it or the fixed part of the head is damaged. */
export function decodeKey(fixed: Buffer, key: Buffer): string | undefined {
	return fixedChecksum(fixed, key) === fixed.readUInt32LE(AT.checksum) ? key.toString('utf16le') : undefined;
}

function decodeSlot(head: Buffer, index: 0 | 1): MetadataSlot | undefined {
	const bytes = head.subarray(slotStart(index), slotStart(index) + SLOT_SIZE);
	const size = bytes.readUInt32LE(SLOT_AT.size);
	const sequence = bytes.readUInt32LE(SLOT_AT.sequence);
	const checksum = crc32(bytes.subarray(0, SLOT_AT.slotChecksum));
	const isSound = checksum === bytes.readUInt32LE(SLOT_AT.slotChecksum);
	if (!isSound || size > MAX_METADATA_SIZE || sequence > MAX_SEQUENCE) {
		return undefined;
	}
	return {
		index,
		sequence,
		start: bytes.readUIntLE(SLOT_AT.start, 6),
		size,
		room: bytes.readUInt32LE(SLOT_AT.room),
		checksum: bytes.readUInt32LE(SLOT_AT.checksum),
	};
}

/** Of all that never changes, the body apart. */
function fixedChecksum(head: Buffer, key: Buffer): number {
	return crc32(key, crc32(head.subarray(AT.keySize, AT.slots)));
}

/** UTF-16, which keeps lone surrogates. */
function encodeKey(key: string): Buffer {
	return Buffer.from(key, 'utf16le');
}
