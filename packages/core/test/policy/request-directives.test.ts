import {describe, expect, it} from '@jest/globals';
import fc from 'fast-check';
import type {RequestHeaders} from '../../src/http/headers.js';
import {MAX_DELTA_SECONDS} from '../../src/policy/delta-seconds.js';
import {NO_DEMANDS, type RequestDirectives, requestDirectives} from '../../src/policy/request-directives.js';

const cacheControl = (...lines: string[]): RequestHeaders => ({
	'cache-control': lines.length === 1 ? lines[0] : lines,
});

describe('requestDirectives', () => {
	it.each<[string, RequestHeaders, Partial<RequestDirectives>]>([
		['nothing', {}, {}],
		['directives of others', cacheControl('nothing-to-see-here, constructor'), {}],
		[
			'all of them',
			cacheControl('max-age=1, max-stale=2, min-fresh=3, stale-if-error=4, no-cache, no-store, only-if-cached'),
			{
				maxAge: 1,
				maxStale: 2,
				minFresh: 3,
				staleIfError: 4,
				noCache: true,
				noStore: true,
				onlyIfCached: true,
			},
		],
		['any case', cacheControl('No-CACHE, MAX-age=5'), {noCache: true, maxAge: 5}],
		['a quoted argument', cacheControl('max-age="5"'), {maxAge: 5}],
		['several lines', cacheControl('max-age=5', 'no-store'), {maxAge: 5, noStore: true}],
		['max-stale without a limit', cacheControl('max-stale'), {maxStale: Number.POSITIVE_INFINITY}],
		['max-stale with a limit and without', cacheControl('max-stale, max-stale=5'), {maxStale: 5}],
		['max-stale that cannot be read', cacheControl('max-stale=a'), {}],
		['max-stale that is broken', cacheControl('max-stale ='), {}],
		['max-age that cannot be read', cacheControl('max-age=a'), {maxAge: 0}],
		['max-age without a number', cacheControl('max-age'), {maxAge: 0}],
		['a negative max-age', cacheControl('max-age=-5'), {maxAge: 0}],
		['max-age twice', cacheControl('max-age=5, max-age=3'), {maxAge: 3}],
		['a max-age beyond counting', cacheControl('max-age=99999999999'), {maxAge: MAX_DELTA_SECONDS}],
		['min-fresh that cannot be read', cacheControl('min-fresh=a'), {minFresh: 0}],
		['min-fresh twice', cacheControl('min-fresh=5, min-fresh=3'), {minFresh: 5}],
		['stale-if-error that cannot be read', cacheControl('stale-if-error=a'), {staleIfError: 0}],
		['no-cache with an argument', cacheControl('no-cache="x"'), {noCache: true}],
		['a broken no-store', cacheControl('no-store ='), {noStore: true}],
		['Pragma', {pragma: 'foo, No-Cache'}, {noCache: true}],
		['another Pragma', {pragma: 'foo'}, {}],
		['Pragma beside Cache-Control', {pragma: 'no-cache', 'cache-control': 'max-age=5'}, {maxAge: 5}],
		['Pragma beside an empty Cache-Control', {pragma: 'no-cache', 'cache-control': ''}, {}],
	])('of %s', (_, headers, directives) => {
		expect(requestDirectives(headers)).toEqual({...NO_DEMANDS, ...directives});
	});

	it('reads the same headers once', () => {
		const headers = cacheControl('max-age=5');
		expect(requestDirectives(headers)).toBe(requestDirectives(headers));
		expect(requestDirectives({})).toBe(NO_DEMANDS);
	});

	it('never throws, and permits nothing stale that does not say so', () => {
		fc.assert(
			fc.property(fc.string({unit: 'binary'}), text => {
				const {maxStale} = requestDirectives(cacheControl(text));
				expect(maxStale === undefined || /max-stale/i.test(text)).toBe(true);
			}),
		);
	});
});
