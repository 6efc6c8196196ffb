import {describe, expect, it} from '@jest/globals';
import type {RequestHeaders} from '../../src/http/headers.js';
import type {StoredResponse} from '../../src/http/response.js';
import type {CacheSettings} from '../../src/policy/settings.js';
import {asks, plan, revalidate, STALE, serveStale, tagged} from './plan-by-rules.js';
import {rfcStored} from './samples.js';

describe('what lets stale responses be served', () => {
	it.each<[string, StoredResponse, CacheSettings, RequestHeaders, object]>([
		[
			'stale-while-revalidate',
			rfcStored(tagged('max-age=50, stale-while-revalidate=11')),
			{},
			{},
			serveStale('staleWhileRevalidate', true),
		],
		[
			'stale-while-revalidate that is over',
			rfcStored(tagged('max-age=50, stale-while-revalidate=10')),
			{},
			{},
			revalidate('expired'),
		],
		['the setting', STALE, {staleWhileRevalidate: true}, {}, serveStale('staleWhileRevalidate', true)],
		[
			'the directive before the setting',
			rfcStored(tagged('max-age=50, stale-while-revalidate=0')),
			{staleWhileRevalidate: true},
			{},
			revalidate('expired'),
		],
		['stale-if-error', rfcStored(tagged('max-age=50, stale-if-error=11')), {}, {}, revalidate('expired', true)],
		['stale-if-error that is over', rfcStored(tagged('max-age=50, stale-if-error=10')), {}, {}, revalidate('expired')],
		['stale-if-error by a setting', STALE, {staleIfError: true}, {}, revalidate('expired', true)],
		[
			"the request's stale-if-error",
			rfcStored(tagged('max-age=50, stale-if-error=5')),
			{},
			asks('stale-if-error=11'),
			revalidate('expired', true),
		],
		["the request's stale-if-error=0", STALE, {staleIfError: true}, asks('stale-if-error=0'), revalidate('expired')],
		[
			'no-cache of the request, not even after an error',
			STALE,
			{staleIfError: true},
			asks('no-cache'),
			revalidate('requestNoCache'),
		],
		[
			'max-age of the request, after an error',
			STALE,
			{staleIfError: true},
			asks('max-age=0'),
			revalidate('requestMaxAge', true),
		],
	])('%s', (_, stored, settings, headers, expected) => {
		expect(plan({stored, settings, headers})).toEqual(expected);
	});

	it.each([
		['must-revalidate', false],
		['no-cache', false],
		['proxy-revalidate', true],
		['s-maxage=50', true],
	])('%s forbids it against all permissions', (directive, shared) => {
		const permissions = {staleIfError: true, staleWhileRevalidate: true, shared};
		const stored = rfcStored(tagged(`max-age=50, ${directive}, stale-while-revalidate=99, stale-if-error=99`));
		const made = plan({stored, settings: permissions, headers: asks('max-stale, stale-if-error=99')});
		expect(made).toMatchObject({kind: 'revalidate', standby: false});
	});

	it.each(['proxy-revalidate', 's-maxage=50'])('%s is nothing to a private cache', directive => {
		const stored = rfcStored(tagged(`max-age=50, ${directive}`));
		expect(plan({stored, settings: {staleWhileRevalidate: true}})).toEqual(serveStale('staleWhileRevalidate', true));
	});
});
