import assert from 'node:assert/strict';
import type {BaseCache, StoredMetadata} from 'got-client-cache';
import type {ContractCase} from '../contract-case.js';
import {bytesOf, collect, demandRecord, expectBody, expectKeys, expectMetadata} from '../expectations.js';
import {sampleHop, sampleResponse, sampleVaryIndex} from '../sample-metadata.js';

const none = new Uint8Array();

/** Reading, writing, removing and listing. */
export const basicCases: readonly ContractCase[] = [
	{
		title: 'has nothing at first',
		async run({cache}) {
			assert.equal(await cache.read('a.1'), undefined);
			assert.equal(await cache.contains('a.1'), false);
			assert.equal(await cache.delete('a.1'), false);
			assert.equal(await cache.bulkDelete([]), 0);
			assert.equal(await cache.size(), 0);
			assert.equal(await cache.deleteExpired(Number.MAX_SAFE_INTEGER), 0);
			await cache.clear();
			await expectKeys(cache.keys(), []);
			assert.deepEqual(await collect(cache.entries()), []);
			assert.deepEqual(await collect(cache.values()), []);
		},
	},
	{
		title: 'gives back what was written, with the version that the write resolved to',
		async run({cache}) {
			const metadata = sampleResponse();
			const version = await cache.write('a.1', metadata, bytesOf('hello'));
			assert.equal(typeof version, 'string');
			const record = await demandRecord(cache, 'a.1');
			expectMetadata(record.metadata, metadata);
			assert.equal(record.version, version);
			await expectBody(record, bytesOf('hello'));
			assert.equal(await cache.contains('a.1'), true);
		},
	},
	{
		title: 'replaces metadata and body',
		async run({cache}) {
			await cache.write('a.1', sampleResponse(), bytesOf('a longer first body'));
			const metadata = sampleHop({expires: undefined, statusMessage: ''});
			await cache.write('a.1', metadata, bytesOf('second'));
			const record = await demandRecord(cache, 'a.1');
			expectMetadata(record.metadata, metadata);
			await expectBody(record, bytesOf('second'));
			assert.equal(await cache.size(), 1);
		},
	},
	{
		title: 'keeps every kind of metadata as it is',
		async run({cache}) {
			const samples = [sampleResponse(), sampleHop(), sampleVaryIndex(), sampleResponse({rawHeaders: []})];
			const timeless = samples.map((sample): StoredMetadata => ({...sample, expires: undefined, keepUntil: undefined}));
			for (const [index, metadata] of [...samples, ...timeless].entries()) {
				await cache.write(`kind.${index}`, metadata, none);
				expectMetadata((await demandRecord(cache, `kind.${index}`)).metadata, metadata);
			}
		},
	},
	{
		title: 'removes a record once',
		async run({cache}) {
			await fill(cache, ['a.1', 'a.2']);
			assert.equal(await cache.delete('a.1'), true);
			assert.equal(await cache.delete('a.1'), false);
			assert.equal(await cache.read('a.1'), undefined);
			assert.equal(await cache.contains('a.1'), false);
			await expectKeys(cache.keys(), ['a.2']);
		},
	},
	{
		title: 'lists keys, entries and values, each once',
		async run({cache}) {
			const versions = await fill(cache, ['a.1', 'a.2', 'b.1']);
			await expectKeys(cache.keys(), ['a.1', 'a.2', 'b.1']);
			assert.equal(await cache.size(), 3);
			const entries = await collect(cache.entries());
			assert.deepEqual(new Map(entries.map(({key, version}) => [key, version])), versions);
			for (const {key, metadata} of entries) {
				expectMetadata(metadata, sampleResponse({url: key}));
			}
			const values = await collect(cache.values());
			assert.deepEqual(values.map(({version}) => version).sort(), [...versions.values()].sort());
			for (const record of values) {
				await expectBody(record, bytesOf(record.metadata.url));
			}
		},
	},
	{
		title: 'clears everything',
		async run({cache}) {
			await fill(cache, ['a.1', 'a.2', 'b.1']);
			await cache.clear();
			assert.equal(await cache.size(), 0);
			assert.equal(await cache.read('a.1'), undefined);
			await expectKeys(cache.keys(), []);
			await expectKeys(await cache.keysOf('a'), []);
		},
	},
	{
		title: 'removes several records and counts those that there were',
		async run({cache}) {
			await fill(cache, ['a.1', 'a.2', 'b.1']);
			assert.equal(await cache.bulkDelete(new Set(['a.1', 'missing.1', 'b.1'])), 2);
			await expectKeys(cache.keys(), ['a.2']);
		},
	},
	{
		title: 'removes more than a thousand records at once',
		async run({cache}) {
			const keys = Array.from({length: 1100}, (_, index) => `many.${index}`);
			await fill(cache, [...keys, 'other.1']);
			assert.equal(await cache.bulkDelete(keys), 1100);
			await expectKeys(cache.keys(), ['other.1']);
		},
	},
];

/** Writes a record under each key, whose URL and body are the key; resolves to their versions. */
export async function fill(cache: BaseCache, keys: readonly string[]): Promise<Map<string, string>> {
	const versions = await Promise.all(keys.map(async key => cache.write(key, sampleResponse({url: key}), bytesOf(key))));
	return new Map(keys.map((key, index) => [key, versions[index]!]));
}
