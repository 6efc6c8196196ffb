import assert from 'node:assert/strict';
import type {ContractCase} from '../contract-case.js';
import {bytesOf, collect, demandRecord, expectBody, expectKeys, expectMetadata} from '../expectations.js';
import {sampleHop, sampleResponse} from '../sample-metadata.js';

const renewed = sampleResponse({statusMessage: 'Renewed', expires: 1_800_000_000_000, rawHeaders: ['ETag', '"2"']});

/** Versions, the renewal of metadata, and expiry. */
export const versionCases: readonly ContractCase[] = [
	{
		title: 'gives every write another version, of the same record too',
		async run({cache}) {
			const versions = new Set<string>();
			for (let count = 0; count < 20; count++) {
				versions.add(await cache.write(`v.${count % 2}`, sampleResponse(), bytesOf('same')));
			}
			assert.equal(versions.size, 20);
		},
	},
	{
		title: 'gives a record that was removed and written again another version',
		async run({cache}) {
			const version = await cache.write('v.1', sampleResponse(), bytesOf('same'));
			await cache.delete('v.1');
			assert.notEqual(await cache.write('v.1', sampleResponse(), bytesOf('same')), version);
		},
	},
	{
		title: 'renews the metadata of the version that it is told, and leaves the body',
		async run({cache, flags}) {
			const version = await cache.write('t.1', sampleResponse(), bytesOf('body'));
			assert.equal(await cache.touch('t.1', version, renewed), true);
			const record = await demandRecord(cache, 't.1');
			expectMetadata(record.metadata, renewed);
			await expectBody(record, bytesOf('body'));
			if (flags.touchKeepsVersion) {
				assert.equal(record.version, version);
			}
			const [entry] = await collect(cache.entries());
			assert.ok(entry);
			expectMetadata(entry.metadata, renewed);
			assert.equal(entry.version, record.version);
		},
	},
	{
		title: 'renews a record more than once',
		async run({cache}) {
			await cache.write('t.1', sampleResponse(), bytesOf('body'));
			for (const expires of [1, undefined, 3]) {
				const {version} = await demandRecord(cache, 't.1');
				assert.equal(await cache.touch('t.1', version, {...renewed, expires}), true);
				assert.equal((await demandRecord(cache, 't.1')).metadata.expires, expires);
			}
		},
	},
	{
		title: 'renews nothing that was written anew',
		async run({cache}) {
			const version = await cache.write('t.1', sampleResponse(), bytesOf('first'));
			const metadata = sampleHop();
			const second = await cache.write('t.1', metadata, bytesOf('second'));
			assert.equal(await cache.touch('t.1', version, renewed), false);
			const record = await demandRecord(cache, 't.1');
			assert.equal(record.version, second);
			expectMetadata(record.metadata, metadata);
			await expectBody(record, bytesOf('second'));
		},
	},
	{
		title: 'renews nothing that is gone',
		async run({cache}) {
			const version = await cache.write('t.1', sampleResponse(), bytesOf('body'));
			await cache.delete('t.1');
			assert.equal(await cache.touch('t.1', version, renewed), false);
			assert.equal(await cache.contains('t.1'), false);
			assert.equal(await cache.size(), 0);
		},
	},
	{
		title: 'removes what has expired at a time, to the millisecond',
		async run({cache}) {
			const expirations = {before: 999, at: 1000, after: 1001, fraction: 1000.5, never: undefined};
			for (const [name, expires] of Object.entries(expirations)) {
				await cache.write(`e.${name}`, sampleHop({expires}), bytesOf(name));
			}
			assert.equal(await cache.deleteExpired(1000), 2);
			await expectKeys(cache.keys(), ['e.after', 'e.fraction', 'e.never']);
			assert.equal(await cache.deleteExpired(1000), 0);
			await expectBody(await demandRecord(cache, 'e.never'), bytesOf('never'));
		},
	},
	{
		title: 'removes by the expiration that a record was renewed with',
		async run({cache}) {
			const versions = await Promise.all(
				['e.shortened', 'e.extended', 'e.freed'].map(async key =>
					cache.write(key, sampleResponse({expires: 2000}), bytesOf(key)),
				),
			);
			await cache.touch('e.shortened', versions[0]!, sampleResponse({expires: 1000}));
			await cache.touch('e.extended', versions[1]!, sampleResponse({expires: 3000}));
			await cache.touch('e.freed', versions[2]!, sampleResponse({expires: undefined}));
			assert.equal(await cache.deleteExpired(1500), 1);
			await expectKeys(cache.keys(), ['e.extended', 'e.freed']);
			assert.equal(await cache.deleteExpired(2500), 0);
		},
	},
	{
		title: 'removes more than a thousand expired records',
		async run({cache}) {
			await Promise.all(
				Array.from({length: 2100}, async (_, index) =>
					cache.write(`e.${index}`, sampleResponse({expires: index < 2050 ? 1000 : 2000}), bytesOf('x')),
				),
			);
			assert.equal(await cache.deleteExpired(1500), 2050);
			assert.equal(await cache.size(), 50);
		},
	},
];
