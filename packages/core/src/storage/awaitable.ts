/** A value, or a promise of it: a store in memory answers at once, and a hit from it then costs no turn of the event loop. */
export type Awaitable<T> = T | Promise<T>;

/** Whether there is something to wait for. */
export function isPromise<T>(value: Awaitable<T>): value is Promise<T> {
	return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
