import {describe, expect, it} from '@jest/globals';
import fc from 'fast-check';
import {MAX_DELTA_SECONDS} from '../../src/policy/delta-seconds.js';
import {NO_DIRECTIVES, type ResponseDirectives, responseDirectives} from '../../src/policy/response-directives.js';

const read = (...lines: string[]) => responseDirectives(lines.flatMap(line => ['Cache-Control', line]));

describe('responseDirectives', () => {
	it.each<[string, string[], Partial<ResponseDirectives>]>([
		['no field', [], {}],
		['an empty field', [''], {}],
		['directives of others', ['foobar, constructor=1, toString'], {}],
		[
			'all numbers',
			['max-age=1, s-maxage=2, stale-while-revalidate=3, stale-if-error=4'],
			{
				maxAge: 1,
				sMaxage: 2,
				staleWhileRevalidate: 3,
				staleIfError: 4,
			},
		],
		[
			'all flags',
			['no-store, public, must-revalidate, proxy-revalidate, must-understand, immutable, no-cache, private'],
			{
				noStore: true,
				isPublic: true,
				mustRevalidate: true,
				proxyRevalidate: true,
				mustUnderstand: true,
				immutable: true,
				noCache: true,
				isPrivate: true,
			},
		],
		['any case', ['MaX-aGe=5, nO-StOrE'], {maxAge: 5, noStore: true}],
		['several lines', ['max-age=5', 'no-store'], {maxAge: 5, noStore: true}],
		['a quoted number', ['max-age="5"'], {maxAge: 5}],
		['zeros before a number', ['max-age=0050'], {maxAge: 50}],
		['a number beyond counting', ['max-age=99999999999'], {maxAge: MAX_DELTA_SECONDS}],
		['a repeated number', ['max-age=5, max-age=3', 'max-age=4'], {maxAge: 3}],
		['a directive inside a quoted string', ['x="max-age=5, no-store", max-age=1'], {maxAge: 1}],
		...["'5'", '5.0', '5a', 'a5', '-5', '+5', '', '"5', ' 5', '"', '0x5', '5;a', '٥'].map(
			(argument): [string, string[], Partial<ResponseDirectives>] => [
				`max-age=${argument}, which is stale`,
				[`max-age=${argument}`],
				{maxAge: 0},
			],
		),
		['max-age with a space before the sign', ['max-age =5'], {maxAge: 0}],
		['max-age without a number', ['max-age'], {maxAge: 0}],
		[
			'a window that cannot be read',
			['stale-if-error=a, stale-while-revalidate'],
			{
				staleIfError: 0,
				staleWhileRevalidate: 0,
			},
		],
		['no-cache for a field', ['no-cache="Set-Cookie"'], {noCacheFields: ['set-cookie']}],
		['no-cache for fields', ['no-cache="a, B"', 'no-cache=c'], {noCacheFields: ['a', 'b', 'c']}],
		['no-cache for a field and for all', ['no-cache="a", no-cache'], {noCache: true, noCacheFields: ['a']}],
		['no-cache for nothing', ['no-cache=""'], {noCache: true}],
		['no-cache for what is no field', ['no-cache="a b"'], {noCache: true}],
		['no-cache that is broken', ['no-cache="a, max-age=5'], {noCache: true, maxAge: 5}],
		['private for a field', ['private="A"'], {privateFields: ['a']}],
		['private that is broken', ['private ='], {isPrivate: true}],
		['restrictions with an argument', ['no-store=x, must-revalidate="y"'], {noStore: true, mustRevalidate: true}],
		['restrictions that are broken', ['no-store ;, must-revalidate x'], {noStore: true, mustRevalidate: true}],
		['permissions that are broken', ['public ;, immutable x'], {}],
	])('of %s', (_, lines, directives) => {
		expect(read(...lines)).toEqual({...NO_DIRECTIVES, ...directives});
	});

	it('never throws', () => {
		fc.assert(
			fc.property(fc.array(fc.string({unit: 'binary'})), lines => {
				read(...lines);
			}),
		);
	});

	it('sees no-store among whatever else, unless it is in a quoted string', () => {
		fc.assert(
			fc.property(fc.array(fc.string({unit: fc.constantFrom(...'ab=,;\\ ')})), others => {
				expect(read([...others, 'NO-store', ...others].join()).noStore).toBe(true);
			}),
		);
	});
});
