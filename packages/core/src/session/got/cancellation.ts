import type {Options, RequestError} from 'got';
import * as everything from 'got';
import {unsentRequest} from './abort-error.js';

type Exports = typeof everything;

/** `cancel()` of got 14's promises; later ones have none. */
export type Cancel = Exports extends {readonly CancelError: unknown} ? () => void : undefined;

/** What a caller's `cancel()` ends: one thing at a time. */
export class Cancellation {
	/** Asked when the caller cancels: whether what is under way goes on, because others wait for it. */
	onLeave: (() => boolean) | undefined;

	#isCancelled = false;
	#end: (() => void) | undefined;

	/** Ends what is under way, unless others wait for it. */
	cancel(): void {
		if (this.onLeave?.() !== true) {
			this.end();
		}
	}

	/** Ends what is under way. */
	end(): void {
		this.#isCancelled = true;
		this.#end?.();
	}

	/** Says what is under way now. @param end - called when the caller cancels, and at once where it has */
	onCancel(end: () => void): void {
		this.#end = end;
		if (this.#isCancelled) {
			end();
		}
	}
}

/** got 14's error for a request that its caller has cancelled. */
export function cancelError(options: Options): RequestError {
	const {CancelError} = everything as unknown as {CancelError: new (request: unknown) => RequestError};
	return new CancelError(unsentRequest(options));
}
