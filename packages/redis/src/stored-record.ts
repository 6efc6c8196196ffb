import {constants} from 'node:buffer';
import {BytesBody, decodeMetadata, type StoredBody, type StoredMetadata} from 'got-client-cache';
import {PiecesBody} from './pieces-body.js';

/**
 * A record is a hash: `v` its version, `m` its metadata (JSON with a format version), `s` the size of its body in bytes, and `b` the body.
 * A large body is in fields `0`, `1`, … instead, and `s` is `<size>/<size of a piece>`.
 */
export const RECORD_FIELDS = ['v', 'm', 's', 'b'] as const;

/** The size of a body's pieces, in bytes. */
export const PIECE_SIZE = 256 * 1024;

/** A body of up to so many bytes is one field, and comes with its record. */
export const WHOLE_LIMIT = 4 * PIECE_SIZE;

/** Bytes below which a body is copied out of the block that it arrived in, which it would keep in memory. */
const SMALL = 4 * 1024;

/** What is told of a record by `v` and `m`. */
export interface RecordHead {
	readonly version: string;
	readonly metadata: StoredMetadata;
}

/** `undefined` where it cannot be understood. */
export function readHead(version: unknown, metadata: unknown): RecordHead | undefined {
	if (!Buffer.isBuffer(version) || version.length === 0 || !Buffer.isBuffer(metadata)) {
		return undefined;
	}
	const decoded = decodeMetadata(metadata.toString());
	return decoded && {version: version.toString(), metadata: decoded};
}

/** `undefined` where it is not what was stored. */
export function readBody(
	size: unknown,
	body: unknown,
	readPiece: (index: number, size: number) => Promise<Uint8Array>,
): StoredBody | undefined {
	const text = Buffer.isBuffer(size) ? size.toString('latin1') : '';
	if (Buffer.isBuffer(body) && text === String(body.length)) {
		return new BytesBody(body.length < SMALL ? Buffer.from(body) : body);
	}
	const [, total, piece] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
	const isPossible = Number(total) <= constants.MAX_LENGTH && Number(piece) > 0;
	return isPossible ? new PiecesBody(Number(total), Number(piece), readPiece) : undefined;
}
