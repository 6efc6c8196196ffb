import {AsyncLocalStorage} from 'node:async_hooks';

/** Knows whether a call comes from within a callback for which something was switched off, however many others run beside it. */
export class DisabledScope {
	#storage: AsyncLocalStorage<true> | undefined;
	#depth = 0;

	/** Whether the caller runs within {@link run}. */
	get isActive(): boolean {
		return this.#depth > 0 && this.#storage?.getStore() === true;
	}

	/** Runs the callback, and all that it starts and waits for, within the scope. */
	async run<T>(callback: () => T | Promise<T>): Promise<T> {
		this.#storage ??= new AsyncLocalStorage();
		this.#depth++;
		try {
			return await this.#storage.run(true, callback);
		} finally {
			// Watching async context slows every promise down on Node 20: not a moment longer than needed.
			if (--this.#depth === 0) {
				this.#storage.disable();
			}
		}
	}
}
