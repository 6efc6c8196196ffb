import {beforeEach, describe, expect, it} from '@jest/globals';
import type {Connection} from '../src/connection.js';
import {type ChangeKind, type PerformGroup, WriteQueue} from '../src/write-queue.js';

const busy = () => Object.assign(new Error('locked'), {code: 'SQLITE_BUSY'});

/** What was done, group by group. */
let done: string[][];
let queue: WriteQueue;
/** Called before each group; what it throws fails the group. */
let hinder: (items: readonly string[]) => Promise<void>;

const connection = {} as Connection;
const perform: PerformGroup = work => work(connection);

function kind(options: Partial<ChangeKind<string, string>> = {}): ChangeKind<string, string> {
	return {
		...options,
		async perform(_, items) {
			await hinder(items);
			done.push([...items]);
			return items.map(item => `${item}!`);
		},
	};
}

beforeEach(() => {
	done = [];
	hinder = async () => undefined;
	queue = new WriteQueue(perform, 1000);
});

describe('changes of one tick', () => {
	it('are done together, and each gets its own result', async () => {
		const writes = kind({maxCount: 10});
		const results = await Promise.all(['a', 'b', 'c'].map(item => queue.add(writes, [item], item)));
		expect(results).toEqual(['a!', 'b!', 'c!']);
		expect(done).toEqual([['a', 'b', 'c']]);
	});

	it('are split by count and by bytes; one that is too large is done by itself', async () => {
		const writes = kind({maxCount: 3, maxBytes: 10});
		const sizes: Array<[string, number]> = [
			['a', 6],
			['b', 6],
			['c', 4],
			['d', 50],
			['e', 1],
			['f', 1],
			['g', 1],
			['h', 1],
		];
		await Promise.all(sizes.map(([item, bytes]) => queue.add(writes, [item], item, bytes)));
		expect(done).toEqual([['a', 'c'], ['b', 'e', 'f'], ['d'], ['g', 'h']]);
	});

	it('come along while others are under way', async () => {
		const writes = kind({maxCount: 10});
		let release: (() => void) | undefined;
		hinder = async () => {
			hinder = async () => undefined;
			await new Promise<void>(resolve => {
				release = resolve;
			});
		};
		const first = queue.add(writes, ['a'], 'a');
		await new Promise(resolve => setImmediate(resolve));
		const others = ['b', 'c'].map(item => queue.add(writes, [item], item));
		release?.();
		await Promise.all([first, ...others]);
		expect(done).toEqual([['a'], ['b', 'c']]);
	});
});

describe('the order of changes', () => {
	const writes = kind({maxCount: 10, mayShareKeys: true});
	const removals = kind({maxCount: 10});

	it('is kept for each key, while others of one kind are done together', async () => {
		await Promise.all([
			queue.add(writes, ['a'], 'write a'),
			queue.add(removals, ['b'], 'remove b'),
			queue.add(writes, ['c'], 'write c'),
			queue.add(removals, ['a'], 'remove a'),
			queue.add(writes, ['a'], 'write a again'),
			queue.add(writes, ['b'], 'write b'),
			queue.add(writes, ['d'], 'write d'),
		]);
		expect(done).toEqual([
			['write a', 'write c', 'write d'],
			['remove b', 'remove a'],
			['write a again', 'write b'],
		]);
	});

	it('lets a key be written twice together, and not be removed twice together', async () => {
		await Promise.all([queue.add(writes, ['a'], '1'), queue.add(writes, ['a'], '2')]);
		await Promise.all([queue.add(removals, ['a'], '3'), queue.add(removals, ['a'], '4')]);
		expect(done).toEqual([['1', '2'], ['3'], ['4']]);
	});

	it('puts what concerns all keys after everything before it, and before everything behind it', async () => {
		await Promise.all([
			queue.add(writes, ['a'], 'a'),
			queue.add(kind(), 'all', 'clear'),
			queue.add(writes, ['b'], 'b'),
			queue.add(removals, [], 'without keys'),
		]);
		expect(done).toEqual([['a'], ['clear'], ['b'], ['without keys']]);
	});

	it('keeps the place of a change whose content is not there yet, and lets others by', async () => {
		let fill: ((item: string) => void) | undefined;
		const late = queue.add(
			writes,
			['a'],
			new Promise<string>(resolve => {
				fill = resolve;
			}),
		);
		const later = [queue.add(removals, ['a'], 'remove a'), queue.add(removals, 'all', 'clear')];
		await queue.add(removals, [], 'part of the content');
		expect(done).toEqual([['part of the content']]);
		fill?.('write a');
		await Promise.all([late, ...later]);
		expect(done).toEqual([['part of the content'], ['write a'], ['remove a'], ['clear']]);
	});

	it('goes on when the content of a change fails', async () => {
		const failing = queue.add(writes, ['a'], Promise.reject(new Error('cut off')));
		const removal = queue.add(removals, ['a'], 'remove a');
		await expect(failing).rejects.toThrow('cut off');
		expect(await removal).toBe('remove a!');
	});
});

describe('a group that fails', () => {
	it('is done again one by one, so that only the one at fault fails', async () => {
		hinder = async items => {
			if (items.includes('b')) {
				throw new Error('too big');
			}
		};
		const writes = kind({maxCount: 10});
		const outcomes = await Promise.allSettled(['a', 'b', 'c'].map(item => queue.add(writes, [item], item)));
		expect(outcomes.map(({status}) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
		expect(done).toEqual([['a'], ['c']]);
	});

	it('fails as a whole when the connection is of no more use', async () => {
		let attempts = 0;
		hinder = async () => {
			attempts++;
			throw Object.assign(new Error('malformed'), {code: 'SQLITE_CORRUPT'});
		};
		const writes = kind({maxCount: 10});
		const outcomes = await Promise.allSettled(['a', 'b', 'c'].map(item => queue.add(writes, [item], item)));
		expect(outcomes.map(({status}) => status)).toEqual(['rejected', 'rejected', 'rejected']);
		expect(attempts).toBe(1);
	});

	it('because of a lock fails those whose time is over, and the others go on', async () => {
		let isLocked = true;
		hinder = async () => {
			if (isLocked) {
				// As retrying does: up to the time of the one that has least of it.
				await new Promise(resolve => setTimeout(resolve, 40));
				isLocked = false;
				throw busy();
			}
		};
		queue = new WriteQueue(perform, 30);
		const writes = kind({maxCount: 10});
		const early = queue.add(writes, ['a'], 'a');
		let fill: ((item: string) => void) | undefined;
		const late = queue.add(
			writes,
			['b'],
			new Promise<string>(resolve => {
				fill = resolve;
			}),
		);
		setTimeout(() => fill?.('b'), 35);
		await expect(early).rejects.toThrow('locked');
		expect(await late).toBe('b!');
		expect(done).toEqual([['b']]);
	});
});
