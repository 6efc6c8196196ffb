import {CachedSessionError} from '../errors.js';

/** Counts a session's running requests, and closes it when the last one has ended. */
export class SessionLife {
	#running = 0;
	#closing: Promise<void> | undefined;
	#onIdle: (() => void) | undefined;

	/** @throws CachedSessionError `ERR_SESSION_CLOSED` once the session is closing */
	enter(): void {
		if (this.#closing) {
			throw new CachedSessionError('ERR_SESSION_CLOSED', 'The session is closed');
		}
		this.#running++;
	}

	/** Counts a further attempt of a request that is running. @throws CachedSessionError `ERR_SESSION_CLOSED` once none is running any more */
	enterAgain(): void {
		if (this.#running === 0) {
			this.enter();
		} else {
			this.#running++;
		}
	}

	/** A request has ended. */
	leave(): void {
		if (--this.#running === 0) {
			this.#onIdle?.();
		}
	}

	/** Refuses new requests, waits for the running ones, then runs the tasks one after the other, all of them, whatever one of them throws. Later calls give the same promise. */
	close(tasks: () => ReadonlyArray<() => unknown>): Promise<void> {
		this.#closing ??= this.#close(tasks);
		return this.#closing;
	}

	async #close(tasks: () => ReadonlyArray<() => unknown>): Promise<void> {
		if (this.#running > 0) {
			await new Promise<void>(resolve => {
				this.#onIdle = resolve;
			});
		}
		const errors: unknown[] = [];
		for (const task of tasks()) {
			try {
				await task();
			} catch (error) {
				errors.push(error);
			}
		}
		if (errors.length > 0) {
			throw errors.length === 1
				? errors[0]
				: new AggregateError(errors, 'Several parts of the session failed to close');
		}
	}
}
