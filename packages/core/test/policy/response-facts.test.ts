import {describe, expect, it} from '@jest/globals';
import fc from 'fast-check';
import {formatHttpDate} from '../../src/http/http-date.js';
import {demandsAsking, type ExplicitLifetime, responseFacts} from '../../src/policy/response-facts.js';
import {NOW} from './samples.js';

const SECOND = 1000;
const at = (seconds: number) => formatHttpDate(NOW + seconds * SECOND);
const facts = (rawHeaders: string[], shared = false) => responseFacts({rawHeaders, responseTime: NOW}, shared);

describe('the explicit lifetime', () => {
	it.each<
		[
			string,
			string[],
			inPrivate: [number, ExplicitLifetime['basis']] | undefined,
			inShared?: [number, ExplicitLifetime['basis']],
		]
	>([
		['nothing', ['Date', at(0)], undefined],
		['max-age', ['Cache-Control', 'max-age=5'], [5, 'maxAge']],
		['s-maxage', ['Cache-Control', 's-maxage=5'], undefined, [5, 'sMaxage']],
		['s-maxage and max-age', ['Cache-Control', 's-maxage=5, max-age=9'], [9, 'maxAge'], [5, 'sMaxage']],
		[
			's-maxage before a longer max-age',
			['Cache-Control', 'max-age=1', 'Cache-Control', 's-maxage=5'],
			[1, 'maxAge'],
			[5, 'sMaxage'],
		],
		['Expires', ['Expires', at(5), 'Date', at(0)], [5, 'expires']],
		['Expires and a Date that is slow', ['Expires', at(5), 'Date', at(-10)], [15, 'expires']],
		['Expires before Date', ['Expires', at(5), 'Date', at(10)], [-5, 'expires']],
		['Expires without Date', ['Expires', at(5)], [5, 'expires']],
		['Expires with a Date that is none', ['Expires', at(5), 'Date', 'foo'], [5, 'expires']],
		['Expires with two Dates', ['Expires', at(5), 'Date', at(1), 'Date', at(2)], [5, 'expires']],
		['Expires twice', ['Expires', at(5), 'Expires', at(5)], [0, 'expires']],
		['Expires that is none', ['Expires', '0'], [0, 'expires']],
		['an empty Expires', ['Expires', ''], [0, 'expires']],
		['Expires of a two-digit year', ['Expires', 'Friday, 20-Nov-26 12:00:05 GMT'], [5, 'expires']],
		['max-age before Expires', ['Expires', at(99), 'Cache-Control', 'max-age=5'], [5, 'maxAge']],
		['a max-age that cannot be read before Expires', ['Expires', at(99), 'Cache-Control', 'max-age=x'], [0, 'maxAge']],
		[
			'a targeted max-age',
			['CDN-Cache-Control', 'max-age=9', 'Cache-Control', 'max-age=5'],
			[5, 'maxAge'],
			[9, 'maxAge'],
		],
	])('of %s', (_, rawHeaders, inPrivate, inShared = inPrivate) => {
		const lifetime = (given: typeof inPrivate) => given && {milliseconds: given[0] * SECOND, basis: given[1]};
		expect(facts(rawHeaders).explicit).toEqual(lifetime(inPrivate));
		expect(facts(rawHeaders, true).explicit).toEqual(lifetime(inShared));
	});

	it('of a shared cache that is spoken to directly is not in Cache-Control and Expires', () => {
		const rawHeaders = ['CDN-Cache-Control', 'public', 'Cache-Control', 'no-store, max-age=5', 'Expires', at(5)];
		expect(facts(rawHeaders, true)).toMatchObject({explicit: undefined, directives: {noStore: false, isPublic: true}});
		expect(facts(rawHeaders)).toMatchObject({directives: {noStore: true, isPublic: false}});
	});
});

it.each([
	['max-age=5', false, false],
	['no-cache', true, true],
	['no-cache="a"', false, false],
	['must-revalidate', true, true],
	['proxy-revalidate', false, true],
	['s-maxage=5', false, true],
	['immutable', false, false],
])('%s forbids stale use: private %p, shared %p', (value, inPrivate, inShared) => {
	expect(facts(['Cache-Control', value]).forbidsStale).toBe(inPrivate);
	expect(facts(['Cache-Control', value], true).forbidsStale).toBe(inShared);
});

it.each<[string[], boolean, boolean]>([
	[['Cache-Control', 'No-Cache'], true, true],
	[['Cache-Control', 'max-age=5', 'Cache-Control', 'no-cache'], true, true],
	[['Cache-Control', 'no-cache="a"'], false, false],
	[['Cache-Control', 'x="no-cache"'], false, false],
	[['Pragma', 'no-cache'], false, false],
	[['CDN-Cache-Control', 'no-cache'], false, true],
	[['Cache-Control', 'no-cache', 'CDN-Cache-Control', 'max-age=5'], true, false],
	[['no-cache', ''], false, false],
	[[], false, false],
])('%p demands asking: private %p, shared %p', (rawHeaders, inPrivate, inShared) => {
	for (const shared of [false, true, false]) {
		expect(demandsAsking({rawHeaders, responseTime: NOW}, shared)).toBe(shared ? inShared : inPrivate);
		expect(facts(rawHeaders, shared).directives.noCache).toBe(shared ? inShared : inPrivate);
	}
});

it.each<[string[], number]>([
	[[], 0],
	[['7200'], 7200],
	[['7200, 0'], 7200],
	[['0, 7200'], 0],
	[['0', '7200'], 0],
	[['7200', '0'], 7200],
	[['7200.0'], 0],
	[['-7200'], 0],
	[['abc'], 0],
	[['7200;a=b'], 0],
	[[' 30 '], 30],
	[['2147483649'], 2 ** 31],
])('Age %p is %d seconds', (values, seconds) => {
	expect(facts(values.flatMap(value => ['Age', value])).age).toBe(seconds * SECOND);
});

it('keeps fields apart that may not be stored', () => {
	const rawHeaders = ['Cache-Control', 'no-cache="a", private="b"'];
	expect(facts(rawHeaders).unstorableFields).toEqual(['a']);
	expect(facts(rawHeaders, true).unstorableFields).toEqual(['a', 'b']);
});

it('reads the same fields once for each kind of cache', () => {
	const rawHeaders = ['Cache-Control', 'max-age=5'];
	expect(facts(rawHeaders)).toBe(facts(rawHeaders));
	expect(facts(rawHeaders, true)).toBe(facts(rawHeaders, true));
	expect(facts(rawHeaders, true)).not.toBe(facts(rawHeaders));
});

it('never throws', () => {
	const names = fc.constantFrom('Cache-Control', 'CDN-Cache-Control', 'Expires', 'Date', 'Age', 'Last-Modified');
	fc.assert(
		fc.property(fc.array(fc.tuple(names, fc.string({unit: 'binary'}))), fc.boolean(), (fields, shared) => {
			facts(fields.flat(), shared);
		}),
		{numRuns: 1000},
	);
});
