import {CachedSessionError} from '../../errors.js';
import {KeyedQueue} from '../keyed-queue.js';
import {canBeListed, type KeyvLike, pilesUp} from './keyv-like.js';

/** How often the list is begun anew when Keyv stumbles over an entry that goes while it is being listed. */
const LISTING_ATTEMPTS = 3;

/** Some adapters tell of an error, and then answer as if there had been none. */
const ANY_ANSWER = () => true;

/** Stands for a value that is there and cannot be read. */
export const UNREADABLE: unique symbol = Symbol('a value that cannot be read');

/**
 * A Keyv whose failures are rejections. By itself it answers many of them with `undefined` or `false`, like a miss, and says what happened in an `error` event, or
 * nowhere: version 5 does so unless its adapter rejects where it is asked for raw values; version 6 does so as soon as anybody listens to `error`. Somebody must,
 * since an `error` event without a listener ends the process.
 */
export class KeyvPort {
	/** By Keyv: one listener for each, however many caches use it. */
	static readonly #ports = new WeakMap<KeyvLike, KeyvPort>();

	/** Changes of a record by this process, one after the other. */
	readonly changes = new KeyedQueue();
	readonly #keyv: KeyvLike;
	#errorCount = 0;
	#lastError: unknown;

	private constructor(keyv: KeyvLike) {
		this.#keyv = keyv;
		keyv.on('error', error => {
			this.#errorCount++;
			this.#lastError = error;
		});
	}

	/** The one port of a Keyv. */
	static of(keyv: KeyvLike): KeyvPort {
		const port = KeyvPort.#ports.get(keyv) ?? new KeyvPort(keyv);
		KeyvPort.#ports.set(keyv, port);
		return port;
	}

	/** A value, `undefined` where there is none, or {@link UNREADABLE}. */
	async get(key: string): Promise<unknown> {
		try {
			const raw = await this.#watch(
				() => this.#keyv.getRaw(key),
				answer => answer === undefined,
			);
			return raw === undefined || raw === null ? undefined : ((raw as {value?: unknown}).value ?? UNREADABLE);
		} catch (error) {
			if (isSyntaxError(error)) {
				return UNREADABLE;
			}
			throw error;
		}
	}

	/** @param ttl milliseconds; `undefined`: what the Keyv itself says */
	async set(key: string, value: unknown, ttl: number | undefined): Promise<void> {
		if (pilesUp(this.#keyv)) {
			await this.delete(key);
		}
		const answer = await this.#watch(
			() => (ttl === undefined ? this.#keyv.set(key, value) : this.#keyv.set(key, value, ttl)),
			ANY_ANSWER,
		);
		if (answer === false) {
			throw new Error('Keyv could not set a value');
		}
	}

	/** Whether there was something, as far as the adapter can tell. */
	async delete(key: string): Promise<boolean> {
		const wasThere = await this.#delete(key);
		if (wasThere && pilesUp(this.#keyv)) {
			while (await this.#delete(key)) {
				// There was another one below.
			}
		}
		return wasThere;
	}

	/** Keys, without the namespace, and values; none twice. Values that cannot be read make it reject. */
	async *entries(): AsyncGenerator<[key: string, value: unknown], void, undefined> {
		if (!canBeListed(this.#keyv)) {
			throw new CachedSessionError(
				'ERR_CACHE_FAULT',
				"The Keyv cannot list its keys: its adapter has no 'iterator', without which records are found by their keys alone",
			);
		}
		const seen = new Set<string>();
		for (let attempt = 1; ; attempt++) {
			const errorCount = this.#errorCount;
			try {
				for await (const entry of this.#keyv.iterator?.() ?? []) {
					const [key, value] = entry as [unknown, unknown];
					if (typeof key === 'string' && !seen.has(key)) {
						seen.add(key);
						yield [key, value];
					}
				}
			} catch (error) {
				if (attempt < LISTING_ATTEMPTS && isStumble(error)) {
					continue;
				}
				throw error;
			}
			if (this.#errorCount > errorCount) {
				throw this.#lastError;
			}
			return;
		}
	}

	async #delete(key: string): Promise<boolean> {
		return (await this.#watch(() => this.#keyv.delete(key), ANY_ANSWER)) !== false;
	}

	/** @param isSuspect whether an answer may stand for a failure; it does when there was an `error` event meanwhile, at worst one that is not about it */
	async #watch(call: () => Promise<unknown>, isSuspect: (answer: unknown) => boolean): Promise<unknown> {
		const errorCount = this.#errorCount;
		const answer = await call();
		if (this.#errorCount > errorCount && isSuspect(answer)) {
			throw this.#lastError;
		}
		return answer;
	}
}

/** What JSON that is none fails with. */
function isSyntaxError(error: unknown): boolean {
	return nameOf(error) === 'SyntaxError';
}

/** Keyv 5 fails with a TypeError when an entry is gone before its value is fetched. */
function isStumble(error: unknown): boolean {
	return nameOf(error) === 'TypeError';
}

function nameOf(error: unknown): unknown {
	return typeof error === 'object' && error !== null && 'name' in error ? error.name : undefined;
}
