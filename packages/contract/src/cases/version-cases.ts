import assert from 'node:assert/strict';
import type {ContractCase} from '../contract-case.js';
import {bytesOf, collect, demandRecord, expectBody, expectMetadata, expectNothing, patternOf} from '../expectations.js';
import {sampleHop, sampleResponse} from '../sample-metadata.js';

const renewed = sampleResponse({statusMessage: 'Renewed', expires: 1_800_000_000_000, rawHeaders: ['ETag', '"2"']});

/** Versions, and the renewal of metadata. */
export const versionCases: readonly ContractCase[] = [
	{
		title: 'gives every write another version, of the same record too',
		advice: 'A version is random (randomUUID), not a count that starts anew, a time, or a digest of what is written.',
		async run({cache}) {
			const versions = new Set<string>();
			for (let count = 0; count < 20; count++) {
				versions.add(await cache.write(`v.${count % 2}`, sampleResponse(), bytesOf('same')));
			}
			assert.equal(versions.size, 20, '20 writes give 20 versions');
		},
	},
	{
		title: 'gives a record that was removed and written again another version',
		advice: 'A version never comes back: what was read before the removal must not pass for what was written after it.',
		async run({cache}) {
			const version = await cache.write('v.1', sampleResponse(), bytesOf('same'));
			await cache.delete('v.1');
			const again = await cache.write('v.1', sampleResponse(), bytesOf('same'));
			assert.notEqual(again, version, 'write() after delete() gives the version that was deleted');
		},
	},
	{
		title: 'renews the metadata of the version that it is told, and leaves the body',
		advice: 'touch replaces the metadata as a whole and leaves the body. Flag: touchKeepsVersion.',
		async run({cache, flags}) {
			const version = await cache.write('t.1', sampleResponse(), bytesOf('body'));
			assert.equal(await cache.touch('t.1', version, renewed), true, 'touch() of the version that is there gives true');
			const record = await demandRecord(cache, 't.1');
			expectMetadata(record.metadata, renewed);
			await expectBody(record, bytesOf('body'));
			if (flags.touchKeepsVersion) {
				assert.equal(record.version, version, 'touch() leaves the version');
			}
			if (flags.listsKeys) {
				const [entry] = await collect(cache.entries());
				assert.ok(entry, 'entries() gives a record that was renewed');
				expectMetadata(entry.metadata, renewed);
				assert.equal(entry.version, record.version, 'entries() and read() give the same version');
			}
		},
	},
	{
		title: 'renews a record more than once',
		advice: 'touch leaves a record that can be touched again, with the version that read gives.',
		async run({cache}) {
			await cache.write('t.1', sampleResponse(), bytesOf('body'));
			for (const expires of [1, undefined, 3]) {
				const {version} = await demandRecord(cache, 't.1');
				assert.equal(await cache.touch('t.1', version, {...renewed, expires}), true, `touch() until ${expires}`);
				assert.equal((await demandRecord(cache, 't.1')).metadata.expires, expires, 'what touch() said it expires');
			}
		},
	},
	{
		title: 'renews nothing that was written anew',
		advice:
			'touch compares the version with the one that is stored, and gives false and changes nothing where they differ.',
		async run({cache}) {
			const version = await cache.write('t.1', sampleResponse(), bytesOf('first'));
			const metadata = sampleHop();
			const second = await cache.write('t.1', metadata, bytesOf('second'));
			assert.equal(
				await cache.touch('t.1', version, renewed),
				false,
				'touch() of a version that was replaced gives false',
			);
			const record = await demandRecord(cache, 't.1');
			assert.equal(record.version, second, 'touch() that gives false leaves the version');
			expectMetadata(record.metadata, metadata);
			await expectBody(record, bytesOf('second'));
		},
	},
	{
		title: 'renews nothing that is gone',
		advice: 'touch never makes a record: it gives false where there is none.',
		async run({cache, flags}) {
			const version = await cache.write('t.1', sampleResponse(), bytesOf('body'));
			await cache.delete('t.1');
			assert.equal(
				await cache.touch('t.1', version, renewed),
				false,
				'touch() of a record that was deleted gives false',
			);
			await expectNothing(cache, 't.1', 'it was deleted before touch()');
			if (flags.listsKeys) {
				assert.equal(await cache.size(), 0, 'size() after touch() of a record that was deleted');
			}
		},
	},
	{
		title: 'leaves a large body when it renews metadata, again and again',
		advice: 'Where a body is stored in parts, touch leaves all of them, whatever their number.',
		async run({cache, flags}) {
			const body = patternOf(Math.min(flags.largestBody, 1_100_000));
			await cache.write('t.1', sampleResponse(), body);
			for (const expires of [1, 2, 3]) {
				const {version} = await demandRecord(cache, 't.1');
				assert.equal(await cache.touch('t.1', version, {...renewed, expires}), true, 'touch() of a large record');
				await expectBody(await demandRecord(cache, 't.1'), body);
			}
		},
	},
];
