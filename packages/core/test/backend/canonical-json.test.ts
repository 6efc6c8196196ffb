import {describe, expect, it} from '@jest/globals';
import fc from 'fast-check';
import {canonicalJson} from '../../src/backend/canonical-json.js';

const canonical = (text: string, ...ignored: string[]) =>
	canonicalJson(text, ignored.length === 0 ? undefined : new Set(ignored));

describe('canonicalJson', () => {
	it.each([
		['members out of order', '{"b":1,"a":2}', '{"a":2,"b":1}'],
		['nested members', '{"x":{"b":1,"a":[{"d":1,"c":2}]}}', '{"x":{"a":[{"c":2,"d":1}],"b":1}}'],
		['white space', ' { "a" :\t[ 1 ,\r\n2 ] , "b" : { } , "c" : [ ] } ', '{"a":[1,2],"b":{},"c":[]}'],
		['white space in strings', '{"a b":" c\\td "}', '{"a b":" c\\td "}'],
		['escapes', '["\\u0061\\/\\u00e9\\u000a\\ud83d\\ude00"]', '["a/é\\n😀"]'],
		['an escaped member name', '{"\\u0062":1,"a":2}', '{"a":2,"b":1}'],
		['quotes and backslashes', '["\\"","\\\\","\\\\\\"","\\\\\\\\"]', '["\\"","\\\\","\\\\\\"","\\\\\\\\"]'],
		['structure in strings', '{"b":"}],{[:\\"","a":"{"}', '{"a":"{","b":"}],{[:\\""}'],
		['half a surrogate pair', '["\\uD800"]', '["\\ud800"]'],
		['names like array indices', '{"10":1,"9":2,"1":3}', '{"1":3,"10":1,"9":2}'],
		[
			'names of Object.prototype',
			'{"b":1,"__proto__":{"d":1,"c":2},"constructor":3}',
			'{"__proto__":{"c":2,"d":1},"b":1,"constructor":3}',
		],
		['an empty name', '{"a":1,"":2}', '{"":2,"a":1}'],
		['a string', '"a"', '"a"'],
		['a number', ' -1.5e+10 ', '-1.5e+10'],
		['literals', '[true,false,null]', '[true,false,null]'],
	])('%s', (_, text, expected) => {
		expect(canonical(text)).toBe(expected);
	});

	it.each([
		['the order of an array', '[1,2]', '[2,1]'],
		['large integers', '{"id":9007199254740993}', '{"id":9007199254740992}'],
		['numbers beyond the range', '[1e400]', '[2e400]'],
		['an infinite number and null', '[1e400]', '[null]'],
		['minus nought', '[-0]', '[0]'],
		['many digits', '[0.1000000000000000055]', '[0.1]'],
		['spellings of a number', '[1.0]', '[1]'],
		['a number and a string', '{"a":1}', '{"a":"1"}'],
		['null and an absent member', '{"a":null}', '{}'],
		['an own __proto__ and none', '{"__proto__":{"a":1}}', '{}'],
		['white space in strings', '["a b"]', '["ab"]'],
		['depth', '[[1],2]', '[[1,2]]'],
		['an array and an object', '[]', '{}'],
	])('%s makes a difference', (_, one, other) => {
		expect(canonical(one)).toBeDefined();
		expect(canonical(one)).not.toBe(canonical(other));
	});

	it.each([
		['text that is not JSON', '{a: 1}'],
		['nothing', ''],
		['a byte order mark', '\ufeff{}'],
		['two values', '{}{}'],
		['two members of one name', '{"a":1,"a":1}'],
		['two members of one name in two spellings', '{"a":1,"\\u0061":1}'],
		['two members of one name, nested', '[{"b":{"a":1,"a":2}}]'],
		['JSON that is too deep', `${'['.repeat(201)}${']'.repeat(201)}`],
		['JSON that would overflow the stack', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
		['JSON that is too long', `["${'a'.repeat(10 * 1024 * 1024)}"]`],
	])('%s has no canonical form', (_, text) => {
		expect(canonical(text)).toBeUndefined();
	});

	it('goes as deep as 200 levels', () => {
		const text = `${'['.repeat(200)}${']'.repeat(200)}`;
		expect(canonical(text)).toBe(text);
	});

	describe('with ignored members', () => {
		it.each([
			['a member', ['ts'], '{"ts":1,"a":2}', '{"a":2}'],
			['the only member', ['ts'], '{"ts":1}', '{}'],
			['its whole value', ['meta'], '{"meta":{"a":[1,{"b":2}]},"a":2}', '{"a":2}'],
			['a nested member', ['meta.ts'], '{"meta":{"ts":1,"a":2},"ts":3}', '{"meta":{"a":2},"ts":3}'],
			['three levels', ['a.b.c'], '{"a":{"b":{"c":1,"d":2},"c":3}}', '{"a":{"b":{"d":2},"c":3}}'],
			['a plain name deeper down', ['ts'], '{"meta":{"ts":1}}', '{"meta":{"ts":1}}'],
			['a member of one with an empty name', ['ts'], '{"":{"ts":1},"ts":2}', '{"":{"ts":1}}'],
			['an empty name', ['.ts', ''], '{"":1,"a":2}', '{"a":2}'],
			['elements of an array', ['items.ts'], '{"items":[{"ts":1,"a":2},[{"ts":3}]]}', '{"items":[{"a":2},[{}]]}'],
			['elements of the outermost array', ['id'], '[{"id":1,"a":2},{"id":2}]', '[{"a":2},{}]'],
			['a name with a dot', ['meta.ts'], '{"meta.ts":1,"a":2}', '{"a":2}'],
			['an escaped name', ['ts'], '{"\\u0074s":1,"a":2}', '{"a":2}'],
			['a large number', ['ts'], '{"ts":1789000000000000001,"a":2}', '{"a":2}'],
			['__proto__', ['__proto__'], '{"__proto__":1,"a":2}', '{"a":2}'],
			['a value, not a name', ['ts'], '["ts",{"a":"ts"}]', '["ts",{"a":"ts"}]'],
			['several', ['a', 'b.c'], '{"a":1,"b":{"c":2},"d":3}', '{"b":{},"d":3}'],
		])('%s', (_, ignored, text, expected) => {
			expect(canonical(text, ...ignored)).toBe(expected);
		});
	});

	it('does not depend on the order of members nor on white space', () => {
		const reversed = (value: unknown): unknown => {
			if (Array.isArray(value)) {
				return value.map(reversed);
			}
			return typeof value === 'object' && value !== null
				? Object.fromEntries(
						Object.entries(value)
							.reverse()
							.map(([name, member]) => [name, reversed(member)]),
					)
				: value;
		};
		fc.assert(
			fc.property(fc.jsonValue(), fc.constantFrom('', '\t', '  '), (value, indent) => {
				expect(canonical(JSON.stringify(reversed(value), undefined, indent))).toBe(canonical(JSON.stringify(value)));
			}),
		);
	});

	it('is JSON of the same value', () => {
		fc.assert(
			fc.property(fc.json({stringUnit: 'binary'}), text => {
				// toEqual would not see a difference in the prototype.
				expect(JSON.stringify(JSON.parse(canonical(text)!)).length).toBe(JSON.stringify(JSON.parse(text)).length);
				expect(JSON.parse(canonical(text)!)).toEqual(JSON.parse(text));
			}),
		);
	});
});
