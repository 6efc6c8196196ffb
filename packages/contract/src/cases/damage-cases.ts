import assert from 'node:assert/strict';
import type {BaseCache} from 'got-client-cache';
import type {CompleteFlags, ContractCase, ContractContext, Damage} from '../contract-case.js';
import {
	bytesOf,
	bytesUnlessGone,
	collect,
	demandRecord,
	expectBody,
	expectKeys,
	expectNothing,
	patternOf,
	waysToRead,
} from '../expectations.js';
import {fill} from '../fill.js';
import {sampleResponse} from '../sample-metadata.js';

const canDamage = ({damage}: CompleteFlags) => damage !== undefined;

const neighbours = ['d.0', 'd.2', 'e.1'];

const unreadable: ReadonlyArray<readonly [damage: Damage, what: string]> = [
	['metadata', 'metadata that is garbage'],
	['format', 'metadata of an unknown format version'],
];

/** Records that are not what they were, or were written by another version of the library. Flag: `damage`. */
export const damageCases: readonly ContractCase[] = [
	...unreadable.map(
		([damage, what]): ContractCase => ({
			title: `takes a record with ${what} for none, and removes it`,
			advice:
				'decodeMetadata gives undefined for it: read then deletes the record, of that version only, and gives undefined; it throws nothing.',
			appliesTo: canDamage,
			async run(context) {
				const {cache, flags} = context;
				await damaged(context, damage);
				assert.ok((await cache.read('d.1')) === undefined, `read() gives a record that has ${what}`);
				await expectGone(cache, flags);
				await cache.write('d.1', sampleResponse(), bytesOf('anew'));
				await expectBody(await demandRecord(cache, 'd.1'), bytesOf('anew'));
				await expectNeighbours(cache);
			},
		}),
	),
	{
		title: 'lists the others around a damaged record',
		advice:
			'entries and values leave out what they cannot decode (keys and size may count it), and go on; none of them throws.',
		appliesTo: flags => canDamage(flags) && flags.listsKeys,
		async run(context) {
			const {cache} = context;
			for (const [damage, what] of unreadable) {
				await damaged(context, damage);
				const source = `entries() with a record that has ${what}`;
				await expectKeys(
					(await collect(cache.entries())).map(({key}) => key),
					neighbours,
					source,
				);
				const others = (await collect(cache.keys())).filter(key => key !== 'd.1');
				await expectKeys(others, neighbours, `keys() with a record that has ${what}`);
				assert.equal(await cache.deleteExpired(0), 0, `deleteExpired(0) with a record that has ${what}`);
				await damaged(context, damage);
				const urls = (await collect(cache.values())).map(({metadata}) => metadata.url);
				await expectKeys(urls, neighbours, `values() with a record that has ${what}`);
				await cache.clear();
				await expectKeys(cache.keys(), [], 'keys() after a damaged record was cleared');
			}
		},
	},
	{
		title: 'replaces and removes a damaged record that nobody has read',
		advice: 'write, delete and bulkDelete need not understand what they replace or remove.',
		appliesTo: canDamage,
		async run(context) {
			const {cache, flags} = context;
			for (const damage of ['metadata', 'format', 'body'] as const) {
				await damaged(context, damage);
				await cache.write('d.1', sampleResponse({statusMessage: 'Anew'}), bytesOf('anew'));
				await expectBody(await demandRecord(cache, 'd.1'), bytesOf('anew'));
				await damaged(context, damage);
				await cache.delete('d.1');
				await expectGone(cache, flags);
				await damaged(context, damage);
				await cache.bulkDelete(['d.1']);
				await expectGone(cache, flags);
			}
		},
	},
	{
		title: 'never removes what replaces a damaged record',
		advice:
			'Remove a damaged record by its version, in one step, as touch renews one: it may have been written anew since it was read. Flag: touchIsAtomic.',
		appliesTo: flags => canDamage(flags) && flags.touchIsAtomic,
		async run(context) {
			const {cache} = context;
			for (let round = 0; round < 6; round++) {
				await damaged(context, round % 2 === 0 ? 'metadata' : 'format');
				const reading = cache.read('d.1');
				const [version] = await Promise.all([
					cache.write('d.1', sampleResponse(), bytesOf('anew')),
					reading,
					cache.read('d.1'),
				]);
				const record = await demandRecord(cache, 'd.1');
				assert.equal(record.version, version, 'the version of what was written over a damaged record');
				await expectBody(record, bytesOf('anew'));
			}
		},
	},
	...waysToRead.map(
		([way, read]): ContractCase => ({
			title: `never gives a damaged body by ${way}, and removes its record`,
			advice:
				'Compare the bytes with the size that was stored. Small bodies: read gives undefined. Larger ones: reading them throws, and removes the record, of that version only.',
			appliesTo: canDamage,
			async run(context) {
				const {cache, flags} = context;
				for (const size of [100, Math.min(flags.largestBody, 1_100_000)]) {
					await damaged(context, 'body', size);
					const record = await cache.read('d.1');
					if (record) {
						const bytes = await bytesUnlessGone(async () => read(record.body));
						assert.equal(
							bytes,
							undefined,
							`${way} gives ${bytes?.byteLength} bytes of a body of ${size} bytes that was cut short`,
						);
					}
					await expectGone(cache, flags);
					await cache.write('d.1', sampleResponse(), patternOf(size, 1));
					await expectBody(await demandRecord(cache, 'd.1'), patternOf(size, 1));
					await expectNeighbours(cache);
				}
			},
		}),
	),
];

/** Writes a record with its neighbours, and breaks it. */
async function damaged({cache, place, flags}: ContractContext, damage: Damage, size = 100): Promise<void> {
	await fill(cache, neighbours);
	await cache.write('d.1', sampleResponse({url: 'd.1', bodySize: size}), patternOf(size));
	await flags.damage?.(place, 'd.1', damage);
}

async function expectGone(cache: BaseCache, flags: CompleteFlags): Promise<void> {
	await expectNothing(cache, 'd.1', 'it is damaged, and was found to be so or removed');
	assert.equal(await cache.delete('d.1'), false, 'delete() of a damaged record that was removed gives false');
	if (flags.listsKeys) {
		await expectKeys(cache.keys(), neighbours, 'keys(), after a damaged record was removed,');
	}
	if (flags.findsKeysOf) {
		await expectKeys(await cache.keysOf('d'), ['d.0', 'd.2'], "keysOf('d'), after a damaged record was removed,");
	}
}

async function expectNeighbours(cache: BaseCache): Promise<void> {
	for (const key of neighbours) {
		await expectBody(await demandRecord(cache, key), bytesOf(key));
	}
}
