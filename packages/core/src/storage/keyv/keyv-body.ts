import type {StoredBody} from '../base-cache.js';
import type {KeyvPieces} from './keyv-pieces.js';
import type {KeyvRecord} from './keyv-record.js';

/** A body in pieces under keys of their own, each fetched when its turn comes. */
export class KeyvBody implements StoredBody {
	readonly #pieces: KeyvPieces;
	readonly #name: string;
	readonly #record: KeyvRecord;

	/** @param name where the record is */
	constructor(pieces: KeyvPieces, name: string, record: KeyvRecord) {
		this.#pieces = pieces;
		this.#name = name;
		this.#record = record;
	}

	get size(): number {
		return this.#record.size;
	}

	async bytes(): Promise<Uint8Array> {
		const bytes = Buffer.allocUnsafeSlow(this.size);
		let filled = 0;
		for await (const piece of this.stream()) {
			bytes.set(piece, filled);
			filled += piece.byteLength;
		}
		return bytes;
	}

	stream(): AsyncIterable<Uint8Array> {
		return this.#pieces.read(this.#name, this.#record);
	}
}
