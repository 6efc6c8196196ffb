import assert from 'node:assert/strict';
import type {ContractCase} from '../contract-case.js';
import {bytesOf, collect, demandRecord, expectBody, expectKeys, expectMetadata, patternOf} from '../expectations.js';
import {sampleHop, sampleResponse} from '../sample-metadata.js';
import {fill} from './basic-cases.js';

/** Closing, opening again, and who sees what. */
export const lifecycleCases: readonly ContractCase[] = [
	{
		title: 'may be closed more than once, used or not',
		async run({cache, close, openAnother}) {
			await close();
			await close();
			const another = await openAnother();
			await another.write('a.1', sampleResponse(), bytesOf('x'));
			await Promise.all([another.close(), another.close()]);
			await another.close();
			await cache.close();
		},
	},
	{
		title: 'rejects what is asked after it was closed',
		appliesTo: flags => flags.rejectsAfterClose,
		async run({cache, close}) {
			const version = await cache.write('a.1', sampleResponse(), bytesOf('x'));
			await close();
			const closed = {code: 'ERR_CACHE_CLOSED'};
			await assert.rejects(async () => cache.read('a.1'), closed);
			await assert.rejects(async () => cache.write('a.1', sampleResponse(), bytesOf('y')), closed);
			await assert.rejects(async () => cache.touch('a.1', version, sampleResponse()), closed);
			await assert.rejects(async () => cache.delete('a.1'), closed);
			await assert.rejects(async () => cache.bulkDelete(['a.1']), closed);
			await assert.rejects(async () => cache.contains('a.1'), closed);
			await assert.rejects(async () => cache.keysOf('a'), closed);
			await assert.rejects(async () => cache.deleteExpired(0), closed);
			await assert.rejects(async () => cache.size(), closed);
			await assert.rejects(async () => cache.clear(), closed);
			await assert.rejects(async () => collect(cache.keys()), closed);
			await assert.rejects(async () => collect(cache.entries()), closed);
		},
	},
	{
		title: 'finds everything again after it was closed',
		appliesTo: flags => flags.persistent,
		async run({cache, close, openAnother}) {
			const body = patternOf(5000);
			const version = await cache.write('p.1', sampleResponse({expires: undefined}), body);
			await cache.write('p.2', sampleHop({expires: 1000}), new Uint8Array());
			await close();
			const again = await openAnother();
			const record = await demandRecord(again, 'p.1');
			assert.equal(record.version, version);
			expectMetadata(record.metadata, sampleResponse({expires: undefined}));
			await expectBody(record, body);
			await expectKeys(await again.keysOf('p'), ['p.1', 'p.2']);
			assert.equal(await again.deleteExpired(1000), 1);
			assert.equal(await again.touch('p.1', version, sampleHop()), true);
		},
	},
	{
		title: 'has, when it is closed, what it was still writing',
		appliesTo: flags => flags.persistent,
		async run({cache, close, openAnother}) {
			const outcomes = Promise.allSettled(
				Array.from({length: 20}, async (_, index) => cache.write(`u.${index}`, sampleResponse(), patternOf(20_000))),
			);
			await close();
			const again = await openAnother();
			for (const [index, {status}] of (await outcomes).entries()) {
				assert.equal(await again.contains(`u.${index}`), status === 'fulfilled');
			}
		},
	},
	{
		title: 'shows two instances in one place what the other does',
		appliesTo: flags => flags.persistent,
		async run({cache, openAnother}) {
			const other = await openAnother();
			assert.equal(await other.read('s.1'), undefined);
			const version = await cache.write('s.1', sampleResponse(), bytesOf('first'));
			await expectBody(await demandRecord(other, 's.1'), bytesOf('first'));
			assert.equal(await other.touch('s.1', version, sampleHop()), true);
			expectMetadata((await demandRecord(cache, 's.1')).metadata, sampleHop());
			await other.write('s.1', sampleResponse(), bytesOf('second'));
			await expectBody(await demandRecord(cache, 's.1'), bytesOf('second'));
			assert.equal(await cache.touch('s.1', version, sampleHop()), false);
			await fill(other, ['s.2', 's.3']);
			await expectKeys(cache.keys(), ['s.1', 's.2', 's.3']);
			await cache.delete('s.1');
			assert.equal(await other.read('s.1'), undefined);
			await cache.clear();
			assert.equal(await other.size(), 0);
		},
	},
	{
		title: 'keeps responses and redirects apart',
		appliesTo: (_flags, hasRedirects) => hasRedirects,
		async run({cache, redirects}) {
			assert.ok(redirects);
			await cache.write('b.1', sampleResponse({expires: 1000}), bytesOf('response'));
			assert.equal(await redirects.read('b.1'), undefined);
			await redirects.write('b.1', sampleHop({expires: 1000}), bytesOf('hop'));
			await redirects.write('b.2', sampleHop(), bytesOf('hop'));
			await expectBody(await demandRecord(cache, 'b.1'), bytesOf('response'));
			await expectBody(await demandRecord(redirects, 'b.1'), bytesOf('hop'));
			await expectKeys(await cache.keysOf('b'), ['b.1']);
			await expectKeys(redirects.keys(), ['b.1', 'b.2']);
			assert.equal(await cache.deleteExpired(1000), 1);
			assert.equal(await redirects.contains('b.1'), true);
			assert.equal(await cache.bulkDelete(['b.1', 'b.2']), 0);
			await cache.clear();
			assert.equal(await redirects.size(), 2);
		},
	},
];
