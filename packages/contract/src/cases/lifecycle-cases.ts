import assert from 'node:assert/strict';
import type {BaseCache} from 'got-client-cache';
import type {CompleteFlags, ContractCase} from '../contract-case.js';
import {
	aTurn,
	bytesOf,
	collect,
	demandRecord,
	expectBody,
	expectKeys,
	expectMetadata,
	expectNothing,
	patternOf,
} from '../expectations.js';
import {fill} from '../fill.js';
import {sampleHop, sampleResponse} from '../sample-metadata.js';

/** Closing, opening again, and who sees what. */
export const lifecycleCases: readonly ContractCase[] = [
	{
		title: 'may be closed more than once, used or not',
		advice:
			'close may come before the first operation, twice at once, and again from the backend after its caches: none of them rejects.',
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
		advice:
			'Throw a CachedSessionError with the code ERR_CACHE_CLOSED from every operation, and open nothing again. Flag: rejectsAfterClose.',
		appliesTo: flags => flags.rejectsAfterClose,
		async run({cache, flags, close, openAnother}) {
			const version = await cache.write('a.1', sampleResponse(), bytesOf('x'));
			const unused = await openAnother();
			await Promise.all([close(), unused.close()]);
			for (const closed of [cache, unused]) {
				for (const [operation, ask] of Object.entries(operations(closed, flags, version))) {
					await assert.rejects(
						async () => ask(),
						{code: 'ERR_CACHE_CLOSED'},
						`${operation}() after close() must reject with the code ERR_CACHE_CLOSED`,
					);
				}
			}
		},
	},
	{
		title: 'finds everything again after it was closed',
		advice: 'close resolves when all that was written is in the place. Flag: persistent.',
		appliesTo: flags => flags.persistent,
		async run({cache, flags, close, openAnother}) {
			const body = patternOf(Math.min(flags.largestBody, 700_000));
			const version = await cache.write('p.1', sampleResponse({expires: undefined}), body);
			await cache.write('p.2', sampleHop({expires: 1000}), new Uint8Array());
			await close();
			const again = await openAnother();
			const record = await demandRecord(again, 'p.1');
			assert.equal(record.version, version, 'the version of a record after its place was closed and opened again');
			expectMetadata(record.metadata, sampleResponse({expires: undefined}));
			await expectBody(record, body);
			if (flags.findsKeysOf) {
				await expectKeys(await again.keysOf('p'), ['p.1', 'p.2'], "keysOf('p')");
			}
			if (flags.listsKeys) {
				assert.equal(
					await again.deleteExpired(1000),
					1,
					'deleteExpired() of what was written before the place was closed',
				);
			}
			assert.equal(
				await again.touch('p.1', version, sampleHop()),
				true,
				'touch() of what was written before the place was closed',
			);
		},
	},
	{
		title: 'has, when it is closed, what it was still writing',
		advice:
			'A write that is under way when close is called ends well and is kept, or rejects and leaves nothing. close waits for it, but not for a body that is yet to come.',
		appliesTo: flags => flags.persistent,
		async run({cache, close, openAnother}) {
			const piece = patternOf(20_000);
			async function* slowly() {
				yield piece;
				for (let turns = 0; turns < 20; turns++) {
					await aTurn();
				}
				yield piece;
			}
			const outcomes = Promise.allSettled(
				Array.from({length: 20}, async (_, index) =>
					cache.write(`u.${index}`, sampleResponse(), index % 2 === 0 ? Buffer.concat([piece, piece]) : slowly()),
				),
			);
			await close();
			const settled = await outcomes;
			const again = await openAnother();
			for (const [index, {status}] of settled.entries()) {
				const key = `u.${index}`;
				if (status === 'fulfilled') {
					await expectBody(await demandRecord(again, key), Buffer.concat([piece, piece]));
				} else {
					await expectNothing(again, key, 'its write rejected when the place was closed');
				}
			}
		},
	},
	{
		title: 'shows two instances in one place what the other does',
		advice: 'What an instance remembers of its place must be checked against it: another one may have changed it.',
		appliesTo: flags => flags.persistent,
		async run({cache, flags, openAnother}) {
			const other = await openAnother();
			await expectNothing(other, 's.1', 'nobody wrote it');
			const version = await cache.write('s.1', sampleResponse(), bytesOf('first'));
			await expectBody(await demandRecord(other, 's.1'), bytesOf('first'));
			assert.equal(await other.touch('s.1', version, sampleHop()), true, 'touch() of what another instance wrote');
			expectMetadata((await demandRecord(cache, 's.1')).metadata, sampleHop());
			await other.write('s.1', sampleResponse(), bytesOf('second'));
			await expectBody(await demandRecord(cache, 's.1'), bytesOf('second'));
			assert.equal(
				await cache.touch('s.1', version, sampleHop()),
				false,
				'touch() of a version that another instance replaced',
			);
			await fill(other, ['s.2', 's.3']);
			if (flags.listsKeys) {
				await expectKeys(cache.keys(), ['s.1', 's.2', 's.3']);
			}
			await cache.delete('s.1');
			await expectNothing(other, 's.1', 'another instance deleted it');
			await cache.clear();
			await expectNothing(other, 's.2', 'another instance cleared the place');
		},
	},
	{
		title: 'leaves another instance in its place alone when it is closed',
		advice:
			'An instance closes what it opened and nothing that others use; nor does it end a process, a pool or a server for them.',
		appliesTo: flags => flags.persistent,
		async run({cache, close, openAnother}) {
			const other = await openAnother();
			await fill(cache, ['s.1']);
			await fill(other, ['s.2']);
			await close();
			await expectBody(await demandRecord(other, 's.1'), bytesOf('s.1'));
			await fill(other, ['s.3']);
			await expectBody(await demandRecord(other, 's.3'), bytesOf('s.3'));
		},
	},
	{
		title: 'keeps responses and redirects apart',
		advice: 'The two caches share a place and not a key: two tables, prefixes or folders, for every operation.',
		appliesTo: (_flags, hasRedirects) => hasRedirects,
		async run({cache, redirects, flags}) {
			assert.ok(redirects, 'the backend has redirects');
			await cache.write('b.1', sampleResponse({expires: 1000}), bytesOf('response'));
			await expectNothing(redirects, 'b.1', 'it was written to responses');
			await redirects.write('b.1', sampleHop({expires: 1000}), bytesOf('hop'));
			await redirects.write('b.2', sampleHop(), bytesOf('hop'));
			await expectBody(await demandRecord(cache, 'b.1'), bytesOf('response'));
			await expectBody(await demandRecord(redirects, 'b.1'), bytesOf('hop'));
			if (flags.findsKeysOf) {
				await expectKeys(await cache.keysOf('b'), ['b.1'], "keysOf('b') of responses");
			}
			if (flags.listsKeys) {
				await expectKeys(redirects.keys(), ['b.1', 'b.2'], 'keys() of redirects');
				assert.equal(await cache.deleteExpired(1000), 1, 'deleteExpired() of responses');
			}
			assert.equal(await redirects.contains('b.1'), true, 'deleteExpired() of responses takes none of redirects');
			await cache.delete('b.1');
			assert.equal(
				await cache.bulkDelete(['b.1', 'b.2']),
				0,
				'bulkDelete() of responses that are there in redirects only',
			);
			await cache.clear();
			await expectBody(await demandRecord(redirects, 'b.1'), bytesOf('hop'));
			await expectBody(await demandRecord(redirects, 'b.2'), bytesOf('hop'));
			await fill(cache, ['b.1']);
			await redirects.clear();
			await expectBody(await demandRecord(cache, 'b.1'), bytesOf('b.1'));
		},
	},
];

function operations(cache: BaseCache, flags: CompleteFlags, version: string): Record<string, () => unknown> {
	return {
		read: () => cache.read('a.1'),
		write: () => cache.write('a.1', sampleResponse(), bytesOf('y')),
		touch: () => cache.touch('a.1', version, sampleResponse()),
		delete: () => cache.delete('a.1'),
		bulkDelete: () => cache.bulkDelete(['a.1']),
		contains: () => cache.contains('a.1'),
		clear: () => cache.clear(),
		...(flags.findsKeysOf && {keysOf: () => cache.keysOf('a')}),
		...(flags.listsKeys && {
			deleteExpired: () => cache.deleteExpired(0),
			size: () => cache.size(),
			keys: () => collect(cache.keys()),
			entries: () => collect(cache.entries()),
			values: () => collect(cache.values()),
		}),
	};
}
