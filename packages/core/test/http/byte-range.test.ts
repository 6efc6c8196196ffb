import {describe, expect, it} from '@jest/globals';
import {formatContentRange, parseContentRange, parseRange} from '../../src/http/byte-range.js';

describe('parseRange', () => {
	it.each([
		['bytes=0-1', {kind: 'from', first: 0, last: 1}],
		['bytes=5-', {kind: 'from', first: 5, last: undefined}],
		['bytes=-5', {kind: 'suffix', length: 5}],
		['bytes=-0', {kind: 'suffix', length: 0}],
		['Bytes= 0-0 ', {kind: 'from', first: 0, last: 0}],
		['bytes=007-8', {kind: 'from', first: 7, last: 8}],
	])('takes %p', (value, range) => {
		expect(parseRange(value)).toEqual(range);
	});

	it.each([
		'',
		'bytes',
		'bytes=',
		'bytes=-',
		'bytes=1',
		'bytes=2-1',
		'bytes=0-1,3-4',
		'bytes=0-1, ',
		'items=0-1',
		'bytes=a-b',
		'bytes=-1-2',
		'bytes =0-1',
		'bytes=0 - 1',
		'bytes=0-1\n',
		`bytes=0-${'9'.repeat(16)}`,
	])('does not take %p', value => {
		expect(parseRange(value)).toBeUndefined();
	});
});

describe('parseContentRange', () => {
	it.each([
		['bytes 0-1/2', {first: 0, last: 1, total: 2}],
		['bytes 0-0/*', {first: 0, last: 0, total: undefined}],
		['BYTES 4-9/10', {first: 4, last: 9, total: 10}],
	])('takes %p', (value, range) => {
		expect(parseContentRange(value)).toEqual(range);
	});

	it.each([
		'',
		'bytes */10',
		'bytes 0-9/9',
		'bytes 2-1/9',
		'bytes=0-1/2',
		'items 0-1/2',
		'bytes 0-1',
		'bytes 0-1/2, bytes 0-1/2',
	])('does not take %p', value => {
		expect(parseContentRange(value)).toBeUndefined();
	});

	it.each(['bytes 0-1/2', 'bytes 0-0/*'])('comes out again as %s', value => {
		expect(formatContentRange(parseContentRange(value)!)).toBe(value);
	});
});
