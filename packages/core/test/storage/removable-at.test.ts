import {sampleHop, sampleResponse, sampleVaryIndex} from '@got-client-cache/contract';
import {describe, expect, it} from '@jest/globals';
import {removableAt} from '../../src/storage/removable-at.js';

describe('removableAt', () => {
	it.each([
		['after the stale windows and the grace', {expires: 1000, keepUntil: 3000}, 500, 3500],
		['without a grace', {expires: 1000, keepUntil: 1000}, 0, 1000],
		['never, where it never expires', {expires: undefined, keepUntil: undefined}, 500, undefined],
		['never, where it never expires, whatever else it says', {expires: undefined, keepUntil: 3000}, 500, undefined],
		['never, where it may be served stale for ever', {expires: 1000, keepUntil: undefined}, 500, undefined],
		['never, with an endless grace', {expires: 1000, keepUntil: 3000}, Number.POSITIVE_INFINITY, undefined],
	])('is %s', (_, times, grace, expected) => {
		for (const metadata of [sampleResponse(times), sampleHop(times), sampleVaryIndex(times)]) {
			expect(removableAt(metadata, grace)).toBe(expected);
		}
	});
});
