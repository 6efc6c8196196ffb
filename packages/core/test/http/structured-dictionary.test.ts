import {describe, expect, it} from '@jest/globals';
import fc from 'fast-check';
import {parseDictionary} from '../../src/http/structured-dictionary.js';

const yes = {type: 'boolean', value: true};

describe('parseDictionary', () => {
	it.each<[string, object]>([
		['', {}],
		['   ', {}],
		['a', {a: yes}],
		[' a , b ', {a: yes, b: yes}],
		['a=1,b=-20', {a: {type: 'integer', value: 1}, b: {type: 'integer', value: -20}}],
		['a=?0', {a: {type: 'boolean', value: false}}],
		['a="x \\"y\\\\"', {a: {type: 'string', value: 'x "y\\'}}],
		['a=tok/en:*', {a: {type: 'token', value: 'tok/en:*'}}],
		[
			'a=1.5, b=:aGk=:, c=@1659578233, d=%"f%c3%bc", e=(1 "b";p c), f=()',
			Object.fromEntries([...'abcdef'].map(key => [key, {type: 'other'}])),
		],
		['a;p=1; q;r="s"', {a: yes}],
		['a=1, a=2', {a: {type: 'integer', value: 2}}],
		['*a_b.c-d*=1', {'*a_b.c-d*': {type: 'integer', value: 1}}],
	])('takes %p', (text, members) => {
		expect(Object.fromEntries(parseDictionary(text)!)).toEqual(members);
	});

	it('takes names that objects have', () => {
		expect([...parseDictionary('constructor, valueof')!.keys()]).toEqual(['constructor', 'valueof']);
	});

	it.each([
		'max-age=10000, &&&&&',
		'Max-Age=5',
		'a =5',
		'a= 5',
		'a=',
		'a,',
		',a',
		'a,,b',
		'a b',
		'a="x',
		'a="é"',
		"a='5'",
		'a=1.',
		'a=1.2345',
		'a=1234567890123456',
		'a=1a',
		'a=--1',
		'a=?2',
		'a=:a',
		'a=(1',
		'a=(1,2)',
		'a=(1"b")',
		'a;P',
		'a;p=',
		'a;p=(1)',
		'a=@1.5',
		'a=%"%C3"',
		'\ta',
		'a\n',
	])('does not take %p', text => {
		expect(parseDictionary(text)).toBeUndefined();
	});

	it('never throws', () => {
		fc.assert(
			fc.property(
				fc.oneof(fc.string({unit: 'binary'}), fc.string({unit: fc.constantFrom(...'ab=,;"(): ?1.@%\\*-')})),
				text => {
					parseDictionary(text);
				},
			),
			{numRuns: 2000},
		);
	});
});
