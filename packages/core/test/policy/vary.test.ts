import process from 'node:process';
import {describe, expect, it} from '@jest/globals';
import fc from 'fast-check';
import type {RequestHeaders} from '../../src/http/headers.js';
import {MAX_VARY_FIELDS, mergeVaryFields, storedVaryFields, varyFields, varyValues} from '../../src/policy/vary.js';

const names = (count: number, prefix = 'x-') =>
	Array.from({length: count}, (_, index) => `${prefix}${String(index).padStart(3, '0')}`);

describe('varyFields', () => {
	it.each<[string, string[], readonly string[] | '*' | undefined]>([
		['no Vary', ['ETag', '"a"'], undefined],
		['one field', ['Vary', 'Accept'], ['accept']],
		['fields in any case and order', ['vary', 'X-B,  accept ,\tX-A'], ['accept', 'x-a', 'x-b']],
		['a field that is there twice', ['Vary', 'Accept, ACCEPT'], ['accept']],
		['several lines', ['Vary', 'B', 'Age', '1', 'VARY', 'A'], ['a', 'b']],
		['a star', ['Vary', '*'], '*'],
		['a star among fields', ['Vary', 'Accept, * , B'], '*'],
		['a star in a line of its own', ['Vary', 'Accept', 'Vary', '*'], '*'],
		['a name with a star', ['Vary', 'Acc*'], ['acc*']],
		['empty members', ['Vary', ', ,Accept,,'], ['accept']],
		['an empty field', ['Vary', ''], undefined],
		['members that are no names', ['Vary', 'Accept, a b, "x", (c), é, a:b'], ['accept']],
		['only members that are no names', ['Vary', 'a b'], undefined],
		['as many fields as are allowed', ['Vary', names(MAX_VARY_FIELDS).join()], names(MAX_VARY_FIELDS)],
		['more fields than are allowed', ['Vary', names(MAX_VARY_FIELDS + 1).join()], '*'],
	])('of %s', (_, rawHeaders, fields) => {
		expect(varyFields(rawHeaders)).toEqual(fields);
	});

	it('never throws, and is sorted and without doubles', () => {
		fc.assert(
			fc.property(fc.array(fc.string({unit: 'binary'})), values => {
				const fields = varyFields(values.flatMap(value => ['Vary', value]));
				if (Array.isArray(fields)) {
					expect(fields).toEqual([...new Set(fields)].sort());
				}
			}),
		);
	});
});

describe('varyValues', () => {
	const same: Array<[field: string, a: RequestHeaders[string], b: RequestHeaders[string]]> = [
		['accept-language', 'en, de', 'en,de'],
		['accept-language', 'en;q=0.5', 'EN;q=0.5'],
		['accept-language', 'en, de', 'de, eN'],
		['accept-language', 'en, de;q=0.50', 'de ; Q=0.5,en;q=1.000'],
		['accept-language', 'en, en', 'en'],
		['accept-encoding', 'gzip, br;q=1', 'BR, gzip'],
		['accept', 'text/html;Level=1;q=0.3, */*', '*/*, text/html ; level=1;q=0.30'],
		['accept-language', ['en', 'de'], 'en, de'],
		['accept-encoding', 'gzip', ' GZIP\t'],
		['accept-charset', 'UTF-8', 'utf-8'],
		['accept', 'TEXT/HTML, Application/JSON', 'text/html,application/json'],
		['accept', 'text/html;level="a, B" , */*', 'text/html;level="a, B",*/*'],
		['x-list', '1,2', ' 1 \t, 2 '],
		['x-list', ['1', '2'], '1,2'],
		['x-list', 'a , "b" , c', 'a,"b",c'],
		['x-list', '"a" ,\t"b"', '"a","b"'],
		['user-agent', 'a, b', ' a, b '],
	];
	it.each(same)('of %s are the same for %p and %p', (field, a, b) => {
		expect(varyValues([field], {[field]: a})).toEqual(varyValues([field], {[field]: b}));
	});

	const different: Array<[field: string, a: RequestHeaders[string], b: RequestHeaders[string]]> = [
		['accept-language', 'en', 'de'],
		['accept-language', 'en, de', 'en'],
		['accept-language', 'en, de;q=0.5', 'de, en;q=0.5'],
		['accept-language', 'en;q=0.5', 'en;q=0.51'],
		['accept-language', 'en;q=0', 'en'],
		['accept-language', 'en;q=2', 'en'],
		['accept', 'text/html;a=1;b=2', 'text/html;b=2;a=1'],
		['accept', 'text/html;a="x;q=1"', 'text/html;a="x"'],
		['accept-language', undefined, ''],
		['accept-language', undefined, '-'],
		['accept-language', undefined, '*'],
		['accept-encoding', '', '*'],
		['accept', 'text/html;profile=A', 'text/html;profile=a'],
		['accept', 'text/html;profile="A"', 'text/html;profile="a"'],
		['accept', 'text/html;p="a, b"', 'text/html;p="a,b"'],
		['x-list', '"a , b"', '"a,b"'],
		['x-list', 'a "b"', 'a"b"'],
		['x-list', '"a" b, c', '"a"b, c'],
		['x-list', '"a\\" , b"', '"a\\",b"'],
		['x-list', '"not closed , b', '"not closed,b'],
		['x-list', 'A', 'a'],
		['x-list', '1,2', '2,1'],
		['x-list', '12', '1,2'],
		['cookie', 'a=1, b', 'a=1,b'],
		['user-agent', 'X (a, b)', 'X (a,b)'],
	];
	it.each(different)('of %s differ for %p and %p', (field, a, b) => {
		expect(varyValues([field], {[field]: a})).not.toEqual(varyValues([field], {[field]: b}));
	});

	it.each(['x-list', 'accept', 'accept-language', 'cookie'])('of %s take time in proportion to its length', field => {
		const spaces = ' '.repeat(200_000);
		const start = process.cpuUsage();
		varyValues([field], {[field]: `a${spaces}b,${spaces}"c${spaces}`});
		varyFields(['Vary', `a${spaces}b`]);
		// The time that this process had, in microseconds: a busy machine does not count.
		expect(process.cpuUsage(start).user).toBeLessThan(1_000_000);
	});

	it('come in the order of the fields', () => {
		expect(varyValues(['b', 'a', 'c'], {a: '1', b: '2'})).toEqual(['=2', '=1', '-']);
	});

	it('of a body that is kept decoded leave Accept-Encoding out, and only that', () => {
		expect(storedVaryFields(['accept-encoding', 'accept-language'], true)).toEqual(['accept-language']);
		expect(storedVaryFields(['accept-encoding', 'accept-language'], false)).toEqual([
			'accept-encoding',
			'accept-language',
		]);
		expect(storedVaryFields(['accept-encoding'], true)).toBeUndefined();
		expect(storedVaryFields(undefined, true)).toBeUndefined();
	});

	it('never throw, and normalising once is enough', () => {
		fc.assert(
			fc.property(
				fc.constantFrom('accept', 'accept-language', 'x-list', 'cookie'),
				fc.string({unit: 'binary'}),
				(field, value) => {
					const [once] = varyValues([field], {[field]: value});
					const [twice] = varyValues([field], {[field]: once!.slice(1)});
					expect(twice).toBe(once);
				},
			),
		);
	});
});

describe('mergeVaryFields', () => {
	it.each<[readonly string[], readonly string[], readonly string[] | '*']>([
		[[], [], []],
		[['a'], [], ['a']],
		[
			['b', 'c'],
			['a', 'b'],
			['a', 'b', 'c'],
		],
		[names(16, 'a-'), names(16, 'b-'), [...names(16, 'a-'), ...names(16, 'b-')]],
		[names(17, 'a-'), names(16, 'b-'), '*'],
	])('%p and %p', (a, b, merged) => {
		expect(mergeVaryFields(a, b)).toEqual(merged);
	});
});
