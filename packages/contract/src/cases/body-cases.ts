import assert from 'node:assert/strict';
import type {ContractCase} from '../contract-case.js';
import {bytesOf, demandRecord, expectBody, inPieces, patternOf} from '../expectations.js';
import {sampleResponse} from '../sample-metadata.js';

const KILOBYTE = 1024;

/** Where places cut bodies, or bound them: 256 KB, the 400 KB of DynamoDB, 512 KB, 1 MB. */
const borders = [64, 255, 256, 257, 400, 512, 1024].map(kilobytes => kilobytes * KILOBYTE);

/** Bodies: raw bytes of any size. */
export const bodyCases: readonly ContractCase[] = [
	{
		title: 'keeps every byte value',
		advice: 'Bodies are bytes, not text: neither decode nor encode them, and let no driver do so.',
		async run({cache}) {
			const body = Uint8Array.from({length: 512}, (_, index) => index & 0xff);
			await cache.write('bytes.1', sampleResponse(), body);
			await expectBody(await demandRecord(cache, 'bytes.1'), body);
		},
	},
	{
		title: 'keeps an empty body, given as bytes or as no pieces at all',
		advice: 'An empty body is a body: no null, and no record that is missing.',
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
		title: 'keeps bodies of one byte less, as much, and more than places cut them by',
		advice:
			'Count what is cut: the last part of a body may be empty, full, or a single byte, whether it came whole or in pieces.',
		async run({cache, flags}) {
			const sizes = borders
				.flatMap(border => [border - 1, border, border + 1])
				.filter(size => size <= flags.largestBody);
			for (const [index, size] of sizes.entries()) {
				const body = patternOf(size);
				const cut = index % 2 === 0 ? body : inPieces(body.subarray(0, 100_000), body.subarray(100_000));
				await cache.write('border.1', sampleResponse({bodySize: size}), cut);
				await expectBody(await demandRecord(cache, 'border.1'), body);
			}
		},
	},
	{
		title: 'keeps a large body, and a small one after it',
		advice:
			'Where a body is cut into parts, a smaller one must not keep parts of the larger that it replaces. Flag: largestBody.',
		async run({cache, flags}) {
			const body = patternOf(flags.largestBody);
			await cache.write('large.1', sampleResponse({bodySize: body.byteLength}), body);
			await expectBody(await demandRecord(cache, 'large.1'), body);
			await cache.write('large.1', sampleResponse(), bytesOf('small again'));
			await expectBody(await demandRecord(cache, 'large.1'), bytesOf('small again'));
			await cache.write('large.1', sampleResponse(), body);
			assert.equal(await cache.delete('large.1'), true, 'delete() of a large record gives true');
			await cache.write('large.1', sampleResponse(), body.subarray(1));
			await expectBody(await demandRecord(cache, 'large.1'), body.subarray(1));
		},
	},
	{
		title: 'writes the bytes that it is given, not what else is in their buffer',
		advice: 'A Uint8Array may be a window into a larger ArrayBuffer: mind byteOffset and byteLength.',
		async run({cache}) {
			const pool = bytesOf('before|inside|after');
			await cache.write('slice.1', sampleResponse(), pool.subarray(7, 13));
			await cache.write('slice.2', sampleResponse(), inPieces(pool.subarray(7, 10), pool.subarray(10, 13)));
			pool.fill(0);
			await expectBody(await demandRecord(cache, 'slice.1'), bytesOf('inside'));
			await expectBody(await demandRecord(cache, 'slice.2'), bytesOf('inside'));
		},
	},
	{
		title: 'keeps the bytes as they were when it was called, whatever becomes of them meanwhile',
		advice:
			'Copy bytes that are given whole before the first await (collectBody does): they are the caller’s, who may use them again.',
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
		title: 'never gives the body of another version',
		advice:
			'A body that is loaded after read must be that of the version read: name its parts by version, and reject when they are gone.',
		async run({cache, flags}) {
			const earlier = patternOf(Math.min(flags.largestBody, 700_000));
			const later = patternOf(earlier.byteLength, 1);
			await cache.write('moved.1', sampleResponse(), earlier);
			const record = await demandRecord(cache, 'moved.1');
			await cache.write('moved.1', sampleResponse(), later);
			// It may be gone, and reading it then rejects.
			const bytes = await Promise.resolve(record.body.bytes()).catch(() => undefined);
			assert.ok(
				bytes === undefined || Buffer.compare(bytes, earlier) === 0,
				'a record that was overwritten after it was read gives bytes that are not those of its version',
			);
			await expectBody(await demandRecord(cache, 'moved.1'), later);
		},
	},
];
