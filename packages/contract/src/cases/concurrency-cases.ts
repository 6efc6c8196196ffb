import assert from 'node:assert/strict';
import type {ContractCase} from '../contract-case.js';
import {demandRecord, expectBody, expectMetadata, inPieces, patternOf} from '../expectations.js';
import {sampleResponse} from '../sample-metadata.js';
import {fill} from './basic-cases.js';

const manyKeys = Array.from({length: 600}, (_, index) => `k${index % 7}.${index}`);

/** Several things at once. */
export const concurrencyCases: readonly ContractCase[] = [
	{
		title: 'ends with one whole record when several write it at once',
		async run({cache}) {
			const written = Array.from({length: 20}, (_, index) => ({
				metadata: sampleResponse({bodySize: index}),
				body: patternOf(1000 + index * 997),
			}));
			const versions = await Promise.all(
				written.map(async ({metadata, body}, index) =>
					cache.write('w.1', metadata, index % 2 === 0 ? body : inPieces(body.subarray(0, 500), body.subarray(500))),
				),
			);
			const record = await demandRecord(cache, 'w.1');
			const winner = written[versions.indexOf(record.version)];
			assert.ok(winner, 'the version is that of one of the writes');
			expectMetadata(record.metadata, winner.metadata);
			await expectBody(record, winner.body);
			assert.equal(await cache.size(), 1);
		},
	},
	{
		title: 'shows readers whole records only, while they are written',
		async run({cache}) {
			const bodies = Array.from({length: 30}, (_, index) => patternOf(100 + index * 3001));
			const write = async (index: number) => cache.write('r.1', sampleResponse({bodySize: index}), bodies[index]!);
			await write(0);
			const read = async () => {
				const {metadata, body} = await demandRecord(cache, 'r.1');
				const expected = bodies[metadata.kind === 'response' ? metadata.bodySize : 0]!;
				// A body that was replaced meanwhile may be gone, but it is never another's.
				const bytes = await Promise.resolve(body.bytes()).catch(() => undefined);
				assert.ok(bytes === undefined || Buffer.compare(bytes, expected) === 0, 'metadata and body belong together');
			};
			await Promise.all(bodies.flatMap((_, index) => [write(index), read(), read()]));
		},
	},
	{
		title: 'lists every record once that stays while others come and go',
		async run({cache}) {
			await fill(cache, manyKeys);
			const staying = new Set(manyKeys.filter((_, index) => index % 3 !== 0));
			const seen: string[] = [];
			let count = 0;
			for await (const key of cache.keys()) {
				seen.push(key);
				if (count++ % 10 === 0) {
					await fill(cache, [`k0.new${count}`, `z.new${count}`, [...staying][count % staying.size]!]);
					await cache.delete(manyKeys[(count * 3) % manyKeys.length]!);
				}
				assert.ok(count < 10_000, 'the loop comes to an end');
			}
			assert.equal(new Set(seen).size, seen.length, 'no key is listed twice');
			assert.deepEqual(
				[...staying].filter(key => !seen.includes(key)),
				[],
			);
		},
	},
	{
		title: 'lists every entry once while each is renewed',
		async run({cache}) {
			await fill(cache, manyKeys);
			let count = 0;
			for await (const {key, version, metadata} of cache.entries()) {
				count++;
				assert.equal(await cache.touch(key, version, {...metadata, expires: 5}), true);
				assert.ok(count <= manyKeys.length, 'no entry is listed twice');
			}
			assert.equal(count, manyKeys.length);
			assert.equal(await cache.deleteExpired(5), manyKeys.length);
		},
	},
];
