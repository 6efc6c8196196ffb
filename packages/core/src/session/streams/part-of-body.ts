import type {BodyHandle} from '../../storage/base-cache.js';
import {BytesBody} from '../../storage/bytes-body.js';
import {OneShotBody} from './one-shot-body.js';
import {isReadFromStore} from './opened-body.js';

/** Some of a body's bytes. */
interface Part {
	readonly offset: number;
	readonly length: number;
}

/** A part of a stored body; of one that is streamed, as a stream. */
export async function partOf(body: BodyHandle, {offset, length}: Part): Promise<BodyHandle> {
	if (isReadFromStore(body)) {
		return new PartBody(body, {offset, length});
	}
	const bytes = await body.bytes();
	return new BytesBody(bytes.subarray(offset, offset + length));
}

/** The part of a body that is read from its store. */
class PartBody extends OneShotBody {
	readonly #whole: BodyHandle;
	readonly #part: Part;

	constructor(whole: BodyHandle, part: Part) {
		super();
		this.#whole = whole;
		this.#part = part;
	}

	/** @internal */
	protected override async *read(): AsyncGenerator<Uint8Array> {
		const {offset, length} = this.#part;
		let position = 0;
		for await (const piece of this.#whole.stream()) {
			const part = piece.subarray(Math.max(0, offset - position), Math.max(0, offset + length - position));
			if (part.byteLength > 0) {
				// A copy: it belongs to the store.
				yield Buffer.from(part);
			}
			position += piece.byteLength;
			if (position >= offset + length) {
				return;
			}
		}
	}
}
