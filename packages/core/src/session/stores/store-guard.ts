import {
	BrokenCircuitError,
	type CircuitBreakerPolicy,
	CircuitState,
	circuitBreaker,
	handleAll,
	type IBreaker,
} from 'cockatiel';
import {CachedSessionError, CacheFaultError} from '../../errors.js';
import {type Awaitable, isPromise} from '../../storage/awaitable.js';
import type {BaseCache} from '../../storage/base-cache.js';
import {withDeadline} from './with-deadline.js';

/** How long a request waits for its store, in milliseconds. */
export const STORE_DEADLINE = 1000;

/** How long a request waits for what was late when it was last asked for, in milliseconds: one request waits for a store that hangs, and not once for each thing that it asks. */
export const LATE_STORE_DEADLINE = 50;

/** After so many faults in a row of one operation it is left alone. */
export const FAULTS_TO_OPEN = 3;

/** How long a store is left alone before it is tried again, in milliseconds. */
export const PAUSE_AFTER_FAULTS = 10_000;

/** What a session asks its stores for. */
export type StoreOperation = 'read' | 'write' | 'delete' | 'touch';

/** An operation of one store. */
interface Lane {
	readonly operation: StoreOperation;
	readonly store: BaseCache;
}

/** Stands between requests and the stores of a backend: whatever these do, a request gets an answer in time. */
export class StoreGuard {
	readonly #report: (error: CacheFaultError) => void;
	readonly #throws: boolean;
	/** One an operation, since a disk that is full can still be read; the stores share them, since they mostly share a place. */
	readonly #circuits: Readonly<Record<StoreOperation, Circuit>> = {
		read: newCircuit(),
		write: newCircuit(),
		delete: newCircuit(),
		touch: newCircuit(),
	};
	/** The operations of each store that failed when they were last asked for. */
	readonly #failing = new Map<BaseCache, Set<StoreOperation>>();
	/** The operations that were late when they were last asked for, and until when that counts, in epoch milliseconds. */
	readonly #late = new Map<StoreOperation, number>();
	/** By cause, where it was met first: once that works, the cause is news again. */
	readonly #reported = new Map<string, Lane>();

	/**
	 * @param report - told of every fault, once a cause until what failed works again
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
	run<T>(operation: StoreOperation, store: BaseCache, call: () => Awaitable<T>): Awaitable<T | undefined> {
		let answer: Awaitable<T>;
		try {
			if (this.#circuitOf(operation).policy.state !== CircuitState.Closed) {
				return this.#runGuarded({operation, store}, call);
			}
			answer = call();
		} catch (error) {
			return this.#runGuarded({operation, store}, () => {
				throw error;
			});
		}
		if (isPromise(answer)) {
			return this.#runGuarded({operation, store}, () => answer);
		}
		if (this.#failing.size > 0) {
			this.#recover({operation, store});
		}
		return answer;
	}

	/**
	 * The same for what lasts as long as its caller wants it to, who also looks after the time.
	 * A store that has failed too often lately is not asked.
	 */
	async runLong<T>(
		operation: StoreOperation,
		store: BaseCache,
		{call, isExcused}: LongOperation<T>,
	): Promise<T | undefined> {
		const lane = {operation, store};
		const circuit = this.#circuitOf(operation);
		if (circuit.policy.state !== CircuitState.Closed && Date.now() - circuit.faults.lastAt < PAUSE_AFTER_FAULTS) {
			return this.#fail(lane, new BrokenCircuitError());
		}
		let answer: T;
		try {
			answer = await call();
		} catch (error) {
			// What others wait for while a circuit is tried out must not last, so it only hears how it went.
			return isExcused() ? undefined : this.#runGuarded(lane, () => Promise.reject(error));
		}
		circuit.policy.execute(() => undefined).catch(() => undefined);
		this.#recover(lane);
		return answer;
	}

	/** A store that cannot be read is left alone altogether. */
	#circuitOf(operation: StoreOperation): Circuit {
		const {read} = this.#circuits;
		return read.policy.state === CircuitState.Closed ? this.#circuits[operation] : read;
	}

	async #runGuarded<T>(lane: Lane, call: () => Awaitable<T>): Promise<T | undefined> {
		const {operation} = lane;
		try {
			const answer = await this.#circuitOf(operation).policy.execute(() =>
				withDeadline(operation, call(), this.#deadlineOf(operation)),
			);
			this.#late.delete(operation);
			this.#recover(lane);
			return answer;
		} catch (error) {
			if (isTimeout(error)) {
				this.#late.set(operation, Date.now() + PAUSE_AFTER_FAULTS);
			}
			return this.#fail(lane, error);
		}
	}

	/** A store whose reads are late is not waited for in other ways either. */
	#deadlineOf(operation: StoreOperation): number {
		const lateUntil = Math.max(this.#late.get('read') ?? 0, this.#late.get(operation) ?? 0);
		return Date.now() < lateUntil ? LATE_STORE_DEADLINE : STORE_DEADLINE;
	}

	// Only what failed can end the count of faults by working again: otherwise a store that works would hide the faults of the other.
	#recover({operation, store}: Lane): void {
		if (!this.#failing.get(store)?.delete(operation)) {
			return;
		}
		this.#circuits[operation].faults.state = 0;
		for (const [cause, lane] of this.#reported) {
			if (lane.operation === operation && lane.store === store) {
				this.#reported.delete(cause);
			}
		}
	}

	#fail(lane: Lane, cause: unknown): undefined {
		const {operation, store} = lane;
		const fault = cause instanceof CacheFaultError ? cause : new CacheFaultError(operation, cause);
		// An open circuit is the consequence of faults that were reported.
		if (!(cause instanceof BrokenCircuitError)) {
			const failing = this.#failing.get(store);
			this.#failing.set(store, failing?.add(operation) ?? new Set([operation]));
			const id = causeOf(cause);
			if (!this.#reported.has(id)) {
				this.#reported.set(id, lane);
				this.#report(fault);
			}
		}
		if (this.#throws) {
			throw fault;
		}
		return undefined;
	}
}

/** What is asked of a store for longer than a moment. */
interface LongOperation<T> {
	readonly call: () => Awaitable<T>;
	/** Whether a failure is none of the store's. */
	readonly isExcused: () => boolean;
}

/** Breaks for a while when there were too many faults. */
interface Circuit {
	readonly policy: CircuitBreakerPolicy;
	readonly faults: FaultCount;
}

class FaultCount implements IBreaker {
	/** How many faults there were since the last recovery. */
	state = 0;
	/** When the last of them was, in epoch milliseconds. */
	lastAt = 0;

	success(circuit: CircuitState): void {
		if (circuit === CircuitState.HalfOpen) {
			this.state = 0;
		}
	}

	failure(): boolean {
		this.lastAt = Date.now();
		return ++this.state >= FAULTS_TO_OPEN;
	}
}

function newCircuit(): Circuit {
	const faults = new FaultCount();
	return {faults, policy: circuitBreaker(handleAll, {halfOpenAfter: PAUSE_AFTER_FAULTS, breaker: faults})};
}

function isTimeout(error: unknown): boolean {
	return (
		error instanceof CacheFaultError &&
		error.cause instanceof CachedSessionError &&
		error.cause.code === 'ERR_CACHE_TIMEOUT'
	);
}

function causeOf(error: unknown): string {
	if (!(error instanceof Error)) {
		return String(error);
	}
	const {cause} = error;
	if (error instanceof CacheFaultError && cause !== undefined) {
		return causeOf(cause);
	}
	if (error instanceof CachedSessionError && error.code === 'ERR_CACHE_TIMEOUT') {
		// However long it was waited for.
		return error.code;
	}
	return `${error.name} ${(error as NodeJS.ErrnoException).code ?? ''} ${error.message}`;
}
