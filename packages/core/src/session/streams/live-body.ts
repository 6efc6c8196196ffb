import type {Request as GotStream} from 'got';
import type {BodyHandle} from '../../storage/base-cache.js';
import {OneShotBody} from './one-shot-body.js';

/** The body of a response that is on its way. Nothing of it is fetched before somebody reads it. */
export class LiveBody extends OneShotBody {
	readonly #source: GotStream;

	constructor(source: GotStream) {
		super();
		this.#source = source;
	}

	/** Ends the transfer, where nobody reads it. */
	cancel(): void {
		if (!this.isTaken) {
			this.isTaken = true;
			this.#source.destroy();
		}
	}

	/** @internal */
	protected override async *read(): AsyncGenerator<Uint8Array> {
		const source = this.#source;
		try {
			yield* source as AsyncIterable<Uint8Array>;
		} finally {
			// got does not clean up after itself at the end; what is still being uploaded goes on.
			if (source.readableEnded && !source.writableFinished && !source.destroyed) {
				source.once('finish', () => source.destroy());
			} else {
				source.destroy();
			}
		}
	}
}

/** Ends the transfer of a body that nobody will read. */
export function cancelBody(body: BodyHandle): void {
	if (body instanceof LiveBody) {
		body.cancel();
	}
}
