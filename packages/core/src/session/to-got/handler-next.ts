import type {Options} from 'got';

/** got's `next` of one call of a handler: it leads to the network through the handlers behind, and does so once. */
export class HandlerNext {
	#next: ((options: Options) => unknown) | undefined;

	constructor(next: (options: Options) => unknown) {
		this.#next = next;
	}

	/** Gives it away, to be called with the options of the request; `undefined` from the second time on. */
	take(): ((options: Options) => unknown) | undefined {
		const next = this.#next;
		this.#next = undefined;
		return next;
	}
}
