import {forAll} from '../in-batches.js';
import type {OperationGate} from '../operation-gate.js';
import {piecesOf} from '../pieces.js';
import type {KeyvPort} from './keyv-port.js';
import {decodePiece, decodeRecord, encodePiece, type KeyvRecord, pieceCount, pieceName} from './keyv-record.js';
import {timeToLive} from './time-to-live.js';

/** By how long pieces outlive their record, in milliseconds: a renewal then seldom has to write them again, just to have them live longer. */
const PIECE_GRACE = 24 * 60 * 60 * 1000;

/** After so many milliseconds, a piece without a record is one of a write that was broken off. */
const ABANDONED_AFTER = 60 * 60 * 1000;

/** What of a record says where its body is. */
type StoredBodyPlace = Pick<KeyvRecord, 'size' | 'body' | 'piecesUntil'>;

/** A piece that was found when the Keyv was listed. */
export interface FoundPiece {
	/** Its key. */
	readonly name: string;
	/** The key of its record. */
	readonly record: string;
	readonly version: string;
	/** Epoch milliseconds. */
	readonly writtenAt: number;
}

/** The pieces of bodies that are too large for one value. Their keys have the version in them, so that those of two versions never mix. */
export class KeyvPieces {
	readonly #port: KeyvPort;
	readonly #gate: OperationGate;

	constructor(port: KeyvPort, gate: OperationGate) {
		this.#port = port;
		this.#gate = gate;
	}

	/**
	 * Writes a body in pieces where it is larger than one; otherwise it is given back, to be written with its record. When the body fails, what was written of it is removed.
	 *
	 * @param until epoch milliseconds to which the record is kept; `undefined`: for ever
	 */
	async write(
		name: string,
		version: string,
		body: Uint8Array | AsyncIterable<Uint8Array>,
		pieceSize: number,
		until: number | undefined,
	): Promise<StoredBodyPlace> {
		const piecesUntil = until === undefined ? undefined : until + PIECE_GRACE;
		let first: Uint8Array | undefined;
		let count = 0;
		let size = 0;
		const put = (piece: Uint8Array) => this.#put(pieceName(name, version, count++), piece, piecesUntil);
		try {
			for await (const piece of piecesOf(body, pieceSize)) {
				if (size === 0) {
					// A copy: whoever gave it may use its memory again before the next one comes.
					first = Uint8Array.from(piece);
				} else {
					if (count === 0 && first) {
						await put(first);
						first = undefined;
					}
					await put(piece);
				}
				size += piece.byteLength;
			}
		} catch (error) {
			await this.#removeNamed(name, version, count).catch(() => undefined);
			throw error;
		}
		return count === 0
			? {size, body: first ?? new Uint8Array(), piecesUntil: undefined}
			: {size, body: undefined, piecesUntil};
	}

	/** A body, a piece at a time. Throws where one is gone or not as long as it must be, and removes the record, if it is still the same. */
	async *read(name: string, record: KeyvRecord): AsyncGenerator<Uint8Array, void, undefined> {
		// Not through the gate: the body of a record may still be read when its cache is closed.
		try {
			yield* this.#fetchAll(name, record);
		} catch (error) {
			if (error instanceof BrokenBody) {
				await this.#port.changes.run(name, () => this.#removeBroken(name, record));
			}
			throw this.#gate.fault(error);
		}
	}

	/** Removes the pieces of a record, where it has any. */
	async remove(name: string, record: KeyvRecord): Promise<void> {
		await this.#removeNamed(name, record.version, pieceCount(record));
	}

	/**
	 * Sees to it that the pieces of a record live as long as it.
	 *
	 * @param until epoch milliseconds; `undefined`: for ever
	 * @returns until when they do now
	 */
	async keepUntil(name: string, record: KeyvRecord, until: number | undefined): Promise<number | undefined> {
		const count = pieceCount(record);
		const isLongEnough = record.piecesUntil === undefined || (until !== undefined && until <= record.piecesUntil);
		if (count === 0 || isLongEnough) {
			return record.piecesUntil;
		}
		const piecesUntil = until === undefined ? undefined : until + PIECE_GRACE;
		let index = 0;
		for await (const piece of this.#fetchAll(name, record)) {
			await this.#put(pieceName(name, record.version, index++), piece, piecesUntil);
		}
		return piecesUntil;
	}

	/** Removes those of some pieces that belong to no record, and are old enough not to be a part of one that is still being written. */
	async sweep(found: readonly FoundPiece[]): Promise<void> {
		const bound = Date.now() - ABANDONED_AFTER;
		const old = found.filter(({writtenAt}) => writtenAt < bound);
		await forAll(old, async ({name, record, version}) => {
			if (decodeRecord(await this.#port.get(record))?.version !== version) {
				await this.#port.delete(name);
			}
		});
	}

	#put(name: string, piece: Uint8Array, until: number | undefined): Promise<void> {
		return this.#gate.run(() => this.#port.set(name, encodePiece(piece, Date.now()), timeToLive(until)));
	}

	async #removeNamed(name: string, version: string, count: number): Promise<void> {
		const names = Array.from({length: count}, (_, index) => pieceName(name, version, index));
		await forAll(names, piece => this.#port.delete(piece));
	}

	async *#fetchAll(name: string, record: KeyvRecord): AsyncGenerator<Uint8Array, void, undefined> {
		const count = pieceCount(record);
		for (let index = 0; index < count; index++) {
			const piece = decodePiece(await this.#port.get(pieceName(name, record.version, index)));
			if (piece?.byteLength !== Math.min(record.pieceSize, record.size - index * record.pieceSize)) {
				throw new BrokenBody();
			}
			yield piece;
		}
	}

	async #removeBroken(name: string, record: KeyvRecord): Promise<void> {
		if (decodeRecord(await this.#port.get(name))?.version === record.version) {
			await this.#port.delete(name);
			await this.remove(name, record);
		}
	}
}

class BrokenBody extends Error {
	constructor() {
		super('a part of a body is missing: its record was replaced or removed, or it is damaged');
	}
}
