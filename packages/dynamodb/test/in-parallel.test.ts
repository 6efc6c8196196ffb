import {setImmediate as turn} from 'node:timers/promises';
import {describe, expect, it} from '@jest/globals';
import {inParallel} from '../src/in-parallel.js';
import {readAhead} from '../src/remote-body.js';

describe('inParallel', () => {
	it('performs all, no more than so many at a time', async () => {
		let underWay = 0;
		let most = 0;
		const done: number[] = [];
		await inParallel([1, 2, 3, 4, 5, 6, 7], 3, async item => {
			most = Math.max(most, ++underWay);
			await turn();
			underWay--;
			done.push(item);
		});
		expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
		expect(most).toBe(3);
	});

	it('ends with the first failure, after what is under way, and asks for no more', async () => {
		const log: string[] = [];
		async function* items() {
			try {
				for (let item = 0; ; item++) {
					log.push(`item ${item}`);
					yield item;
				}
			} finally {
				log.push('closed');
			}
		}
		const performing = inParallel(items(), 2, async item => {
			if (item === 1) {
				throw new Error('no');
			}
			await turn();
			await turn();
			log.push(`done ${item}`);
		});
		await expect(performing).rejects.toThrow('no');
		expect(log).toEqual(['item 0', 'item 1', 'closed', 'done 0']);
	});

	it('ends with what the items throw', async () => {
		const items = (async function* () {
			yield 1;
			throw new Error('cut off');
		})();
		await expect(inParallel(items, 5, async () => turn())).rejects.toThrow('cut off');
	});
});

describe('readAhead', () => {
	it('gives everything in order, however long each takes, and asks for a few ahead', async () => {
		const asked: number[] = [];
		const given: number[] = [];
		for await (const item of readAhead(6, 2, async index => {
			asked.push(index);
			for (let turns = 6 - index; turns > 0; turns--) {
				await turn();
			}
			return index;
		})) {
			given.push(item);
			expect(asked.length).toBeLessThanOrEqual(item + 2);
		}
		expect(given).toEqual([0, 1, 2, 3, 4, 5]);
	});

	it('leaves no rejection behind when it is left early', async () => {
		for await (const item of readAhead(4, 4, async index => {
			if (index > 0) {
				throw new Error('nobody asks');
			}
			return index;
		})) {
			expect(item).toBe(0);
			break;
		}
		await turn();
	});
});
