import {describe, expect, it} from '@jest/globals';
import fc from 'fast-check';
import {formatHttpDate, parseHttpDate} from '../../src/http/http-date.js';

const NOW = Date.UTC(2026, 10, 20, 12);
const SAMPLE = Date.UTC(1994, 10, 6, 8, 49, 37);

describe('parseHttpDate', () => {
	it.each([
		['the preferred form', 'Sun, 06 Nov 1994 08:49:37 GMT', SAMPLE],
		['the form of RFC 850', 'Sunday, 06-Nov-94 08:49:37 GMT', SAMPLE],
		['the form of asctime', 'Sun Nov  6 08:49:37 1994', SAMPLE],
		['asctime with a day of two digits', 'Wed Nov 16 08:49:37 1994', SAMPLE + 10 * 86_400_000],
		['a weekday in capitals', 'SUN, 06 Nov 1994 08:49:37 GMT', SAMPLE],
		['a month in capitals', 'Sun, 06 NOV 1994 08:49:37 GMT', SAMPLE],
		['a zone in small letters', 'Sun, 06 Nov 1994 08:49:37 gmt', SAMPLE],
		['a wrong weekday, of which only the form counts', 'Mon, 06 Nov 1994 08:49:37 GMT', SAMPLE],
		['29 February of a leap year', 'Thu, 29 Feb 2024 00:00:00 GMT', Date.UTC(2024, 1, 29)],
		['29 February of 2000', 'Tue, 29 Feb 2000 00:00:00 GMT', Date.UTC(2000, 1, 29)],
		['a leap second', 'Sat, 31 Dec 2016 23:59:60 GMT', Date.UTC(2017, 0, 1)],
		['the last second of a day', 'Thu, 31 Dec 2026 23:59:59 GMT', Date.UTC(2026, 11, 31, 23, 59, 59)],
		['a year below 100', 'Mon, 01 Jan 0099 00:00:00 GMT', new Date('0099-01-01T00:00:00Z').getTime()],
	])('takes %s', (_, text, time) => {
		expect(parseHttpDate(text, NOW)).toBe(time);
	});

	it.each([
		['an empty text', ''],
		['a number', '0'],
		['a negative number', '-1'],
		['ISO 8601', '1994-11-06T08:49:37Z'],
		['no comma', 'Sun 06 Nov 1994 08:49:37 GMT'],
		['UTC', 'Sun, 06 Nov 1994 08:49:37 UTC'],
		['an offset', 'Sun, 06 Nov 1994 08:49:37 +0000'],
		['no zone', 'Sun, 06 Nov 1994 08:49:37'],
		['a word that is no weekday', 'Son, 06 Nov 1994 08:49:37 GMT'],
		['a word that is no month', 'Sun, 06 Nop 1994 08:49:37 GMT'],
		['a day of one digit', 'Sun, 6 Nov 1994 08:49:37 GMT'],
		['an hour of one digit', 'Sun, 06 Nov 1994 8:49:37 GMT'],
		['two digits for the year of the preferred form', 'Sun, 06 Nov 94 08:49:37 GMT'],
		['four digits for the year of the form of RFC 850', 'Sunday, 06-Nov-1994 08:49:37 GMT'],
		['a short weekday in the form of RFC 850', 'Sun, 06-Nov-94 08:49:37 GMT'],
		['asctime with one space before a day of one digit', 'Sun Nov 6 08:49:37 1994'],
		['asctime with a zone', 'Sun Nov  6 08:49:37 1994 GMT'],
		['two spaces', 'Sun, 06  Nov 1994 08:49:37 GMT'],
		['a space before', ' Sun, 06 Nov 1994 08:49:37 GMT'],
		['a space after', 'Sun, 06 Nov 1994 08:49:37 GMT '],
		['a line feed after', 'Sun, 06 Nov 1994 08:49:37 GMT\n'],
		['full stops in the time', 'Sun, 06 Nov 1994 08.49.37 GMT'],
		['30 February', 'Fri, 30 Feb 2024 00:00:00 GMT'],
		['29 February of 1900', 'Thu, 29 Feb 1900 00:00:00 GMT'],
		['29 February of a common year, in two digits', 'Tuesday, 29-Feb-23 00:00:00 GMT'],
		['31 April', 'Tue, 31 Apr 2024 00:00:00 GMT'],
		['day 0', 'Tue, 00 Apr 2024 00:00:00 GMT'],
		['day 32', 'Tue, 32 Jan 2024 00:00:00 GMT'],
		['24 hours', 'Sun, 06 Nov 1994 24:00:00 GMT'],
		['60 minutes', 'Sun, 06 Nov 1994 08:60:00 GMT'],
		['a leap second in the morning', 'Sun, 06 Nov 1994 08:49:60 GMT'],
		['61 seconds', 'Sat, 31 Dec 2016 23:59:61 GMT'],
		['digits of another script', 'Sun, ٠٦ Nov 1994 08:49:37 GMT'],
		['a list of two dates', 'Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT'],
	])('rejects %s', (_, text) => {
		expect(parseHttpDate(text, NOW)).toBeUndefined();
	});

	it.each([
		['76', 2076, 'less than 50 years ahead'],
		['77', 1977, 'more than 50 years ahead'],
		['26', 2026, 'the current year'],
		['00', 2000, 'the start of the century'],
		['99', 1999, 'the end of the last one'],
	])('takes the year %s for %i: %s', (digits, year) => {
		expect(parseHttpDate(`Sunday, 06-Nov-${digits} 08:49:37 GMT`, NOW)).toBe(Date.UTC(year, 10, 6, 8, 49, 37));
	});

	it('looks at the moment, not only at the year, for the 50 years', () => {
		expect(parseHttpDate('Friday, 20-Nov-76 12:00:00 GMT', NOW)).toBe(Date.UTC(2076, 10, 20, 12));
		expect(parseHttpDate('Friday, 20-Nov-76 12:00:01 GMT', NOW)).toBe(Date.UTC(1976, 10, 20, 12, 0, 1));
	});

	it('finds the next century when that is near', () => {
		expect(parseHttpDate('Friday, 01-Jan-10 00:00:00 GMT', Date.UTC(2080, 0, 1))).toBe(Date.UTC(2110, 0, 1));
	});

	it('does not take two-digit years without a clock', () => {
		expect(parseHttpDate('Sunday, 06-Nov-94 08:49:37 GMT')).toBeUndefined();
		expect(parseHttpDate('Sun, 06 Nov 1994 08:49:37 GMT')).toBe(SAMPLE);
	});

	it('never throws', () => {
		fc.assert(
			fc.property(fc.string({unit: 'binary'}), text => {
				const time = parseHttpDate(text, NOW);
				expect(time === undefined || Number.isFinite(time)).toBe(true);
			}),
		);
	});
});

describe('formatHttpDate', () => {
	it('writes the preferred form', () => {
		expect(formatHttpDate(SAMPLE + 999)).toBe('Sun, 06 Nov 1994 08:49:37 GMT');
	});

	it('writes what parseHttpDate reads, for all years', () => {
		fc.assert(
			fc.property(
				fc.date({min: new Date('0000-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true}),
				date => {
					const seconds = Math.floor(date.getTime() / 1000) * 1000;
					expect(parseHttpDate(formatHttpDate(seconds), NOW)).toBe(seconds);
				},
			),
		);
	});
});
