import {setImmediate as turn} from 'node:timers/promises';
import {jest} from '@jest/globals';
import {
	type Awaitable,
	BaseCache,
	CacheBackend,
	type CacheBackendOptions,
	type CachedSession,
	type CacheFaultError,
	type CacheRecord,
	MemoryCache,
	type StoredMetadata,
} from '../../src/index.js';

type Operation = 'read' | 'write' | 'delete' | 'touch';

/** What several stores on one faulty disk share. */
class FaultyDisk {
	/** What an operation does instead. */
	readonly faults: Partial<Record<Operation, () => unknown>> = {};
	/** What it was asked for. */
	readonly calls: Operation[] = [];
	/** Whether answers are promises. */
	isSlow = false;

	/** Makes operations do something else; without a fault they are as before. */
	fail(operations: readonly Operation[], fault?: () => unknown): void {
		for (const operation of operations) {
			if (fault) {
				this.faults[operation] = fault;
			} else {
				delete this.faults[operation];
			}
		}
	}

	do<T>(operation: Operation, perform: () => Awaitable<T>): Awaitable<T> {
		this.calls.push(operation);
		const fault = this.faults[operation] as (() => Awaitable<T>) | undefined;
		if (fault) {
			return fault();
		}
		return this.isSlow ? Promise.resolve(perform()) : perform();
	}
}

/** A store in memory whose operations can be made to do something else. */
class FaultyStore extends BaseCache {
	readonly #inner = new MemoryCache();
	readonly #disk: FaultyDisk;

	constructor(disk: FaultyDisk) {
		super();
		this.#disk = disk;
	}

	override read(key: string): Awaitable<CacheRecord | undefined> {
		return this.#disk.do('read', () => this.#inner.read(key));
	}

	override write(key: string, metadata: StoredMetadata, body: Uint8Array): Awaitable<string> {
		return this.#disk.do('write', () => this.#inner.write(key, metadata, body));
	}

	override delete(key: string): Awaitable<boolean> {
		return this.#disk.do('delete', () => this.#inner.delete(key));
	}

	override touch(key: string, version: string, metadata: StoredMetadata): Promise<boolean> {
		return this.#disk.do('touch', () => this.#inner.touch(key, version, metadata)) as Promise<boolean>;
	}

	override keys(): AsyncIterable<string> {
		return this.#inner.keys();
	}

	override clear(): void {
		this.#inner.clear();
	}
}

/** A backend on such a disk. */
export function faultyBackend(options: CacheBackendOptions = {}): {store: FaultyDisk; backend: CacheBackend} {
	const store = new FaultyDisk();
	const responses = new FaultyStore(store);
	return {
		store,
		backend: new CacheBackend('faulty', {responses, redirects: new FaultyStore(store), autoclose: false, ...options}),
	};
}

/** Collects the `error` events of a session. */
export function collectErrors(session: CachedSession): CacheFaultError[] {
	const errors: CacheFaultError[] = [];
	session.on('error', error => void errors.push(error as CacheFaultError));
	return errors;
}

/** Ways of failing. */
export const rejects = (message = 'the disk is gone') => Promise.reject(new Error(message));
export const throws = (): never => {
	throw new Error('the disk is gone');
};
export const hangs = () => new Promise<never>(() => undefined);

/**
 * Waits for a promise while timers are in the hands of jest, as if time went on: whenever there is nothing else to do, the next timer is due.
 * Where there is no timer, a server is waited for, which takes no such time.
 * @returns how many seconds that would have taken, too
 */
export async function settle<T>(promise: Promise<T>): Promise<{value: T; seconds: number}> {
	let isSettled = false;
	promise.then(
		() => {
			isSettled = true;
		},
		() => {
			isSettled = true;
		},
	);
	let milliseconds = 0;
	for (let idle = 0; !isSettled; idle++) {
		await turn();
		if (idle > 50 && jest.getTimerCount() > 0) {
			idle = 0;
			milliseconds += 50;
			await jest.advanceTimersByTimeAsync(50);
		}
	}
	return {value: await promise, seconds: milliseconds / 1000};
}
