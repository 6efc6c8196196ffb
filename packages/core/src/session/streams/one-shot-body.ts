import type {BodyHandle} from '../../storage/base-cache.js';
import {collectBody} from '../../storage/bytes-body.js';

/** A body that comes once. Who reads it whole leaves it there for others; who reads it as a stream has it alone. */
export abstract class OneShotBody implements BodyHandle {
	/** @internal */
	protected isTaken = false;
	#collected: Promise<Uint8Array> | undefined;

	/** The whole, in memory. May be asked for more than once. @throws TypeError where it was read as a stream before */
	bytes(): Promise<Uint8Array> {
		this.#collected ??= collectBody(this.#take());
		return this.#collected;
	}

	/** @throws TypeError where it was read as a stream before */
	stream(): AsyncIterable<Uint8Array> {
		return this.#collected ? later(this.#collected) : this.#take();
	}

	/** Reads it; called once. @internal */
	protected abstract read(): AsyncIterable<Uint8Array>;

	#take(): AsyncIterable<Uint8Array> {
		if (this.isTaken) {
			throw new TypeError('The body of a response that is streamed can be read once, and has been read');
		}
		this.isTaken = true;
		return this.read();
	}
}

async function* later(collected: Promise<Uint8Array>): AsyncGenerator<Uint8Array> {
	// A copy, as others may read it too.
	yield Buffer.from(await collected);
}
