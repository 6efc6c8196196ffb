import {describe, expect, it} from '@jest/globals';
import fc from 'fast-check';
import {InvalidOptionError} from '../../src/errors.js';
import {
	DO_NOT_CACHE,
	EXPIRE_IMMEDIATELY,
	expiresAt,
	NEVER_EXPIRE,
	parseExpiration,
	readDuration,
} from '../../src/policy/expiration.js';

const NOW = Date.UTC(2026, 10, 20);
const HOUR = 3_600_000;

describe('parseExpiration', () => {
	it.each<[string, unknown, number]>([
		['a number of seconds', 60, 60_000],
		['a fraction of a second', 0.5, 500],
		['a number that is not exact in binary', 1.1, 1100],
		['less than a millisecond, which counts as one', 1e-9, 1],
		['a short text', '3h', 3 * HOUR],
		['a text with a word', '90 minutes', 1.5 * HOUR],
		['a text with a fraction', '1.5 days', 36 * HOUR],
		['a text in capitals', '2 HOURS', 2 * HOUR],
		['milliseconds as text', '250ms', 250],
		['hours', {hours: 3}, 3 * HOUR],
		['parts that are added up', {weeks: 1, days: 1, hours: 1, minutes: 1, seconds: 1, milliseconds: 1}, 694_861_001],
		['parts of which one is undefined', {hours: 1, minutes: undefined}, HOUR],
		['parts of which one is 0', {hours: 0, minutes: 30}, HOUR / 2],
		['parts with a fraction', {hours: 0.5}, HOUR / 2],
	])('takes %s for a duration', (_, value, milliseconds) => {
		expect(parseExpiration('expireAfter', value)).toEqual({kind: 'duration', milliseconds});
	});

	it.each<[string, unknown, number]>([
		['a Date', new Date(NOW + 5), NOW + 5],
		['a Date of the past', new Date(0), 0],
		['an HTTP date', 'Fri, 20 Nov 2026 00:00:00 GMT', NOW],
		['an HTTP date in the form of asctime', 'Fri Nov 20 00:00:00 2026', NOW],
	])('takes %s for a moment', (_, value, time) => {
		expect(parseExpiration('expireAfter', value)).toEqual({kind: 'at', time});
	});

	it.each<[string, unknown, string]>([
		['NEVER_EXPIRE', NEVER_EXPIRE, 'never'],
		['-1', -1, 'never'],
		['Infinity', Number.POSITIVE_INFINITY, 'never'],
		['DO_NOT_CACHE', DO_NOT_CACHE, 'doNotCache'],
		['0', 0, 'doNotCache'],
		['-0', -0, 'doNotCache'],
		['EXPIRE_IMMEDIATELY', EXPIRE_IMMEDIATELY, 'immediately'],
	])('takes %s', (_, value, kind) => {
		expect(parseExpiration('expireAfter', value)).toEqual({kind});
	});

	it.each<[string, unknown]>([
		['NaN', Number.NaN],
		['-Infinity', Number.NEGATIVE_INFINITY],
		['a negative number other than -1', -2],
		['a negative fraction', -0.5],
		['null', null],
		['undefined', undefined],
		['true', true],
		['a bigint', 60n],
		['a symbol', Symbol('hour')],
		['a function', () => 60],
		['an empty text', ''],
		['a text without a unit', '100'],
		['a negative number as text', '-1'],
		['a text with an unknown unit', '3 fortnights'],
		['a unit alone', 'h'],
		['a text with something after the unit', '3h!'],
		['two durations in one text', '3h 5m'],
		['no time at all as text', '0s'],
		['a negative text', '-3h'],
		['an ISO date', '2026-11-20T00:00:00Z'],
		['an ISO duration', 'PT3H'],
		['an HTTP date with a two-digit year', 'Friday, 20-Nov-26 00:00:00 GMT'],
		['an impossible date', 'Mon, 30 Feb 2026 00:00:00 GMT'],
		['a very long text', `${'9'.repeat(10_000)}h`],
		['an invalid Date', new Date('never')],
		['an empty object', {}],
		['an object with only undefined', {hours: undefined}],
		['an object of zeros', {hours: 0}],
		['an unknown part', {hour: 3}],
		['an unknown part that is undefined', {hours: 3, hour: undefined}],
		['a part with the name of an inherited member', {hours: 3, toString: 1}],
		['a negative part', {hours: 2, minutes: -30}],
		['a part that is NaN', {hours: Number.NaN}],
		['an infinite part', {hours: Number.POSITIVE_INFINITY}],
		['a part as text', {hours: '3'}],
		['a part that is null', {hours: null}],
		['an array', [3]],
		['an empty array', []],
		['a RegExp', /3h/],
	])('rejects %s', (_, value) => {
		expect(() => parseExpiration('expireAfter', value)).toThrow(InvalidOptionError);
	});

	it('names the option, what was given and what is accepted', () => {
		expect(() => parseExpiration('expireAfter', '100')).toThrow(/'expireAfter'.*"100".*seconds.*'3h'.*NEVER_EXPIRE/);
	});

	it('gives an expiration or throws InvalidOptionError, for any text and number', () => {
		fc.assert(
			fc.property(fc.oneof(fc.string({unit: 'binary'}), fc.double(), fc.anything()), value => {
				try {
					expect(parseExpiration('expireAfter', value)).toHaveProperty('kind');
				} catch (error) {
					expect(error).toBeInstanceOf(InvalidOptionError);
				}
			}),
		);
	});
});

describe('readDuration', () => {
	it('takes no moments and no special values', () => {
		for (const value of [
			new Date(NOW),
			'Fri, 20 Nov 2026 00:00:00 GMT',
			EXPIRE_IMMEDIATELY,
			NEVER_EXPIRE,
			DO_NOT_CACHE,
		]) {
			expect(readDuration(value)).toBeUndefined();
		}
	});
});

describe('expiresAt', () => {
	it.each([
		['never', {kind: 'never'}, undefined],
		['doNotCache', {kind: 'doNotCache'}, NOW],
		['immediately', {kind: 'immediately'}, NOW],
		['a duration', {kind: 'duration', milliseconds: HOUR}, NOW + HOUR],
		['a duration beyond all dates', {kind: 'duration', milliseconds: 8.64e15}, undefined],
		['a moment', {kind: 'at', time: NOW - 5}, NOW - 5],
	] as const)('of %s', (_, expiration, expires) => {
		expect(expiresAt(expiration, NOW)).toBe(expires);
	});

	it('is a valid date or never, for any duration', () => {
		fc.assert(
			fc.property(fc.double({min: 1e-300, noNaN: true}), seconds => {
				const expires = expiresAt(parseExpiration('expireAfter', seconds), NOW);
				expect(expires === undefined || (expires > NOW && !Number.isNaN(new Date(expires).getTime()))).toBe(true);
			}),
		);
	});
});
