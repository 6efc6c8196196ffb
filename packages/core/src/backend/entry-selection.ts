import {InvalidOptionError} from '../errors.js';
import {type Expiration, parseExpiration} from '../policy/expiration.js';

/** Which stored responses `filter` of a backend gives. */
export interface EntryFilter {
	/** Fresh ones. @default true */
	readonly valid?: boolean | undefined;
	/** Expired ones. @default true */
	readonly expired?: boolean | undefined;
	/** Only those received at least so long ago: seconds, `'3h'`, `{hours: 3}`. A date: received before it. @default any age */
	readonly olderThan?: Expiration | undefined;
}

/** Which stored responses `delete` of a backend removes: those that one of the members names. */
export interface DeleteSelection {
	readonly keys?: Iterable<string> | undefined;
	/** All that is stored for these URLs, whoever asked, with whatever method and body. */
	readonly urls?: Iterable<string | URL> | undefined;
	/** Expired ones. @default false */
	readonly expired?: boolean | undefined;
	/** Those received at least so long ago. */
	readonly olderThan?: Expiration | undefined;
}

/** The time before which a response must have been received to be as old as that: epoch milliseconds. @throws InvalidOptionError */
export function createdBefore(age: Expiration): number {
	const parsed = parseExpiration('olderThan', age);
	switch (parsed.kind) {
		case 'duration':
			return Date.now() - parsed.milliseconds;
		case 'at':
			return parsed.time;
		default:
			throw new InvalidOptionError('olderThan', age, 'seconds, a duration or a date');
	}
}
