import {CachedSessionError} from '../errors.js';
import type {Awaitable} from './awaitable.js';

/** Lets the operations of a store pass until it is closed, and makes errors of this library out of what they fail with. */
export class OperationGate {
	readonly #place: string;
	readonly #toFault: (cause: unknown) => CachedSessionError;
	#underWay = 0;
	#whenIdle: (() => void) | undefined;
	#closing: Promise<void> | undefined;

	/**
	 * @param place what the messages of errors name, such as `The file cache in /var/cache/a`
	 * @param toFault makes the error to reject with out of what an operation failed with, whatever that is. By default an error of this library is left as it is,
	 * and anything else becomes an `ERR_CACHE_FAULT` whose message is the place and the reason
	 */
	constructor(place: string, toFault = (cause: unknown): CachedSessionError => placeFault(place, cause)) {
		this.#place = place;
		this.#toFault = toFault;
	}

	/** Whether `close` was called. */
	get isClosed(): boolean {
		return this.#closing !== undefined;
	}

	/** Runs an operation, for which `close` waits. It rejects with `ERR_CACHE_CLOSED` after `close`, and with what {@link fault} makes of whatever the operation fails with. */
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

	/** The error to reject with for what a place failed with, where that is found outside of `run`. */
	fault(cause: unknown): CachedSessionError {
		return this.#toFault(cause);
	}

	/**
	 * Resolves when what is under way has ended, and then `release` has; what comes later rejects. May be called more than once: only the first call's `release` is called.
	 *
	 * @param release lets go of what the operations used. Where it fails, every call of `close` rejects with that
	 */
	close(release?: () => Awaitable<void>): Promise<void> {
		this.#closing ??= this.#idle().then(release);
		return this.#closing;
	}

	#idle(): Promise<void> {
		return new Promise(resolve => {
			if (this.#underWay === 0) {
				resolve();
			} else {
				this.#whenIdle = resolve;
			}
		});
	}
}

function placeFault(place: string, cause: unknown): CachedSessionError {
	if (cause instanceof CachedSessionError) {
		return cause;
	}
	const reason = cause instanceof Error ? cause.message : String(cause);
	return new CachedSessionError('ERR_CACHE_FAULT', `${place}: ${reason}`, {cause});
}
