import {CachedSessionError} from '../errors.js';

/** Lets the operations of a store pass until it is closed, and makes errors of this library out of what they fail with. */
export class OperationGate {
	readonly #place: string;
	#underWay = 0;
	#whenIdle: (() => void) | undefined;
	#closing: Promise<void> | undefined;

	/** @param place what the messages of errors name, such as `The file cache in /var/cache/a` */
	constructor(place: string) {
		this.#place = place;
	}

	/** Whether `close` was called. */
	get isClosed(): boolean {
		return this.#closing !== undefined;
	}

	/** Runs an operation. It rejects with `ERR_CACHE_CLOSED` after `close`, and with `ERR_CACHE_FAULT` for whatever the place fails with. */
	async run<T>(operation: () => Promise<T>): Promise<T> {
		if (this.#closing) {
			throw new CachedSessionError('ERR_CACHE_CLOSED', `${this.#place} is closed`);
		}
		this.#underWay++;
		try {
			return await operation();
		} catch (cause) {
			throw this.fault(cause);
		} finally {
			this.#underWay--;
			if (this.#underWay === 0) {
				this.#whenIdle?.();
			}
		}
	}

	/** The error to reject with for what a place failed with; one of this library is left as it is. */
	fault(cause: unknown): CachedSessionError {
		if (cause instanceof CachedSessionError) {
			return cause;
		}
		const reason = cause instanceof Error ? cause.message : String(cause);
		return new CachedSessionError('ERR_CACHE_FAULT', `${this.#place}: ${reason}`, {cause});
	}

	/** Resolves when what is under way has ended; what comes later rejects. May be called more than once. */
	close(): Promise<void> {
		this.#closing ??= new Promise(resolve => {
			if (this.#underWay === 0) {
				resolve();
			} else {
				this.#whenIdle = resolve;
			}
		});
		return this.#closing;
	}
}
