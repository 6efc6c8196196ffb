import assert from 'node:assert/strict';
import type {ContractCase} from '../contract-case.js';
import {bytesOf, demandRecord, expectBody, expectKeys, expectMetadata, inPieces, patternOf} from '../expectations.js';
import {sampleResponse} from '../sample-metadata.js';

/** Bodies: raw bytes of any size, whole or in pieces. */
export const bodyCases: readonly ContractCase[] = [
	{
		title: 'keeps every byte value',
		async run({cache}) {
			const body = Uint8Array.from({length: 512}, (_, index) => index & 0xff);
			await cache.write('bytes.1', sampleResponse(), body);
			await expectBody(await demandRecord(cache, 'bytes.1'), body);
		},
	},
	{
		title: 'keeps an empty body, given as bytes or as no pieces at all',
		async run({cache}) {
			await cache.write('empty.1', sampleResponse(), new Uint8Array());
			await cache.write('empty.2', sampleResponse(), inPieces());
			await cache.write('empty.3', sampleResponse(), inPieces(new Uint8Array()));
			for (const key of ['empty.1', 'empty.2', 'empty.3']) {
				await expectBody(await demandRecord(cache, key), new Uint8Array());
			}
		},
	},
	{
		title: 'keeps a large body',
		async run({cache, flags}) {
			const body = patternOf(flags.largestBody);
			await cache.write('large.1', sampleResponse({bodySize: body.byteLength}), body);
			await expectBody(await demandRecord(cache, 'large.1'), body);
			await cache.write('large.1', sampleResponse(), bytesOf('small again'));
			await expectBody(await demandRecord(cache, 'large.1'), bytesOf('small again'));
		},
	},
	{
		title: 'joins the pieces of a body',
		async run({cache, flags}) {
			const body = patternOf(flags.largestBody);
			const cut = Math.floor(body.byteLength / 3);
			const pieces = [body.subarray(0, 1), body.subarray(1, cut), new Uint8Array(), body.subarray(cut)];
			const version = await cache.write('pieces.1', sampleResponse(), inPieces(...pieces));
			const record = await demandRecord(cache, 'pieces.1');
			assert.equal(record.version, version);
			await expectBody(record, body);
		},
	},
	{
		title: 'writes the bytes that it is given, not what else is in their buffer',
		async run({cache}) {
			const pool = bytesOf('before|inside|after');
			await cache.write('slice.1', sampleResponse(), pool.subarray(7, 13));
			pool.fill(0);
			await expectBody(await demandRecord(cache, 'slice.1'), bytesOf('inside'));
		},
	},
	{
		title: 'keeps the bytes as they were when it was called, whatever becomes of them meanwhile',
		async run({cache}) {
			const body = bytesOf('as given');
			const writings = [0, 1, 2].map(async index => cache.write(`copy.${index}`, sampleResponse(), body));
			body.fill(0);
			await Promise.all(writings);
			for (const index of [0, 1, 2]) {
				await expectBody(await demandRecord(cache, `copy.${index}`), bytesOf('as given'));
			}
		},
	},
	{
		title: 'shows nothing of a record before its body has ended',
		async run({cache}) {
			await cache.write('late.1', sampleResponse(), bytesOf('earlier'));
			async function* watched(look: () => Promise<void>) {
				yield bytesOf('half');
				await look();
				yield bytesOf(' and half');
			}
			const isAsBefore = async () => expectBody(await demandRecord(cache, 'late.1'), bytesOf('earlier'));
			const isNotThere = async () => assert.equal(await cache.contains('late.2'), false);
			await cache.write('late.1', sampleResponse(), watched(isAsBefore));
			await cache.write('late.2', sampleResponse(), watched(isNotThere));
			await expectBody(await demandRecord(cache, 'late.1'), bytesOf('half and half'));
		},
	},
	{
		title: 'keeps what was there when a body fails midway',
		async run({cache}) {
			const metadata = sampleResponse({statusMessage: 'Earlier'});
			const version = await cache.write('kept.1', metadata, bytesOf('earlier'));
			await assert.rejects(async () => cache.write('kept.1', sampleResponse(), failing()), {message: 'cut off'});
			const record = await demandRecord(cache, 'kept.1');
			assert.equal(record.version, version);
			expectMetadata(record.metadata, metadata);
			await expectBody(record, bytesOf('earlier'));
		},
	},
	{
		title: 'keeps nothing of a new record whose body fails midway',
		async run({cache}) {
			await assert.rejects(async () => cache.write('cut.1', sampleResponse(), failing()), {message: 'cut off'});
			assert.equal(await cache.read('cut.1'), undefined);
			assert.equal(await cache.size(), 0);
			await expectKeys(cache.keys(), []);
			await expectKeys(await cache.keysOf('cut'), []);
		},
	},
	{
		title: 'never gives the body of another version',
		async run({cache, flags}) {
			const earlier = patternOf(Math.min(flags.largestBody, 300_000));
			await cache.write('moved.1', sampleResponse(), earlier);
			const record = await demandRecord(cache, 'moved.1');
			await cache.write('moved.1', sampleResponse(), bytesOf('later'));
			// It may be gone, and reading it then rejects.
			const bytes = await Promise.resolve(record.body.bytes()).catch(() => undefined);
			assert.ok(bytes === undefined || Buffer.compare(bytes, earlier) === 0, 'the earlier body is whole, or gone');
		},
	},
];

async function* failing(): AsyncGenerator<Uint8Array> {
	yield bytesOf('a part');
	await new Promise(resolve => setImmediate(resolve));
	throw new Error('cut off');
}
