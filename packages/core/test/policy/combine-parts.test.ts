import {describe, expect, it} from '@jest/globals';
import fc from 'fast-check';
import {formatContentRange, parseContentRange} from '../../src/http/byte-range.js';
import {combineParts} from '../../src/policy/combine-parts.js';
import {contentRangeOf} from '../../src/policy/ranges.js';
import {ETAG, NOW, sampleResponse, sampleStored} from './samples.js';

const part = (contentRange: string, fields: string[] = ['ETag', ETAG]) => {
	const range = parseContentRange(contentRange);
	return {
		statusCode: 206,
		rawHeaders: [...fields, 'Content-Range', contentRange],
		bodySize: range ? range.last - range.first + 1 : 5,
	};
};

const combine = (stored: ReturnType<typeof part>, received: ReturnType<typeof part>) =>
	combineParts(sampleStored(stored), sampleResponse(received), NOW, []);

describe('combineParts', () => {
	it.each<[string, string, status: number, pieces: string]>([
		['bytes 0-4/10', 'bytes 5-9/10', 200, 'stored 0-5, received 0-5'],
		['bytes 5-9/10', 'bytes 0-4/10', 200, 'received 0-5, stored 0-5'],
		['bytes 0-5/10', 'bytes 4-9/10', 200, 'stored 0-4, received 0-6'],
		['bytes 4-9/10', 'bytes 0-5/10', 200, 'received 0-6, stored 2-6'],
		['bytes 0-4/10', 'bytes 5-6/10', 206, 'stored 0-5, received 0-2'],
		['bytes 0-8/10', 'bytes 2-4/10', 206, 'stored 0-2, received 0-3, stored 5-9'],
		['bytes 2-4/10', 'bytes 0-9/10', 200, 'received 0-10'],
		['bytes 0-4/*', 'bytes 5-9/10', 200, 'stored 0-5, received 0-5'],
		['bytes 0-4/*', 'bytes 5-9/*', 206, 'stored 0-5, received 0-5'],
	])('of %s and %s', (stored, received, statusCode, pieces) => {
		const combined = combine(part(stored), part(received));
		expect(combined?.statusCode).toBe(statusCode);
		expect(combined?.pieces.map(({from, start, end}) => `${from} ${start}-${end}`).join(', ')).toBe(pieces);
	});

	it.each<[string, ReturnType<typeof part>, ReturnType<typeof part>]>([
		['a gap', part('bytes 0-4/10'), part('bytes 6-9/10')],
		['another whole', part('bytes 0-4/10'), part('bytes 5-9/11')],
		['another tag', part('bytes 0-4/10'), part('bytes 5-9/10', ['ETag', '"v2"'])],
		['a weak tag', part('bytes 0-4/10', ['ETag', 'W/"a"']), part('bytes 5-9/10', ['ETag', 'W/"a"'])],
		['no tag', part('bytes 0-4/10', []), part('bytes 5-9/10', [])],
		['two tags', part('bytes 0-4/10'), part('bytes 5-9/10', ['ETag', ETAG, 'ETag', ETAG])],
		['a short body', {...part('bytes 0-4/10'), bodySize: 4}, part('bytes 5-9/10')],
		['no range', part('x'), part('bytes 5-9/10')],
		['a whole', {...part('bytes 0-4/10'), statusCode: 200}, part('bytes 5-9/10')],
	])('does nothing across %s', (_, stored, received) => {
		expect(combine(stored, received)).toBeUndefined();
	});

	it('gives the bytes in their order, each once', () => {
		const ranges = fc
			.tuple(fc.nat(19), fc.nat(19))
			.map(([a, b]) => ({first: Math.min(a, b), last: Math.max(a, b), total: 20}));
		fc.assert(
			fc.property(ranges, ranges, (stored, received) => {
				const combined = combine(part(formatContentRange(stored)), part(formatContentRange(received)));
				if (!combined) {
					expect(stored.first > received.last + 1 || received.first > stored.last + 1).toBe(true);
					return;
				}
				const whole = Array.from({length: 20}, (_, index) => index);
				const bodies = {
					stored: whole.slice(stored.first, stored.last + 1),
					received: whole.slice(received.first, received.last + 1),
				};
				const body = combined.pieces.flatMap(({from, start, end}) => bodies[from].slice(start, end));
				const {first} = contentRangeOf(combined) ?? {first: 0};
				expect(body).toEqual(whole.slice(first, first + combined.bodySize));
				expect(combined.statusCode).toBe(combined.bodySize === 20 ? 200 : 206);
			}),
			{numRuns: 1000},
		);
	});
});
