import {CachedSessionError, type StoredBody} from 'got-client-cache';
import {CHUNK_SIZE, type LargeBody, readChunk, type StatementRunner} from './large-bodies.js';

/**
 * A body in chunks, which are read when they are asked for. It belongs to one version of a record: another version has other chunks.
 * Where the record has been replaced or removed, its bytes can be read for another minute, and then reading them fails.
 */
export class LargeStoredBody implements StoredBody {
	readonly #database: StatementRunner;
	readonly #body: LargeBody;
	readonly #onMissing: () => Promise<Error>;

	/** @param onMissing called when a chunk is gone or damaged; gives what is thrown then */
	constructor(database: StatementRunner, body: LargeBody, onMissing: () => Promise<Error>) {
		this.#database = database;
		this.#body = body;
		this.#onMissing = onMissing;
	}

	get size(): number {
		return this.#body.size;
	}

	async bytes(): Promise<Uint8Array> {
		// Before room is made for a size that may be damaged.
		await this.#read(Math.ceil(this.size / CHUNK_SIZE) - 1);
		const bytes = bufferOf(this.size);
		let position = 0;
		for await (const chunk of this.stream()) {
			bytes.set(chunk, position);
			position += chunk.byteLength;
		}
		return bytes;
	}

	/** The next chunk is read while the one before is used. */
	async *stream(): AsyncGenerator<Uint8Array, void, undefined> {
		const count = Math.ceil(this.size / CHUNK_SIZE);
		let next = this.#read(0);
		for (let index = 0; index < count; index++) {
			const chunk = await next;
			if (index + 1 < count) {
				next = this.#read(index + 1);
				// Whoever stops reading does not care, and whoever goes on is told.
				next.catch(() => undefined);
			}
			yield chunk;
		}
	}

	async #read(index: number): Promise<Uint8Array> {
		const chunk = await readChunk(this.#database, this.#body.id, index);
		if (chunk?.byteLength !== Math.min(CHUNK_SIZE, this.size - index * CHUNK_SIZE)) {
			throw await this.#onMissing();
		}
		return chunk;
	}
}

function bufferOf(size: number): Buffer {
	try {
		return Buffer.allocUnsafeSlow(size);
	} catch (cause) {
		throw new CachedSessionError('ERR_CACHE_FAULT', `A body of ${size} bytes is too large to be read at once`, {cause});
	}
}
