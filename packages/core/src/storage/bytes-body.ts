import type {StoredBody} from './base-cache.js';

/** A body that is in memory as a whole. */
export class BytesBody implements StoredBody {
	readonly #bytes: Uint8Array;

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
	}

	get size(): number {
		return this.#bytes.byteLength;
	}

	bytes(): Uint8Array {
		return this.#bytes;
	}

	async *stream(): AsyncIterable<Uint8Array> {
		yield this.#bytes;
	}
}

/** All of a body that may come in pieces, as bytes of one's own: those that are given whole are copied within the call, before their owner can change them. */
export async function collectBody(body: Uint8Array | AsyncIterable<Uint8Array>): Promise<Uint8Array> {
	if (body instanceof Uint8Array) {
		return new Uint8Array(body);
	}
	const chunks: Uint8Array[] = [];
	for await (const chunk of body) {
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}
