import {
	BrokenCircuitError,
	type CircuitBreakerPolicy,
	CircuitState,
	ConsecutiveBreaker,
	circuitBreaker,
	handleAll,
} from 'cockatiel';
import {CachedSessionError, CacheFaultError} from '../errors.js';
import {type Awaitable, isPromise} from '../storage/awaitable.js';

/** How long a request waits for its store, in milliseconds. */
export const STORE_DEADLINE = 1000;

/** After so many faults in a row a store is left alone. */
export const FAULTS_TO_OPEN = 3;

/** How long a store is left alone before it is tried again, in milliseconds. */
export const PAUSE_AFTER_FAULTS = 10_000;

/** Stands between requests and a store: whatever the store does, a request gets an answer in time. */
export class StoreGuard {
	readonly #report: (error: CacheFaultError) => void;
	readonly #throws: boolean;
	readonly #breaker: CircuitBreakerPolicy = circuitBreaker(handleAll, {
		halfOpenAfter: PAUSE_AFTER_FAULTS,
		breaker: new ConsecutiveBreaker(FAULTS_TO_OPEN),
	});
	readonly #reported = new Set<string>();

	/**
	 * @param report - told of every fault, once a cause until the store works again
	 * @param throws - whether faults also reject: `onCacheError: 'throw'`
	 */
	constructor(report: (error: CacheFaultError) => void, throws: boolean) {
		this.#report = report;
		this.#throws = throws;
	}

	/**
	 * What the store answers, or `undefined` when it fails, takes too long, or has failed too often lately.
	 * A store that answers at once is not waited for.
	 */
	run<T>(operation: string, call: () => Awaitable<T>): Awaitable<T | undefined> {
		let answer: Awaitable<T>;
		try {
			if (this.#breaker.state !== CircuitState.Closed) {
				return this.#runGuarded(operation, call);
			}
			answer = call();
		} catch (error) {
			return this.#runGuarded(operation, () => {
				throw error;
			});
		}
		return isPromise(answer) ? this.#runGuarded(operation, () => answer) : answer;
	}

	async #runGuarded<T>(operation: string, call: () => Awaitable<T>): Promise<T | undefined> {
		try {
			const answer = await this.#breaker.execute(() => withDeadline(operation, call()));
			this.#reported.clear();
			return answer;
		} catch (error) {
			return this.#fail(operation, error);
		}
	}

	#fail(operation: string, cause: unknown): undefined {
		const fault = cause instanceof CacheFaultError ? cause : new CacheFaultError(operation, cause);
		// An open circuit is the consequence of faults that were reported.
		if (!(cause instanceof BrokenCircuitError)) {
			const id = causeOf(cause);
			if (!this.#reported.has(id)) {
				this.#reported.add(id);
				this.#report(fault);
			}
		}
		if (this.#throws) {
			throw fault;
		}
		return undefined;
	}
}

function causeOf(error: unknown): string {
	if (!(error instanceof Error)) {
		return String(error);
	}
	const {cause} = error;
	if (error instanceof CacheFaultError && cause !== undefined) {
		return causeOf(cause);
	}
	return `${error.name} ${(error as NodeJS.ErrnoException).code ?? ''} ${error.message}`;
}

function withDeadline<T>(operation: string, answer: Awaitable<T>): Awaitable<T> {
	if (!isPromise(answer)) {
		return answer;
	}
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => {
			const message = `no answer within ${STORE_DEADLINE} ms`;
			reject(new CacheFaultError(operation, new CachedSessionError('ERR_CACHE_TIMEOUT', message)));
		}, STORE_DEADLINE);
		answer.then(
			value => {
				clearTimeout(timer);
				resolve(value);
			},
			(error: unknown) => {
				clearTimeout(timer);
				reject(error);
			},
		);
	});
}
