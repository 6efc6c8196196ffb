import {describe, expect, it} from '@jest/globals';
import {bodyCopies} from '../src/body-copies.js';

describe('copies of bodies', () => {
	it.each([0, 1, 1000, 16_383, 16_384, 16_385, 100_000, 1_048_576])('have the bytes as they were: %i of them', size => {
		for (const value of [1, 2, 3]) {
			const bytes = new Uint8Array(size + 10).fill(value).subarray(5, size + 5);
			const copy = bodyCopies.copy(bytes);
			bytes.fill(0);
			expect(copy.equals(Buffer.alloc(size, value))).toBe(true);
			bodyCopies.giveBack(copy);
		}
	});

	it('use memory again that was given back, and none that was not', () => {
		const bytes = new Uint8Array(50_000);
		const first = bodyCopies.copy(bytes);
		const second = bodyCopies.copy(bytes);
		expect(second.buffer).not.toBe(first.buffer);
		bodyCopies.giveBack(first);
		const third = bodyCopies.copy(bytes.subarray(0, 40_000));
		expect(third.buffer).toBe(first.buffer);
		expect(third.byteLength).toBe(40_000);
		expect(bodyCopies.copy(bytes).buffer).not.toBe(first.buffer);
	});

	it('keep no more than eight mebibytes of it', () => {
		const bytes = new Uint8Array(1_000_000);
		const copies = Array.from({length: 20}, () => bodyCopies.copy(bytes));
		for (const copy of copies) {
			bodyCopies.giveBack(copy);
		}
		const given = new Set(copies.map(({buffer}) => buffer));
		const again = Array.from({length: 20}, () => bodyCopies.copy(bytes));
		const used = again.filter(({buffer}) => given.has(buffer)).length;
		expect(used).toBeGreaterThan(3);
		expect(used).toBeLessThanOrEqual(8);
	});
});
