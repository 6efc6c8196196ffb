import {describe, expect, it} from '@jest/globals';
import {keepUntil} from '../../src/policy/life.js';
import {NOW} from './samples.js';

describe('keepUntil', () => {
	it.each([
		[undefined, 5, 5, undefined],
		[NOW, 0, 0, NOW],
		[NOW, 5, 3, NOW + 5],
		[NOW, 3, 5, NOW + 5],
		[NOW, Number.POSITIVE_INFINITY, 5, undefined],
		[NOW, 8.64e15, 0, undefined],
	])('of %p with the windows %p and %p is %p', (expires, staleIfError, staleWhileRevalidate, until) => {
		expect(keepUntil(expires, {staleIfError, staleWhileRevalidate})).toBe(until);
	});
});
