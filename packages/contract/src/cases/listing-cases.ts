import assert from 'node:assert/strict';
import type {CacheEntry} from 'got-client-cache';
import type {CompleteFlags, ContractCase} from '../contract-case.js';
import {bytesOf, collect, demandRecord, expectBody, expectKeys, expectMetadata, patternOf} from '../expectations.js';
import {fill} from '../fill.js';
import {sampleResponse} from '../sample-metadata.js';

const listsKeys = (flags: CompleteFlags) => flags.listsKeys;

const manyKeys = Array.from({length: 600}, (_, index) => `k${index % 7}.${index}`);

/** Lists of all that there is. */
export const listingCases: readonly ContractCase[] = [
	{
		title: 'lists nothing where there is nothing',
		advice: 'An empty place, or one that does not exist yet, gives empty lists and no error.',
		appliesTo: listsKeys,
		async run({cache}) {
			await expectKeys(cache.keys(), []);
			assert.deepEqual(await collect(cache.entries()), [], 'entries() of an empty place');
			assert.deepEqual(await collect(cache.values()), [], 'values() of an empty place');
			assert.equal(await cache.size(), 0, 'size() of an empty place');
			assert.equal(await cache.deleteExpired(Number.MAX_SAFE_INTEGER), 0, 'deleteExpired() of an empty place');
		},
	},
	{
		title: 'lists keys, entries and values, each once',
		advice:
			'keys, entries, values and size agree: every record once, also one that was overwritten, renewed or has expired, and none that was removed.',
		appliesTo: listsKeys,
		async run({cache}) {
			const versions = await fill(cache, ['a.1', 'a.2', 'b.1', 'b.2'], 1000);
			versions.set('a.2', await cache.write('a.2', sampleResponse({url: 'a.2'}), bytesOf('a.2')));
			await cache.touch('b.1', versions.get('b.1')!, sampleResponse({url: 'b.1'}));
			versions.set('b.1', (await demandRecord(cache, 'b.1')).version);
			await cache.delete('b.2');
			versions.delete('b.2');
			await expectKeys(cache.keys(), [...versions.keys()]);
			assert.equal(await cache.size(), 3, 'size() is the number of keys that are listed');
			const entries = await collect(cache.entries());
			assert.deepEqual(
				new Map(entries.map(({key, version}) => [key, version])),
				versions,
				'entries() by key and version',
			);
			assert.equal(entries.length, 3, 'entries() gives each record once');
			for (const {key, metadata} of entries) {
				expectMetadata(metadata, sampleResponse({url: key, ...(key === 'a.1' ? {expires: 1000} : {})}));
			}
			const values = await collect(cache.values());
			assert.deepEqual(values.map(({version}) => version).sort(), [...versions.values()].sort(), 'values() by version');
			for (const record of values) {
				await expectBody(record, bytesOf(record.metadata.url));
			}
		},
	},
	{
		title: 'lists and renews without loading bodies',
		advice:
			'Replace entries and touch of BaseCache by ones that leave bodies where they are, or let read give a body that is loaded when it is asked for. Flag: metadataApart.',
		appliesTo: flags => flags.listsKeys && flags.metadataApart && flags.touchKeepsVersion,
		async run({cache, flags}) {
			const size = Math.min(flags.largestBody, 2_000_000);
			const keys = Array.from({length: 12}, (_, index) => `big.${index}`);
			for (const key of keys) {
				await cache.write(key, sampleResponse({url: key}), patternOf(size));
			}
			const entries: CacheEntry[] = [];
			const loaded = await bytesTaken(async sample => {
				for await (const entry of cache.entries()) {
					sample();
					entries.push(entry);
				}
				for (const {key, version, metadata} of entries) {
					await cache.touch(key, version, {...metadata, expires: 1000});
					sample();
				}
				assert.equal(await cache.deleteExpired(1000), keys.length, 'deleteExpired() goes by what touch() said');
				sample();
			});
			const all = size * keys.length;
			assert.ok(
				loaded < all / 2,
				`listing, renewing and expiring bodies of ${all} bytes in all took ${loaded} bytes of memory`,
			);
		},
	},
	{
		title: 'lists every record once that stays while others come and go',
		advice:
			'Go on from the last key, not from a count of rows; where the place may give a key twice (SCAN of Redis), remember what was given.',
		appliesTo: listsKeys,
		async run({cache}) {
			await fill(cache, manyKeys);
			const staying = new Set(manyKeys.filter((_, index) => index % 3 !== 0));
			const leaving = new Set(manyKeys.filter(key => !staying.has(key)));
			const seen: string[] = [];
			let count = 0;
			for await (const key of cache.keys()) {
				seen.push(key);
				if (count++ % 10 === 0) {
					await fill(cache, [`k0.new${count}`, `z.new${count}`, [...staying][count % staying.size]!]);
					// One of those that were listed, and one of those that are yet to come.
					const gone = [seen.find(listed => leaving.has(listed)), [...leaving].at(count % leaving.size)];
					for (const left of gone.filter(key => key !== undefined)) {
						leaving.delete(left);
						await cache.delete(left);
					}
				}
				assert.ok(count < 10_000, 'keys() gives what is written while it lists for ever');
			}
			const missing = [...staying].filter(key => !seen.includes(key));
			assert.equal(new Set(seen).size, seen.length, 'keys() gives a key twice while others are written');
			assert.deepEqual(missing, [], 'keys() leaves out records that stay while others are written and deleted');
		},
	},
	{
		title: 'lists every entry once while each is renewed',
		advice: 'touch must not move a record to a place in the order that a running entries() has yet to come to.',
		appliesTo: listsKeys,
		async run({cache}) {
			await fill(cache, manyKeys);
			const seen = new Set<string>();
			for await (const {key, version, metadata} of cache.entries()) {
				assert.ok(!seen.has(key), `entries() gives ${JSON.stringify(key)} twice while records are renewed`);
				seen.add(key);
				assert.equal(await cache.touch(key, version, {...metadata, expires: 5}), true, 'touch() of a listed entry');
			}
			assert.equal(seen.size, manyKeys.length, 'entries() leaves out records while they are renewed');
			assert.equal(await cache.deleteExpired(5), manyKeys.length, 'deleteExpired() goes by what touch() said');
		},
	},
	{
		title: 'is usable while and after a loop over it is left half-way',
		advice:
			'Listing holds no lock, connection or cursor of which there is only one: other loops and writes go on meanwhile, and break releases it.',
		appliesTo: listsKeys,
		async run({cache, close}) {
			await fill(cache, manyKeys);
			for (const list of [() => cache.keys(), () => cache.entries(), () => cache.values()]) {
				for await (const _ of list()) {
					await cache.write('meanwhile.1', sampleResponse(), bytesOf('x'));
					await expectKeys(cache.keys(), [...manyKeys, 'meanwhile.1'], 'keys() inside another loop');
					await cache.delete('meanwhile.1');
					break;
				}
			}
			await cache.clear();
			assert.equal(await cache.size(), 0, 'size() after clear()');
			await close();
		},
	},
];

/** The sum of all increases of memory outside the heap, where bodies are; what is freed meanwhile does not count. */
async function bytesTaken(run: (sample: () => void) => Promise<void>): Promise<number> {
	let taken = 0;
	let last = process.memoryUsage().external;
	await run(() => {
		const now = process.memoryUsage().external;
		taken += Math.max(0, now - last);
		last = now;
	});
	return taken;
}
