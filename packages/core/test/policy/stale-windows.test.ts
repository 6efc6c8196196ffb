import {describe, expect, it} from '@jest/globals';
import {NO_DEMANDS} from '../../src/policy/request-directives.js';
import {responseFacts} from '../../src/policy/response-facts.js';
import {staleWindows} from '../../src/policy/stale-windows.js';
import {NOW, rfcSettingsOf} from './samples.js';

describe('staleWindows', () => {
	const settings = rfcSettingsOf({staleIfError: 7, staleWhileRevalidate: true});
	it.each<[string, request: number | undefined, staleIfError: number, staleWhileRevalidate: number]>([
		['max-age=5', undefined, 7000, Number.POSITIVE_INFINITY],
		['stale-if-error=3, stale-while-revalidate=4', undefined, 3000, 4000],
		['stale-if-error=0, stale-while-revalidate=0', undefined, 0, 0],
		['stale-if-error=3', 9, 9000, Number.POSITIVE_INFINITY],
		['max-age=5', 0, 0, Number.POSITIVE_INFINITY],
		['must-revalidate, stale-if-error=3', 9, 0, 0],
		['no-cache', undefined, 0, 0],
	])('of %s, asked with %p', (cacheControl, staleIfError, error, revalidate) => {
		const facts = responseFacts({rawHeaders: ['Cache-Control', cacheControl], responseTime: NOW}, false);
		expect(staleWindows(facts, {...NO_DEMANDS, staleIfError}, settings)).toEqual({
			staleIfError: error,
			staleWhileRevalidate: revalidate,
		});
	});
});
