import {setTimeout as sleep} from 'node:timers/promises';

/** Waits between attempts, in milliseconds; the last one repeats. SQLite's own waiting has about the same. */
const WAITS = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100];

/**
 * Does something again for as long as another connection holds a lock that it needs, up to a time (of `performance.now()`) after which it fails.
 *
 * SQLite could wait by itself, but it would do so on a thread of Node's pool, holding the connection: reads would wait for the lock of a write
 * that they do not need, and a few waiting statements would keep the whole process from looking up a host name.
 */
export async function retryWhileBusy<T>(attempt: () => Promise<T>, deadline: number): Promise<T> {
	for (let count = 0; ; count++) {
		try {
			return await attempt();
		} catch (error) {
			const left = deadline - performance.now();
			if (!isBusy(error) || left <= 0) {
				throw error;
			}
			await sleep(Math.min(WAITS[count] ?? WAITS.at(-1)!, left));
		}
	}
}

/** Whether an error says that another connection holds a lock. */
export function isBusy(error: unknown): boolean {
	const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
	return code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED';
}
