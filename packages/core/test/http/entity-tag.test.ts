import process from 'node:process';
import {describe, expect, it} from '@jest/globals';
import {isStrongTag, listedTags, matchesStrongly, matchesWeakly} from '../../src/http/entity-tag.js';

describe('comparisons', () => {
	it.each([
		['"1"', '"1"', true, true],
		['W/"1"', 'W/"1"', false, true],
		['W/"1"', '"1"', false, true],
		['W/"1"', 'W/"2"', false, false],
		['"1"', '"2"', false, false],
		['1', '1', false, true],
		['1', '"1"', false, false],
		['w/"1"', '"1"', false, false],
		['"a b"', '"a b"', false, true],
		['"ü"', '"ü"', true, true],
		['""', '""', true, true],
	])('of %s and %s: strong %p, weak %p', (a, b, strong, weak) => {
		expect(matchesStrongly(a, b)).toBe(strong);
		expect(matchesWeakly(a, b)).toBe(weak);
	});

	it('finds nothing strong where there is no tag', () => {
		expect(matchesStrongly(undefined, undefined)).toBe(false);
		expect(isStrongTag(undefined)).toBe(false);
	});
});

describe('listedTags', () => {
	it.each<[string, readonly string[] | '*']>([
		['*', '*'],
		[' * ', '*'],
		['', []],
		['"a"', ['"a"']],
		['"a", W/"b" ,"c,d"', ['"a"', 'W/"b"', '"c,d"']],
		['a, "b', ['a', '"b']],
		['"*"', ['"*"']],
		['"a"\\, "b"', ['"a"', '\\', '"b"']],
	])('of %p', (value, tags) => {
		expect(listedTags(value)).toEqual(tags);
	});

	it('takes time in proportion to the length', () => {
		const start = process.cpuUsage();
		listedTags('W/'.repeat(100_000));
		listedTags(`"${'a'.repeat(200_000)}`);
		// The time that this process had, in microseconds: a busy machine does not count.
		expect(process.cpuUsage(start).user).toBeLessThan(1_000_000);
	});
});
