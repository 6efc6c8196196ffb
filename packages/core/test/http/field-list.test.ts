import process from 'node:process';
import {describe, expect, it} from '@jest/globals';
import fc from 'fast-check';
import {isToken, parseDirectives, splitList, trimSpace} from '../../src/http/field-list.js';

describe('splitList', () => {
	it.each<[string, string[]]>([
		['', []],
		[' , ,\t', []],
		['a', ['a']],
		['a, b ,\tc', ['a', 'b', 'c']],
		['a="b, c", d', ['a="b, c"', 'd']],
		['a="b\\", c", d', ['a="b\\", c"', 'd']],
		['a="b, c', ['a="b', 'c']],
		['a="b\\", c', ['a="b\\"', 'c']],
		['"a", "b", c="d, e', ['"a"', '"b"', 'c="d', 'e']],
	])('of %p', (line, members) => {
		expect(splitList(line)).toEqual(members);
	});

	it('splits at another separator', () => {
		expect(splitList('a;b="c;d" ; e,f', ';')).toEqual(['a', 'b="c;d"', 'e,f']);
	});

	it('takes time in proportion to the length', () => {
		const start = process.cpuUsage();
		splitList('"\\",\\'.repeat(100_000));
		splitList('"'.repeat(200_001));
		splitList(`a${' '.repeat(200_000)}b,`.repeat(3));
		// The time that this process had, in microseconds: a busy machine does not count.
		expect(process.cpuUsage(start).user).toBeLessThan(1_000_000);
	});
});

describe('parseDirectives', () => {
	const wellFormed = (name: string, argument?: string) => ({name, argument, isWellFormed: true});
	const malformed = (name: string) => ({name, argument: undefined, isWellFormed: false});
	it.each<[string[], object[]]>([
		[['no-store'], [wellFormed('no-store')]],
		[['No-Store, MAX-AGE=5'], [wellFormed('no-store'), wellFormed('max-age', '5')]],
		[['max-age="5"'], [wellFormed('max-age', '5')]],
		[['a="\\"b\\\\, c"'], [wellFormed('a', '"b\\, c')]],
		[['a=""'], [wellFormed('a', '')]],
		[
			['a', 'b=c'],
			[wellFormed('a'), wellFormed('b', 'c')],
		],
		[
			['a="b', 'no-store'],
			[malformed('a'), wellFormed('no-store')],
		],
		[['a="b, no-store'], [malformed('a'), wellFormed('no-store')]],
		[['a ="b", a= b, a=, a;b, a b'], ['a', 'a', 'a', 'a', 'a'].map(malformed)],
		[['a="b"c, a=b"c"'], ['a', 'a'].map(malformed)],
		[["a='5'"], [wellFormed('a', "'5'")]],
		[['=a, "a", (b), é'], []],
		[['x="no-store, max-age=5"'], [wellFormed('x', 'no-store, max-age=5')]],
	])('of %p', (lines, directives) => {
		expect(parseDirectives(lines)).toEqual(directives);
	});

	it('never throws, and names what it finds in lower case', () => {
		fc.assert(
			fc.property(fc.array(fc.string({unit: 'binary'})), lines => {
				for (const {name} of parseDirectives(lines)) {
					expect(isToken(name)).toBe(true);
					expect(name).toBe(name.toLowerCase());
				}
			}),
			{numRuns: 1000},
		);
	});
});

it.each([
	['', false],
	['a', true],
	['X-Foo', true],
	['a b', false],
	['a,', false],
	['é', false],
	['a\n', false],
])('isToken(%p) is %p', (text, is) => {
	expect(isToken(text)).toBe(is);
});

it.each([
	[' \ta b\t ', 'a b'],
	[' ', ''],
	['\na\n', '\na\n'],
])('trimSpace(%p) is %p', (text, trimmed) => {
	expect(trimSpace(text)).toBe(trimmed);
});
