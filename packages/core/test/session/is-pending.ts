import {settle} from './gate.js';

/** Whether a promise does not settle as long as nothing else happens. */
export async function isPending(promise: Promise<unknown>): Promise<boolean> {
	const pending = Symbol();
	await settle();
	return (await Promise.race([promise, Promise.resolve(pending)])) === pending;
}
