import {removableAt, type StoredMetadata} from 'got-client-cache';

/** Seconds for which the parts of a record are kept at least, once it is gone by itself: so long it can be renewed without touching them. */
const PARTS_SLACK = 7 * 24 * 3600;

/** Seconds after which the parts of a record that never became visible are garbage. */
const PENDING = 24 * 3600;

/** The moments at which DynamoDB may remove items, in epoch seconds; `undefined`: never. */
export interface Lifetimes {
	/** Of the record. */
	readonly ttl: number | undefined;
	/** Of the parts of its body. */
	readonly partsTtl: number | undefined;
}

/**
 * How long a record and its parts are kept. To renew a part costs as much as to write it, so parts live longer than their record: for as long again, and for a week at least.
 *
 * @param grace seconds
 * @param now epoch milliseconds
 */
export function lifetimesOf(metadata: StoredMetadata, grace: number, now: number): Lifetimes {
	const end = removableAt(metadata, grace * 1000);
	if (end === undefined || end > Number.MAX_SAFE_INTEGER) {
		return {ttl: undefined, partsTtl: undefined};
	}
	const ttl = Math.ceil(end / 1000);
	return {ttl, partsTtl: ttl + Math.max(PARTS_SLACK, ttl - Math.floor(now / 1000))};
}

/** The time to live of parts whose record is not there yet, in epoch seconds. @param now epoch milliseconds */
export function pendingTtl(now: number): number {
	return Math.ceil(now / 1000) + PENDING;
}

/** Whether parts that were written then should have a record by now. Both are epoch milliseconds. */
export function isOverdue(written: unknown, now: number): boolean {
	return typeof written !== 'number' || written + PENDING * 1000 <= now;
}

/** A time, as near to it as DynamoDB's client takes numbers. */
export function storableTime(time: number): number {
	return Math.max(Math.min(time, Number.MAX_SAFE_INTEGER), Number.MIN_SAFE_INTEGER);
}
