import assert from 'node:assert/strict';
import type {BaseCache} from 'got-client-cache';
import type {ContractCase, ContractContext} from '../contract-case.js';
import {
	allSettled,
	bytesOf,
	bytesUnlessGone,
	demandRecord,
	expectBody,
	expectBytes,
	expectKeys,
	expectMetadata,
	inPieces,
	patternOf,
} from '../expectations.js';
import {fill} from '../fill.js';
import {expectSoundPlace, hammer, hammeredSizes} from '../hammer.js';
import {sampleHop, sampleResponse} from '../sample-metadata.js';

/** Several things at once. */
export const concurrencyCases: readonly ContractCase[] = [
	{
		title: 'ends with one whole record when several write it at once',
		advice:
			'Metadata, version and body become visible together, in one step: of several writers one wins, with all that is its own.',
		async run(context) {
			const caches = await oneOrTwo(context);
			const written = Array.from({length: 20}, (_, index) => ({
				metadata: sampleResponse({bodySize: index}),
				body: patternOf(1000 + index * 17_997, index),
			}));
			const versions = await Promise.all(
				written.map(async ({metadata, body}, index) =>
					caches[index % caches.length]!.write(
						'w.1',
						metadata,
						index % 3 === 0 ? body : inPieces(body.subarray(0, 500), body.subarray(500)),
					),
				),
			);
			for (const cache of caches) {
				const record = await demandRecord(cache, 'w.1');
				const winner = written[versions.indexOf(record.version)];
				assert.ok(winner, 'after parallel writes, the version is that of none of them');
				expectMetadata(record.metadata, winner.metadata);
				await expectBody(record, winner.body);
			}
			if (context.flags.listsKeys) {
				await expectKeys(context.cache.keys(), ['w.1']);
			}
		},
	},
	{
		title: 'shows readers whole records only, while they are written',
		advice:
			'A reader sees the record before or the record after a write, never metadata of the one with bytes of the other.',
		async run(context) {
			const {cache} = context;
			const [writer] = await oneOrTwo(context);
			const bodies = Array.from({length: 30}, (_, index) => patternOf(100 + index * 3001, index));
			const write = async (index: number) => writer!.write('r.1', sampleResponse({bodySize: index}), bodies[index]!);
			await write(0);
			let whole = 0;
			const read = async () => {
				const {metadata, body} = await demandRecord(cache, 'r.1');
				const expected = bodies[metadata.kind === 'response' ? metadata.bodySize : 0]!;
				// A body that was replaced meanwhile may be gone, but it is never another's.
				const bytes = await bytesUnlessGone(async () => body.bytes());
				if (bytes !== undefined) {
					whole++;
					expectBytes(bytes, expected, 'a record that is read while it is written');
				}
			};
			for (let start = 0; start < bodies.length; start += 5) {
				const some = [0, 1, 2, 3, 4].map(index => start + index);
				await Promise.all(some.flatMap(index => [write(index), read(), read()]));
				await read();
			}
			assert.ok(whole >= 6, `only ${whole} of 66 bodies could be read: a body that nobody replaces must be given`);
		},
	},
	{
		title: 'never undoes a write by a touch',
		advice:
			'touch compares the version and sets the metadata in one step of the place (one statement, script or condition). Flag: touchIsAtomic.',
		appliesTo: flags => flags.touchIsAtomic,
		async run(context) {
			const {cache} = context;
			const [other] = await oneOrTwo(context);
			for (let round = 0; round < 20; round++) {
				const first = await cache.write('t.1', sampleResponse(), patternOf(3000));
				const body = bytesOf(`second ${round}`);
				const metadata = sampleResponse({statusMessage: `Second ${round}`});
				const [version] = await Promise.all([
					other!.write('t.1', metadata, round % 2 === 0 ? body : inPieces(body)),
					cache.touch('t.1', first, sampleHop()),
					cache.touch('t.1', first, sampleHop({statusMessage: 'Also'})),
				]);
				const record = await demandRecord(cache, 't.1');
				assert.equal(record.version, version, 'a touch that runs beside a write brings back the version before');
				expectMetadata(record.metadata, metadata);
				await expectBody(record, body);
			}
		},
	},
	{
		title: 'never undoes a removal by a touch',
		advice:
			'touch never makes a record: where the place would (an update that inserts), make it conditional on the version. Flag: touchIsAtomic.',
		appliesTo: flags => flags.touchIsAtomic,
		async run(context) {
			const {cache} = context;
			const [other] = await oneOrTwo(context);
			for (let round = 0; round < 20; round++) {
				const version = await cache.write('t.1', sampleResponse(), patternOf(3000));
				const touch = async () => cache.touch('t.1', version, sampleHop());
				await Promise.all([round % 2 === 0 ? touch() : undefined, other!.delete('t.1'), touch()]);
				assert.ok((await cache.read('t.1')) === undefined, 'a touch that runs beside a removal brings the record back');
				assert.equal(
					await cache.contains('t.1'),
					false,
					'a touch that runs beside a removal leaves a part of the record',
				);
			}
		},
	},
	{
		title: 'loses no write to a reader that came before it',
		advice: 'A read that finds nothing changes nothing: what it would tidy up may have been written anew by then.',
		async run(context) {
			const {cache} = context;
			const [other] = await oneOrTwo(context);
			for (let round = 0; round < 20; round++) {
				const key = `n.${round}`;
				const readings = [cache.read(key), other!.read(key), cache.contains(key)];
				const [version] = await Promise.all([
					cache.write(key, sampleResponse(), bytesOf(key)),
					cache.read(key),
					...readings,
				]);
				assert.equal(
					(await demandRecord(cache, key)).version,
					version,
					'the version of what was written beside readers',
				);
			}
		},
	},
	{
		title: 'counts a removal once that several ask for',
		advice: 'delete goes by what the place says that it removed, not by what was there a moment before.',
		async run(context) {
			const {cache} = context;
			const [other] = await oneOrTwo(context);
			for (let round = 0; round < 10; round++) {
				await fill(cache, ['d.1', 'd.2']);
				const removals = await Promise.all([
					cache.delete('d.1'),
					other!.delete('d.1'),
					cache.delete('d.1'),
					other!.delete('d.1'),
				]);
				assert.equal(
					removals.filter(Boolean).length,
					1,
					'of several that delete one record at once, one is told that it was there',
				);
				assert.equal(await cache.contains('d.2'), true, 'delete() takes no others');
			}
		},
	},
	{
		title: 'stays sound while many write, read, renew and remove the same records',
		advice: 'Look at what fails here for the operation that takes two steps where others may come between.',
		async run(context) {
			const caches = await oneOrTwo(context);
			const sizes = hammeredSizes(context.flags);
			await allSettled(
				[0, 1, 2].map(async index =>
					hammer(caches[index % caches.length]!, {name: `task${index}`, rounds: 40, sizes, flags: context.flags}),
				),
			);
			await expectSoundPlace(caches.at(-1)!, context.flags);
		},
	},
];

/** Another instance in the place and the first one, where there can be two; else the one. */
async function oneOrTwo({cache, flags, openAnother}: ContractContext): Promise<BaseCache[]> {
	return flags.persistent ? [await openAnother(), cache] : [cache];
}
