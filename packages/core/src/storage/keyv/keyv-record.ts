import {createHash} from 'node:crypto';
import type {StoredMetadata} from '../../http/response.js';
import {decodeMetadata, encodeMetadata} from '../metadata-codec.js';

/** The version of the format of what stands under a key. */
const FORMAT = 1;

/** What is known of a record. Its body is in it, or in pieces under keys of their own. */
export interface KeyvRecord {
	readonly key: string;
	readonly version: string;
	readonly metadata: StoredMetadata;
	/** Of the body, in bytes. */
	readonly size: number;
	/** The body; `undefined`: it is in pieces. */
	readonly body: Uint8Array | undefined;
	/** Bytes of a piece. */
	readonly pieceSize: number;
	/** Epoch milliseconds from which the pieces may be gone; `undefined`: they stay. */
	readonly piecesUntil: number | undefined;
}

/** What a key of a Keyv is the place of. `name` is that key, without a namespace. */
export type KeyvPlace =
	| {readonly kind: 'record'; readonly name: string}
	| {readonly kind: 'piece'; readonly name: string; readonly record: string; readonly version: string};

/** The keys of a cache in a Keyv: short, and without characters that some adapter takes for its own. */
export class KeyvNames {
	readonly #prefix: string;
	readonly #pattern: RegExp;

	/** @param prefix letters, digits, hyphens, underscores and dots */
	constructor(prefix: string) {
		this.#prefix = prefix;
		// Keyv 5 leaves a part of a namespace with a colon in front of the keys that it lists.
		this.#pattern = new RegExp(
			`^(?:.*:)?((${prefix.replaceAll('.', '\\.')}\\.[0-9a-f]{40})(?:\\.([0-9a-f]{32})\\.\\d+)?)$`,
			's',
		);
	}

	/** Where the record of a key is. A digest, because adapters bound the length of keys, and some do not tell cases apart. */
	record(key: string): string {
		return `${this.#prefix}.${createHash('sha256').update(key, 'utf16le').digest('hex').slice(0, 40)}`;
	}

	/** What is where; `undefined`: it is not of this cache. @param listed a key as Keyv lists it */
	placeOf(listed: string): KeyvPlace | undefined {
		const [, name, record, version] = this.#pattern.exec(listed) ?? [];
		if (name === undefined || record === undefined) {
			return undefined;
		}
		return version === undefined ? {kind: 'record', name} : {kind: 'piece', name, record, version};
	}
}

/** Where a piece of a body is. */
export function pieceName(record: string, version: string, index: number): string {
	return `${record}.${version}.${index}`;
}

/** How many pieces a body has. */
export function pieceCount({size, body, pieceSize}: KeyvRecord): number {
	return body ? 0 : Math.ceil(size / pieceSize);
}

/** What is stored of a record, for whatever serialises it. */
export function encodeRecord({metadata, body, ...members}: KeyvRecord): object {
	const bytes = body === undefined ? {} : {body: asBuffer(body)};
	return {format: FORMAT, ...members, metadata: encodeMetadata(metadata), ...bytes};
}

/** A record, or `undefined` where the value is none, of another format version, or damaged. */
export function decodeRecord(value: unknown): KeyvRecord | undefined {
	const {format, key, version, metadata: text, size, body, pieceSize, piecesUntil} = membersOf(value);
	const metadata = typeof text === 'string' ? decodeMetadata(text) : undefined;
	if (format !== FORMAT || metadata === undefined || typeof key !== 'string' || typeof version !== 'string') {
		return undefined;
	}
	const isSized = isCount(size) && isCount(pieceSize) && pieceSize > 0;
	const isTimed = piecesUntil === undefined || piecesUntil === null || Number.isFinite(piecesUntil);
	const bytes = decodeBytes(body);
	if (!isSized || !isTimed || (body !== undefined && bytes?.byteLength !== size)) {
		return undefined;
	}
	const until = typeof piecesUntil === 'number' ? piecesUntil : undefined;
	return {key, version, metadata, size, body: bytes, pieceSize, piecesUntil: until};
}

/** What is stored of a piece: a copy, since a place in memory may keep what it is given. @param writtenAt epoch milliseconds */
export function encodePiece(bytes: Uint8Array, writtenAt: number): object {
	return {format: FORMAT, writtenAt, bytes: Buffer.from(bytes)};
}

/** The bytes of a piece, or `undefined` where the value is none. */
export function decodePiece(value: unknown): Uint8Array | undefined {
	const {format, bytes} = membersOf(value);
	return format === FORMAT ? decodeBytes(bytes) : undefined;
}

/** When a piece was written, in epoch milliseconds; 0 where it does not say. */
export function pieceTime(value: unknown): number {
	const {writtenAt} = membersOf(value);
	return typeof writtenAt === 'number' ? writtenAt : 0;
}

/** Keyv's own serialiser knows the class Buffer, and no other bytes. */
function asBuffer(bytes: Uint8Array): Buffer {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Bytes, also as plain JSON makes them of a Buffer. */
function decodeBytes(value: unknown): Uint8Array | undefined {
	if (value instanceof Uint8Array || Buffer.isBuffer(value)) {
		return value;
	}
	const {type, data} = membersOf(value);
	return type === 'Buffer' && Array.isArray(data) ? Buffer.from(data) : undefined;
}

function membersOf(value: unknown): Record<string, unknown> {
	return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function isCount(value: unknown): value is number {
	return Number.isSafeInteger(value) && Number(value) >= 0;
}
