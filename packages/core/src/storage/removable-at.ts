import type {StoredMetadata} from '../http/response.js';

/**
 * The moment from which a store with a time to live of its own (Redis, DynamoDB) need not keep a record any longer, in epoch milliseconds: the end of the windows
 * in which it may be served stale, and a grace in which it can still be validated. `undefined`: there is no such moment.
 *
 * @param grace milliseconds; `Infinity`: no record is ever removed
 */
export function removableAt({expires, keepUntil}: StoredMetadata, grace: number): number | undefined {
	// Without `keepUntil` a record that expires may be served stale for ever.
	if (expires === undefined || keepUntil === undefined) {
		return undefined;
	}
	const end = keepUntil + grace;
	return Number.isFinite(end) ? end : undefined;
}
