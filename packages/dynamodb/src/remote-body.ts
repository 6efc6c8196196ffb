import {CachedSessionError, type StoredBody} from 'got-client-cache';
import {decompress, type Encoding} from './compression.js';
import type {BodyFacts} from './stored-item.js';

/** What is wrong with a body, as opposed to what is wrong with the way to it. */
export class DamagedBodyError extends Error {}

/** A body that has to be fetched, or decompressed. */
export class RemoteBody implements StoredBody {
	/** In bytes, as it says in the record. */
	readonly size: number;
	readonly #encoding: Encoding;
	readonly #source: () => AsyncIterable<Uint8Array>;
	readonly #whenDamaged: () => Promise<void>;

	/**
	 * @param source the bytes as they are stored, from their beginning each time
	 * @param whenDamaged called when they are not what they should be
	 */
	constructor({size, encoding}: BodyFacts, source: () => AsyncIterable<Uint8Array>, whenDamaged: () => Promise<void>) {
		this.size = size;
		this.#encoding = encoding;
		this.#source = source;
		this.#whenDamaged = whenDamaged;
	}

	/** All of it. Rejects when it is gone or damaged, and then its record is removed. */
	async bytes(): Promise<Uint8Array> {
		const bytes = Buffer.allocUnsafeSlow(this.size);
		let filled = 0;
		for await (const chunk of this.stream()) {
			bytes.set(chunk, filled);
			filled += chunk.byteLength;
		}
		return bytes;
	}

	/** In pieces, of which few are held at a time. Throws as `bytes` rejects. */
	async *stream(): AsyncIterable<Uint8Array> {
		try {
			let given = 0;
			const stored = this.#source();
			for await (const chunk of this.#encoding ? decompress(stored, this.size) : stored) {
				given += chunk.byteLength;
				if (given > this.size) {
					throw new DamagedBodyError(`it has more than ${this.size} bytes`);
				}
				yield chunk;
			}
			if (given < this.size) {
				throw new DamagedBodyError(`it has ${given} of ${this.size} bytes`);
			}
		} catch (cause) {
			if (cause instanceof CachedSessionError) {
				throw cause;
			}
			await this.#whenDamaged();
			const reason = cause instanceof Error ? cause.message : String(cause);
			throw new CachedSessionError('ERR_CACHE_FAULT', `A body is gone or damaged: ${reason}`, {cause});
		}
	}
}

/** What `read` gives for each index, in order; the next `width` are asked for ahead. */
export async function* readAhead<T>(
	count: number,
	width: number,
	read: (index: number) => Promise<T>,
): AsyncGenerator<T> {
	const ahead: Array<Promise<T>> = [];
	let asked = 0;
	for (let given = 0; given < count; given++) {
		while (asked < count && ahead.length < width) {
			const next = read(asked++);
			// It is thrown when its turn comes, if it comes.
			next.catch(() => undefined);
			ahead.push(next);
		}
		yield await ahead.shift()!;
	}
}
