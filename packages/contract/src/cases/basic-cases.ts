import assert from 'node:assert/strict';
import type {StoredMetadata} from 'got-client-cache';
import type {ContractCase} from '../contract-case.js';
import {bytesOf, demandRecord, expectBody, expectMetadata, expectNothing} from '../expectations.js';
import {fill} from '../fill.js';
import {sampleHop, sampleResponse, sampleVaryIndex} from '../sample-metadata.js';

const none = new Uint8Array();

/** Reading, writing and removing. */
export const basicCases: readonly ContractCase[] = [
	{
		title: 'has nothing at first',
		advice:
			'What is not there is no error: read gives undefined, contains and delete false, bulkDelete 0, clear nothing.',
		async run({cache}) {
			await expectNothing(cache, 'a.1', 'nothing was written');
			assert.equal(await cache.delete('a.1'), false, 'delete() of a key that is not there gives false');
			assert.equal(await cache.bulkDelete([]), 0, 'bulkDelete() of no keys gives 0');
			assert.equal(await cache.bulkDelete(['a.1', 'a.2']), 0, 'bulkDelete() of missing keys gives 0');
			assert.equal(await cache.touch('a.1', 'v', sampleResponse()), false, 'touch() of a missing key gives false');
			await cache.clear();
			await expectNothing(cache, 'a.1', 'nothing was written');
		},
	},
	{
		title: 'gives back what was written, with the version that the write resolved to',
		advice:
			'write resolves to the version that it stored, a string, and read gives that version with the metadata and the bytes.',
		async run({cache}) {
			const metadata = sampleResponse();
			const version = await cache.write('a.1', metadata, bytesOf('hello'));
			assert.equal(typeof version, 'string', 'write() resolves to the version, a string');
			const record = await demandRecord(cache, 'a.1');
			expectMetadata(record.metadata, metadata);
			assert.equal(record.version, version, 'read() gives the version that write() resolved to');
			await expectBody(record, bytesOf('hello'));
			assert.equal(await cache.contains('a.1'), true, 'contains() of a key that is there gives true');
		},
	},
	{
		title: 'replaces metadata and body',
		advice: 'A second write of a key leaves nothing of the first: neither metadata nor a longer tail of its body.',
		async run({cache}) {
			await cache.write('a.1', sampleResponse(), bytesOf('a longer first body'));
			const metadata = sampleHop({expires: undefined, statusMessage: ''});
			await cache.write('a.1', metadata, bytesOf('second'));
			const record = await demandRecord(cache, 'a.1');
			expectMetadata(record.metadata, metadata);
			await expectBody(record, bytesOf('second'));
			assert.equal(await cache.delete('a.1'), true, 'delete() of a key that was written twice gives true');
			await expectNothing(cache, 'a.1', 'it was written twice and deleted');
		},
	},
	{
		title: 'keeps every kind of metadata as it is',
		advice: 'Store what encodeMetadata gives and read it with decodeMetadata: they know every kind and every member.',
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
		title: 'keeps metadata of many and long header fields',
		advice:
			'A head of 60,000 characters is legal. Where the place bounds a value or an index, keep only keys and times in what it indexes.',
		async run({cache}) {
			const rawHeaders = Array.from({length: 120}, (_, index) => [`X-Field-${index}`, 'ä"\\\u2028 '.repeat(80)]).flat();
			const metadata = sampleResponse({rawHeaders, url: `https://example.com/?q=${'u'.repeat(2000)}`});
			const version = await cache.write('wide.1', metadata, bytesOf('narrow'));
			const record = await demandRecord(cache, 'wide.1');
			expectMetadata(record.metadata, metadata);
			await expectBody(record, bytesOf('narrow'));
			assert.equal(await cache.touch('wide.1', version, sampleHop({rawHeaders})), true, 'touch() renews it');
			expectMetadata((await demandRecord(cache, 'wide.1')).metadata, sampleHop({rawHeaders}));
		},
	},
	{
		title: 'removes a record once',
		advice: 'delete says whether there was a record, and takes nothing but the one it is told.',
		async run({cache}) {
			await fill(cache, ['a.1', 'a.2']);
			assert.equal(await cache.delete('a.1'), true, 'delete() of a key that is there gives true');
			assert.equal(await cache.delete('a.1'), false, 'delete() of a key that was just deleted gives false');
			await expectNothing(cache, 'a.1', 'it was deleted');
			await expectBody(await demandRecord(cache, 'a.2'), bytesOf('a.2'));
		},
	},
	{
		title: 'takes a record under a key again that was removed',
		advice: 'What marks a record as removed must not outlive the next write of its key.',
		async run({cache}) {
			for (const body of ['first', 'second', 'third']) {
				await cache.write('again.1', sampleResponse(), bytesOf(body));
				await expectBody(await demandRecord(cache, 'again.1'), bytesOf(body));
				assert.equal(await cache.delete('again.1'), true, `delete() of the ${body} record gives true`);
				await expectNothing(cache, 'again.1', 'it was deleted');
			}
		},
	},
	{
		title: 'clears everything, and goes on',
		advice: 'After clear nothing is found; the place can be written at once, and clear of an empty place is no error.',
		async run({cache}) {
			const keys = ['a.1', 'a.2', 'b.1'];
			await fill(cache, keys);
			await cache.clear();
			for (const key of keys) {
				await expectNothing(cache, key, 'everything was cleared');
			}
			await cache.clear();
			await fill(cache, ['a.1']);
			await expectBody(await demandRecord(cache, 'a.1'), bytesOf('a.1'));
		},
	},
	{
		title: 'removes several records and counts those that there were',
		advice:
			'bulkDelete takes any iterable, one that can be gone through only once too, and counts the records that it removed, each once.',
		async run({cache}) {
			await fill(cache, ['a.1', 'a.2', 'a.3', 'b.1']);
			assert.equal(
				await cache.bulkDelete(new Set(['a.1', 'missing.1', 'b.1'])),
				2,
				'bulkDelete() of three, two of them there',
			);
			await expectNothing(cache, 'a.1', 'it was deleted with others');
			await expectNothing(cache, 'b.1', 'it was deleted with others');
			assert.equal(await cache.contains('a.2'), true, 'bulkDelete() takes no others');
			assert.equal(
				await cache.bulkDelete(['a.2', 'a.2', 'a.3'].values()),
				2,
				'bulkDelete() counts a key once that is named twice',
			);
			await expectNothing(cache, 'a.2', 'it was deleted with others');
		},
	},
];
