import {CachedSessionError, CacheFaultError} from '../../errors.js';
import type {BodyHandle} from '../../storage/base-cache.js';
import {STORE_DEADLINE} from '../stores/store-guard.js';
import {Leisure} from './leisure.js';
import {OneShotBody} from './one-shot-body.js';

/** How the keeping of a body ended. */
export type KeepOutcome =
	/** It is stored, whole. */
	| {readonly kind: 'kept'}
	/** It is not: the store failed or was too slow, it was too large, or what it would have become has been made invalid meanwhile. */
	| {readonly kind: 'lost'}
	/** Its caller gave it up. */
	| {readonly kind: 'aborted'}
	/** It came to an early end. */
	| {readonly kind: 'failed'; readonly error: unknown};

/** What may wait for the store, in bytes, before the caller has to. */
const QUEUE_BYTES = 4 * 1024 * 1024;

/** Bytes that a store has to take in a second, to be forgiven for that second of waiting. */
const BYTES_A_SECOND = 50_000_000;

/** How often it is looked whether it goes on, in milliseconds. */
const LOOK = 100;

/**
 * A body on its way to its caller, of which a store gets a copy. The caller sets the pace; the store may fall behind a little, and may then make the caller wait for a second, and for another one with every 50 MB.
 * The store sees the end only after the body has ended well, and the caller only after the store has it.
 */
export class KeptBody extends OneShotBody {
	/** Settles when it is known whether the body is stored; never rejects. */
	readonly outcome: Promise<KeepOutcome>;
	/** Rejects with a fault when the store has kept the caller waiting for too long; never resolves. */
	readonly slowness: Promise<never>;
	/** How many bytes there were so far; in the end, all. */
	size = 0;
	/** Whether the store has been given all of it. */
	isDelivered = false;
	/** Whether the body was taken from the store again, so that what the store says of it is no fault. */
	isTakenBack = false;
	/** Whether something has made it invalid while the store was dealing with it, so that it must not stay there. */
	isInvalid = false;

	readonly #source: BodyHandle;
	readonly #maxSize: number;
	#queue: Uint8Array[] = [];
	#queuedBytes = 0;
	#hasEnded = false;
	#isSettled = false;
	#fault: unknown;
	#patience = STORE_DEADLINE;
	/** Of the caller: half a second, given back at 1 MB a second. */
	readonly #caller = new Leisure(500, 1000);
	/** Of the origin: ten seconds, given back at 10 kB a second. */
	readonly #origin = new Leisure(10_000, 10);
	#settle!: (outcome: KeepOutcome) => void;
	#rejectSlow!: (fault: CacheFaultError) => void;
	#wakeStore = () => {};
	#wakeCaller = () => {};

	/**
	 * @param maxSize - bytes; a larger body is not stored
	 * @param signal - aborted when the caller does not want any more
	 */
	constructor(source: BodyHandle, maxSize: number, signal: AbortSignal) {
		super();
		this.#source = source;
		this.#maxSize = maxSize;
		this.outcome = new Promise(resolve => {
			this.#settle = resolve;
		});
		this.slowness = new Promise((_, reject) => {
			this.#rejectSlow = reject;
		});
		this.slowness.catch(() => undefined);
		this.#caller.begin();
		const abort = () => this.takeBack({kind: 'aborted'});
		if (signal.aborted) {
			abort();
		} else {
			signal.addEventListener('abort', abort, {once: true});
		}
	}

	/** For the caller. @internal */
	protected override async *read(): AsyncGenerator<Uint8Array> {
		this.#caller.end();
		this.#origin.begin();
		try {
			for await (const chunk of this.#source.stream()) {
				this.#origin.end(chunk.byteLength);
				this.#offer(chunk);
				this.#caller.begin();
				yield chunk;
				this.#caller.end(chunk.byteLength);
				if (this.#queuedBytes > QUEUE_BYTES) {
					await this.#waitForStore(() => this.#queuedBytes > QUEUE_BYTES);
				}
				this.#origin.begin();
			}
			this.#origin.end();
			this.#hasEnded = true;
		} catch (error) {
			this.takeBack({kind: 'failed', error});
			throw error;
		} finally {
			if (!this.#hasEnded) {
				this.takeBack({kind: 'aborted'});
			}
		}
		this.#wakeStore();
		await this.#waitForStore(() => true);
		if (this.#fault !== undefined) {
			throw this.#fault;
		}
	}

	/** For the store. @throws where the body is taken back: nothing must be stored then */
	async *forStore(): AsyncGenerator<Uint8Array> {
		for (;;) {
			if (this.#isSettled) {
				throw new CachedSessionError('ERR_CACHE_FAULT', 'The body did not come whole, or is not to be stored any more');
			}
			const chunk = this.#queue.shift();
			if (chunk) {
				this.#queuedBytes -= chunk.byteLength;
				this.#patience = Math.min(STORE_DEADLINE, this.#patience + (chunk.byteLength * 1000) / BYTES_A_SECOND);
				this.#wakeCaller();
				yield chunk;
			} else if (this.#hasEnded) {
				this.isDelivered = true;
				return;
			} else {
				await new Promise<void>(resolve => {
					this.#wakeStore = resolve;
				});
			}
		}
	}

	/** Says what became of it in the store. @param fault - with which the caller's reading shall fail at its end */
	finish(outcome: KeepOutcome, fault?: unknown): void {
		if (!this.#isSettled) {
			this.#isSettled = true;
			this.#fault = fault;
			this.#queue = [];
			this.#queuedBytes = 0;
			this.#settle(outcome);
			this.#wakeStore();
			this.#wakeCaller();
		}
	}

	/** Has the store forget what it has of it. The caller still gets the body. */
	takeBack(outcome: KeepOutcome): void {
		this.isTakenBack ||= !this.#isSettled;
		this.finish(outcome);
	}

	/** Has the store forget it, because it is no longer true. The caller still gets the body. */
	invalidate(): void {
		this.isInvalid = true;
		this.takeBack({kind: 'lost'});
	}

	/** Calls back once when the caller takes, or the origin sends, nothing or too little for a while, unless the outcome is known before. */
	onStall(callback: () => void): void {
		const timer = setInterval(() => {
			if (this.#caller.isSpent || this.#origin.isSpent) {
				clearInterval(timer);
				callback();
			}
		}, LOOK);
		timer.unref();
		void this.outcome.then(() => clearInterval(timer));
	}

	// A copy: the caller may change what it gets before the store has written it.
	#offer(chunk: Uint8Array): void {
		this.size += chunk.byteLength;
		if (this.#isSettled) {
			return;
		}
		if (this.size > this.#maxSize) {
			this.takeBack({kind: 'lost'});
			return;
		}
		this.#queue.push(new Uint8Array(chunk));
		this.#queuedBytes += chunk.byteLength;
		this.#wakeStore();
	}

	async #waitForStore(isWaiting: () => boolean): Promise<void> {
		const since = Date.now();
		const timer = setTimeout(() => {
			const message = `it kept a response waiting for more than ${STORE_DEADLINE} ms`;
			this.#rejectSlow(new CacheFaultError('write', new CachedSessionError('ERR_CACHE_TIMEOUT', message)));
		}, this.#patience);
		while (!this.#isSettled && isWaiting()) {
			await new Promise<void>(resolve => {
				this.#wakeCaller = resolve;
			});
		}
		clearTimeout(timer);
		this.#patience = Math.max(0, this.#patience - (Date.now() - since));
	}
}
