import {describe, expect, it} from '@jest/globals';
import fc from 'fast-check';
import {parseRange} from '../../src/http/byte-range.js';
import {contentRangeOf, planCompletion, rangeOfPart, rangeOfWhole, requestedRange} from '../../src/policy/ranges.js';
import {ETAG, sampleRequest, sampleStored} from './samples.js';

const range = (text: string) => parseRange(`bytes=${text}`)!;

describe('a range of a whole of 10 bytes', () => {
	it.each<[string, offset: number, length: number]>([
		['0-0', 0, 1],
		['0-9', 0, 10],
		['2-4', 2, 3],
		['8-20', 8, 2],
		['3-', 3, 7],
		['-1', 9, 1],
		['-10', 0, 10],
		['-99', 0, 10],
	])('%s', (text, offset, length) => {
		expect(rangeOfWhole(range(text), 10)).toEqual({
			offset,
			length,
			contentRange: {first: offset, last: offset + length - 1, total: 10},
		});
	});

	it.each(['10-', '10-12', '-0'])('%s is unsatisfiable', text => {
		expect(rangeOfWhole(range(text), 10)).toEqual({unsatisfiable: 10});
	});

	it.each(['0-', '0-0', '-1'])('%s of nothing is unsatisfiable', text => {
		expect(rangeOfWhole(range(text), 0)).toEqual({unsatisfiable: 0});
	});
});

describe('a range of the bytes 4 to 9', () => {
	it.each<[total: number | undefined, size: number, string, object | undefined]>([
		[10, 6, '4-9', {offset: 0, length: 6, contentRange: {first: 4, last: 9, total: 10}}],
		[10, 6, '6-8', {offset: 2, length: 3, contentRange: {first: 6, last: 8, total: 10}}],
		[10, 6, '6-', {offset: 2, length: 4, contentRange: {first: 6, last: 9, total: 10}}],
		[10, 6, '6-99', {offset: 2, length: 4, contentRange: {first: 6, last: 9, total: 10}}],
		[10, 6, '-1', {offset: 5, length: 1, contentRange: {first: 9, last: 9, total: 10}}],
		[10, 6, '-6', {offset: 0, length: 6, contentRange: {first: 4, last: 9, total: 10}}],
		[10, 6, '-7', undefined],
		[10, 6, '3-4', undefined],
		[10, 6, '10-', {unsatisfiable: 10}],
		[20, 6, '6-', undefined],
		[20, 6, '8-10', undefined],
		[20, 6, '-1', undefined],
		[undefined, 6, '6-8', {offset: 2, length: 3, contentRange: {first: 6, last: 8, total: undefined}}],
		[undefined, 6, '6-', undefined],
		[undefined, 6, '6-10', undefined],
		[undefined, 6, '-1', undefined],
		// The server sent 5 bytes and called them 6: they are counted from the end that the range names.
		[10, 5, '6-', {offset: 2, length: 3, contentRange: {first: 6, last: 8, total: 10}}],
		[10, 5, '-5', {offset: 0, length: 5, contentRange: {first: 5, last: 9, total: 10}}],
		[10, 5, '9-', undefined],
		[10, 5, '-6', undefined],
	])('of %p, %d bytes long: %s', (total, size, text, expected) => {
		expect(rangeOfPart(range(text), {first: 4, last: 9, total}, size)).toEqual(expected);
	});
});

it('a part never reaches beyond the body', () => {
	const positions = fc.nat(20);
	const ranges = fc.oneof(
		fc.record({kind: fc.constant('from' as const), first: positions, last: fc.option(positions, {nil: undefined})}),
		fc.record({kind: fc.constant('suffix' as const), length: positions}),
	);
	fc.assert(
		fc.property(
			ranges,
			positions,
			positions,
			fc.option(fc.integer({min: 21, max: 30}), {nil: undefined}),
			positions,
			(asked, a, b, total, size) => {
				if (asked.kind === 'from' && asked.last !== undefined && asked.last < asked.first) {
					return;
				}
				const found = rangeOfPart(asked, {first: Math.min(a, b), last: Math.max(a, b), total}, size);
				if (found && 'offset' in found) {
					expect(found.offset).toBeGreaterThanOrEqual(0);
					expect(found.length).toBeGreaterThan(0);
					expect(found.offset + found.length).toBeLessThanOrEqual(size);
					expect(found.contentRange.last - found.contentRange.first + 1).toBe(found.length);
				}
			},
		),
		{numRuns: 2000},
	);
});

describe('planCompletion', () => {
	const part = (contentRange: string, etag: string | undefined = ETAG, bodySize = 5) =>
		sampleStored({
			statusCode: 206,
			bodySize,
			rawHeaders: ['Content-Range', contentRange, ...(etag === '' ? [] : ['ETag', etag])],
		});
	it.each([
		['bytes 0-4/10', 'bytes=5-'],
		['bytes 0-4/*', 'bytes=5-'],
		['bytes 5-9/10', 'bytes=0-4'],
	])('of %s asks for %s', (contentRange, asked) => {
		expect(planCompletion(part(contentRange))).toEqual({
			kind: 'complete',
			conditions: {range: asked, 'if-range': ETAG},
			standby: false,
			reason: 'partStored',
		});
	});

	it.each<[string, ReturnType<typeof part>]>([
		['a part in the middle', part('bytes 2-6/10')],
		['a part whose end is not known', part('bytes 5-9/*')],
		['a whole', part('bytes 0-4/5')],
		['a weak tag', part('bytes 0-4/10', 'W/"a"')],
		['no tag', part('bytes 0-4/10', '')],
		['a body of another length', part('bytes 0-4/10', ETAG, 4)],
		['a range that is none', part('bytes */10')],
		['a decoded body', {...part('bytes 0-4/10'), decoded: true}],
	])('does not for %s', (_, stored) => {
		expect(planCompletion(stored)).toBeUndefined();
	});
});

it.each([
	['bytes=0-1', 'GET', {kind: 'from', first: 0, last: 1}],
	['bytes=0-1', 'HEAD', undefined],
	['bytes=0-1,2-3', 'GET', 'unknown'],
	['', 'GET', 'unknown'],
	[['bytes=0-1'], 'GET', 'unknown'],
	[undefined, 'GET', undefined],
])('%p with %s asks for %p', (value, method, expected) => {
	expect(requestedRange(sampleRequest({method, headers: {range: value}}))).toEqual(expected);
});

it('several Content-Range fields name no part', () => {
	expect(
		contentRangeOf({rawHeaders: ['Content-Range', 'bytes 0-1/2', 'content-range', 'bytes 0-1/2']}),
	).toBeUndefined();
	expect(contentRangeOf({rawHeaders: []})).toBeUndefined();
});
