import type {StoredBody} from 'got-client-cache';

/** How many pieces are asked for ahead of their reader. */
const AHEAD = 4;

/** A body that is stored in pieces of one size, of which the last may be shorter. They are read when they are asked for, a few at a time. */
export class PiecesBody implements StoredBody {
	readonly size: number;
	readonly #pieceSize: number;
	readonly #readPiece: (index: number, size: number) => Promise<Uint8Array>;

	/** @param readPiece must reject where there is no such piece of that very size */
	constructor(size: number, pieceSize: number, readPiece: (index: number, size: number) => Promise<Uint8Array>) {
		this.size = size;
		this.#pieceSize = pieceSize;
		this.#readPiece = readPiece;
	}

	async bytes(): Promise<Uint8Array> {
		// Not before something of it is there: the size may be made up.
		let whole: Buffer | undefined;
		let at = 0;
		for await (const piece of this.stream()) {
			whole ??= Buffer.allocUnsafe(this.size);
			whole.set(piece, at);
			at += piece.byteLength;
		}
		return whole ?? Buffer.alloc(0);
	}

	async *stream(): AsyncGenerator<Uint8Array, void, undefined> {
		const count = Math.ceil(this.size / this.#pieceSize);
		const coming: Array<Promise<Uint8Array>> = [];
		for (let index = 0; index < count; index++) {
			while (coming.length < AHEAD && index + coming.length < count) {
				coming.push(this.#piece(index + coming.length));
			}
			yield await coming.shift()!;
		}
	}

	#piece(index: number): Promise<Uint8Array> {
		const piece = this.#readPiece(index, Math.min(this.#pieceSize, this.size - index * this.#pieceSize));
		// Whoever stops reading leaves it alone, and must not be troubled by its failure.
		piece.catch(() => undefined);
		return piece;
	}
}
