import {describe, expect, it} from '@jest/globals';
import {OldestFiles} from '../../../src/storage/file/oldest-files.js';

describe('OldestFiles', () => {
	it.each([3, 5, 6, 7, 100])('of %d files gives the oldest, no more than it may hold', count => {
		const oldest = new OldestFiles(3);
		for (let index = 0; index < count; index++) {
			// In no order.
			const usedAt = (index * 37) % count;
			oldest.add({file: `f${usedAt}`, size: 1, usedAt});
		}
		expect(oldest.list().map(({usedAt}) => usedAt)).toEqual([0, 1, 2]);
	});

	it('gives all where there are few', () => {
		const oldest = new OldestFiles(3);
		expect(oldest.list()).toEqual([]);
		oldest.add({file: 'f', size: 1, usedAt: 5});
		expect(oldest.list()).toHaveLength(1);
	});
});
