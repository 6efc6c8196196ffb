import ms from 'ms';
import {InvalidOptionError} from '../errors.js';
import {parseHttpDate} from '../http/http-date.js';

/** A length of time by its parts, which are added up: `{hours: 1, minutes: 30}`. None may be negative, and not all may be 0. */
export interface DurationObject {
	/** Weeks of 7 days. */
	readonly weeks?: number | undefined;
	/** Days of 24 hours. */
	readonly days?: number | undefined;
	readonly hours?: number | undefined;
	readonly minutes?: number | undefined;
	readonly seconds?: number | undefined;
	readonly milliseconds?: number | undefined;
}

/** A length of time: a number of seconds (fractions allowed), a text with a unit such as `'3h'`, `'90 minutes'` or `'1.5 days'`, or an object of parts. */
export type Duration = number | string | DurationObject;

/**
 * When a response stops being fresh: after a {@link Duration}, at a moment (a `Date`, or an HTTP date with a four-digit year),
 * or {@link NEVER_EXPIRE}, {@link DO_NOT_CACHE}, {@link EXPIRE_IMMEDIATELY}. A moment in the past makes it stale at once.
 * Mirrors `expire_after` of requests-cache and aiohttp-client-cache.
 */
export type Expiration = Duration | Date;

/** Responses stay fresh for ever. `Infinity` means the same. */
export const NEVER_EXPIRE = -1;

/** Responses are neither stored nor served. At whatever level it is given, no other level can undo it. */
export const DO_NOT_CACHE = 0;

/** Responses are stored, and the server is asked whether they still hold before each use. */
export const EXPIRE_IMMEDIATELY = 'immediately';

/** An {@link Expiration}, understood. */
export type ParsedExpiration =
	| {readonly kind: 'never'}
	| {readonly kind: 'doNotCache'}
	| {readonly kind: 'immediately'}
	/** `milliseconds` is above 0. */
	| {readonly kind: 'duration'; readonly milliseconds: number}
	/** `time` is in epoch milliseconds. */
	| {readonly kind: 'at'; readonly time: number};

/** The forms of a {@link Duration}, for messages. */
export const DURATION_FORMS =
	"a number of seconds above 0, a duration with its unit such as '3h' or '90 minutes', " +
	'or an object with numbers for weeks, days, hours, minutes, seconds or milliseconds that make more than 0';

/** The forms of an {@link Expiration}, for messages. */
export const EXPIRATION_FORMS = `${DURATION_FORMS}; a valid Date or an HTTP date; NEVER_EXPIRE (-1), DO_NOT_CACHE (0) or EXPIRE_IMMEDIATELY ('immediately')`;

const UNITS: Readonly<Record<keyof DurationObject, number>> = {
	weeks: 7 * 24 * 3_600_000,
	days: 24 * 3_600_000,
	hours: 3_600_000,
	minutes: 60_000,
	seconds: 1000,
	milliseconds: 1,
};

/** The last moment that a `Date` can hold, in epoch milliseconds. What lies beyond it counts as never. */
export const MAX_TIME = 8.64e15;

/**
 * Understands the value of an option that holds an {@link Expiration}.
 *
 * @throws InvalidOptionError for everything else. So are a duration of 0 in any form but the number 0 (`'0s'`, `{hours: 0}`), which may be meant as
 * {@link DO_NOT_CACHE} or as {@link EXPIRE_IMMEDIATELY}; a negative one; and a number as text, which has no unit.
 */
export function parseExpiration(option: string, value: unknown): ParsedExpiration {
	const expiration = readExpiration(value);
	if (!expiration) {
		throw new InvalidOptionError(option, value, EXPIRATION_FORMS);
	}
	return expiration;
}

/** As {@link parseExpiration}, but gives `undefined` where that throws. */
export function readExpiration(value: unknown): ParsedExpiration | undefined {
	switch (value) {
		case NEVER_EXPIRE:
		case Number.POSITIVE_INFINITY:
			return {kind: 'never'};
		case DO_NOT_CACHE:
			return {kind: 'doNotCache'};
		case EXPIRE_IMMEDIATELY:
			return {kind: 'immediately'};
	}
	const time = readMoment(value);
	if (time !== undefined) {
		return {kind: 'at', time};
	}
	const milliseconds = readDuration(value);
	return milliseconds === undefined ? undefined : {kind: 'duration', milliseconds};
}

/** A {@link Duration} in milliseconds, whole and above 0 (`Infinity` for `Infinity`), or `undefined` where the value is none. */
export function readDuration(value: unknown): number | undefined {
	const milliseconds = rawMilliseconds(value);
	// NaN fails this comparison too.
	return milliseconds > 0 ? Math.max(1, Math.round(milliseconds)) : undefined;
}

/** When a response that arrives at `now` expires, in epoch milliseconds; `undefined`: never. `doNotCache` counts as at once. */
export function expiresAt(expiration: ParsedExpiration, now: number): number | undefined {
	switch (expiration.kind) {
		case 'never':
			return undefined;
		case 'doNotCache':
		case 'immediately':
			return now;
		case 'duration': {
			const time = now + expiration.milliseconds;
			return time > MAX_TIME ? undefined : time;
		}
		case 'at':
			return expiration.time;
	}
}

function readMoment(value: unknown): number | undefined {
	if (typeof value === 'string') {
		return parseHttpDate(value);
	}
	if (value instanceof Date) {
		const time = value.getTime();
		return Number.isNaN(time) ? undefined : time;
	}
	return undefined;
}

function rawMilliseconds(value: unknown): number {
	if (typeof value === 'number') {
		return value * 1000;
	}
	if (typeof value === 'string') {
		// `ms` takes a bare number for milliseconds, where our numbers are seconds; so a unit is asked for.
		return /[a-z]$/i.test(value) ? (ms(value as ms.StringValue) ?? Number.NaN) : Number.NaN;
	}
	return typeof value === 'object' && value !== null ? sumOfParts(value) : Number.NaN;
}

function sumOfParts(value: object): number {
	let sum = 0;
	for (const [name, given] of Object.entries(value)) {
		const amount: unknown = given === undefined ? 0 : given;
		if (
			!Object.hasOwn(UNITS, name) ||
			typeof amount !== 'number' ||
			!(amount >= 0 && amount < Number.POSITIVE_INFINITY)
		) {
			return Number.NaN;
		}
		sum += amount * UNITS[name as keyof DurationObject];
	}
	return sum;
}
