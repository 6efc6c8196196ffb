import assert from 'node:assert/strict';
import type {ContractCase} from '../contract-case.js';
import {collect, expectKeys, expectNothing} from '../expectations.js';
import {fill} from '../fill.js';

/** More records than a place gives or takes at once. Flag: `bulkCount`. */
export const bulkCases: readonly ContractCase[] = [
	{
		title: 'removes them all at once, and counts them',
		advice:
			'Places bound what one call may name (999 parameters, 25 items): cut the keys into batches, and try again what was left undone.',
		async run({cache, flags}) {
			const keys = manyKeys(flags.bulkCount);
			await fill(cache, [...keys, 'other.1']);
			assert.equal(await cache.bulkDelete(keys), keys.length, `bulkDelete() of ${keys.length} records`);
			for (const key of [keys[0]!, keys.at(-1)!]) {
				await expectNothing(cache, key, 'it was deleted with others');
			}
			assert.equal(await cache.contains('other.1'), true, 'bulkDelete() takes no others');
			if (flags.listsKeys) {
				await expectKeys(cache.keys(), ['other.1']);
			}
		},
	},
	{
		title: 'lists, counts and clears them all',
		advice:
			'Places give lists a page at a time: go on until the place says that there are no more, also after a page that is empty.',
		appliesTo: flags => flags.listsKeys,
		async run({cache, flags}) {
			const keys = manyKeys(flags.bulkCount);
			await fill(cache, keys);
			await expectKeys(cache.keys(), keys);
			const entries = await collect(cache.entries());
			await expectKeys(
				entries.map(({key}) => key),
				keys,
				'entries()',
			);
			assert.equal(await cache.size(), keys.length, 'size() of more than a page');
			await cache.clear();
			assert.equal(await cache.size(), 0, 'size() after clear()');
			await expectKeys(cache.keys(), []);
		},
	},
	{
		title: 'finds all keys of a resource',
		advice: 'keysOf, too, may have to ask for more than one page.',
		appliesTo: flags => flags.findsKeysOf,
		async run({cache, flags}) {
			const keys = manyKeys(flags.bulkCount);
			await fill(cache, [...keys, 'other.1']);
			await expectKeys(await cache.keysOf('many'), keys, "keysOf('many')");
		},
	},
	{
		title: 'removes all that have expired, and counts them',
		advice: 'deleteExpired goes on until nothing that has expired is left, also past the first page or batch.',
		appliesTo: flags => flags.listsKeys,
		async run({cache, flags}) {
			const keys = manyKeys(flags.bulkCount);
			const expired = keys.slice(50);
			await fill(cache, expired, 1000);
			await fill(cache, keys.slice(0, 50), 2000);
			assert.equal(await cache.deleteExpired(1500), expired.length, `deleteExpired() with ${expired.length} to remove`);
			await expectKeys(cache.keys(), keys.slice(0, 50));
		},
	},
];

function manyKeys(count: number): string[] {
	return Array.from({length: count}, (_, index) => `many.${index}`);
}
