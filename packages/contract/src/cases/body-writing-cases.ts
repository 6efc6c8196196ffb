import assert from 'node:assert/strict';
import {setTimeout as sleep} from 'node:timers/promises';
import {inspect} from 'node:util';
import type {BaseCache} from 'got-client-cache';
import type {CompleteFlags, ContractCase} from '../contract-case.js';
import {
	bytesOf,
	demandRecord,
	expectBody,
	expectKeys,
	expectMetadata,
	expectNothing,
	failingAfter,
	inPieces,
	patternOf,
} from '../expectations.js';
import {fill} from '../fill.js';
import {sampleResponse} from '../sample-metadata.js';

/** Bodies that come bit by bit, slowly, or not to their end. */
export const bodyWritingCases: readonly ContractCase[] = [
	{
		title: 'joins pieces, large, tiny and empty ones',
		advice:
			'Pieces come in any size; collect them up to the size that the place likes (piecesOf does), and leave none out.',
		async run({cache, flags}) {
			const body = patternOf(flags.largestBody);
			const cut = Math.floor(body.byteLength / 3);
			const pieces = [body.subarray(0, 1), body.subarray(1, cut), new Uint8Array(), body.subarray(cut)];
			const version = await cache.write('pieces.1', sampleResponse(), inPieces(...pieces));
			const record = await demandRecord(cache, 'pieces.1');
			assert.equal(record.version, version, 'read() gives the version that write() resolved to');
			await expectBody(record, body);
			await cache.write('pieces.2', sampleResponse(), inPieces(new Uint8Array(), body, new Uint8Array()));
			await expectBody(await demandRecord(cache, 'pieces.2'), body);
			const tiny = Array.from({length: 3000}, (_, index) => body.subarray(index, index + 1));
			await cache.write('pieces.3', sampleResponse(), inPieces(...tiny));
			await expectBody(await demandRecord(cache, 'pieces.3'), body.subarray(0, 3000));
		},
	},
	{
		title: 'shows nothing of a record before its body has ended',
		advice:
			'Collect the body elsewhere (a temporary file, parts named by the new version), and make the record visible in one last step.',
		async run({cache, flags}) {
			const piece = patternOf(Math.min(flags.largestBody / 2, 700_000));
			const version = await cache.write('late.1', sampleResponse(), bytesOf('earlier'));
			async function* watched(look: () => Promise<void>) {
				yield piece;
				await look();
				yield piece;
				await look();
			}
			const isAsBefore = async () => {
				const record = await demandRecord(cache, 'late.1');
				assert.equal(
					record.version,
					version,
					'the version of an overwritten record changes before the new body has ended',
				);
				await expectBody(record, bytesOf('earlier'));
			};
			const isNotThere = async () => {
				await expectNothing(cache, 'late.2', 'its body has not ended yet');
				await expectListed(cache, flags, ['late.1']);
			};
			await cache.write('late.1', sampleResponse(), watched(isAsBefore));
			await cache.write('late.2', sampleResponse(), watched(isNotThere));
			await expectBody(await demandRecord(cache, 'late.1'), Buffer.concat([piece, piece]));
			await expectListed(cache, flags, ['late.1', 'late.2']);
		},
	},
	{
		title: 'keeps what was there when a body fails, at its start, midway or at its end',
		advice:
			'write rejects with what the body threw, and the earlier record stays as it was: replace it only when the body has ended well.',
		async run({cache, flags}) {
			const metadata = sampleResponse({statusMessage: 'Earlier'});
			const earlier = patternOf(Math.min(flags.largestBody, 300_000));
			const version = await cache.write('kept.1', metadata, earlier);
			for (const [name, pieces] of failingBodies(flags)) {
				await expectCutOff(cache, 'kept.1', pieces, name);
				const record = await demandRecord(cache, 'kept.1');
				assert.equal(record.version, version, `a body that fails ${name} changes the version of what was there`);
				expectMetadata(record.metadata, metadata);
				await expectBody(record, earlier);
				await expectListed(cache, flags, ['kept.1']);
			}
		},
	},
	{
		title: 'keeps nothing of a new record whose body fails, at its start, midway or at its end',
		advice:
			'What was stored of a body that failed is not a record: it is listed nowhere, counted nowhere, and taken away.',
		async run({cache, flags}) {
			for (const [name, pieces] of failingBodies(flags)) {
				await expectCutOff(cache, 'cut.1', pieces, name);
				await expectNothing(cache, 'cut.1', `its body failed ${name}`);
				await expectListed(cache, flags, []);
			}
			await cache.write('cut.1', sampleResponse(), bytesOf('well'));
			await expectBody(await demandRecord(cache, 'cut.1'), bytesOf('well'));
		},
	},
	{
		title: 'holds up nobody while a body is slow',
		advice:
			'Hold no lock, transaction, connection or queue while pieces arrive: they come from a network, and may take minutes.',
		async run({cache, flags}) {
			const piece = patternOf(Math.min(flags.largestBody / 2, 700_000));
			await fill(cache, ['other.1', 'other.2', 'slow.1']);
			let meanwhile = '';
			async function* slowly() {
				yield piece;
				await sleep(20);
				await expectBody(await demandRecord(cache, 'other.1'), bytesOf('other.1'));
				const version = await cache.write('other.1', sampleResponse(), inPieces(bytesOf('new'), piece));
				await cache.touch('other.1', version, sampleResponse({statusMessage: 'Renewed'}));
				assert.equal(await cache.delete('other.2'), true, 'delete() while another body is slow');
				// Of two writes the one that ends last stays.
				meanwhile = await cache.write('slow.1', sampleResponse(), bytesOf('meanwhile'));
				assert.equal(
					(await demandRecord(cache, 'slow.1')).version,
					meanwhile,
					'a record written while another body for its key is slow',
				);
				await expectListed(cache, flags, ['other.1', 'slow.1']);
				yield piece;
			}
			const version = await cache.write('slow.1', sampleResponse(), slowly());
			const record = await demandRecord(cache, 'slow.1');
			assert.ok(
				version !== meanwhile && record.version === version,
				'of two writes of a key the one that ends last stays',
			);
			await expectBody(record, Buffer.concat([piece, piece]));
			await expectBody(await demandRecord(cache, 'other.1'), Buffer.concat([bytesOf('new'), piece]));
		},
	},
	{
		title: 'writes whole the body of a record that is removed meanwhile',
		advice:
			'delete and clear take what is visible; they must not take the parts of a body that is still arriving and then let it become visible in pieces.',
		async run({cache, flags}) {
			const piece = patternOf(Math.min(flags.largestBody / 2, 700_000));
			async function* during(remove: () => Promise<unknown>) {
				yield piece;
				await remove();
				yield piece;
			}
			const removals = [async () => cache.delete('gone.1'), async () => cache.clear()];
			for (const remove of removals) {
				await cache.write('gone.1', sampleResponse(), bytesOf('earlier'));
				// A place may rather give up a write whose beginnings were cleared away, and says so.
				const outcome = await Promise.allSettled([cache.write('gone.1', sampleResponse(), during(remove))]);
				if (outcome[0].status === 'fulfilled') {
					await expectBody(await demandRecord(cache, 'gone.1'), Buffer.concat([piece, piece]));
				} else {
					await expectNothing(cache, 'gone.1', 'its write was given up');
				}
			}
		},
	},
];

function failingBodies({largestBody}: CompleteFlags): ReadonlyArray<[name: string, pieces: Uint8Array[]]> {
	const large = patternOf(Math.min(largestBody, 1_200_000));
	return [
		['at its start', []],
		['midway', [bytesOf('a part')]],
		['midway, when it is large already', [large.subarray(0, 600_000), large.subarray(600_000)]],
		['at its end', [bytesOf('all of it'), new Uint8Array()]],
	];
}

async function expectCutOff(cache: BaseCache, key: string, pieces: Uint8Array[], name: string): Promise<void> {
	await assert.rejects(
		async () => cache.write(key, sampleResponse(), failingAfter(...pieces)),
		error => /cut off/.test(inspect(error)),
		`write() must reject with what a body throws that fails ${name}`,
	);
}

async function expectListed(cache: BaseCache, flags: CompleteFlags, keys: readonly string[]): Promise<void> {
	if (flags.listsKeys) {
		await expectKeys(cache.keys(), keys);
		assert.equal(await cache.size(), keys.length, 'size() is the number of keys that are listed');
	}
	if (flags.findsKeysOf) {
		for (const resource of new Set(keys.map(key => key.slice(0, key.indexOf('.'))))) {
			const own = keys.filter(key => key.startsWith(`${resource}.`));
			await expectKeys(await cache.keysOf(resource), own, `keysOf('${resource}')`);
		}
		await expectKeys(
			await cache.keysOf('cut'),
			keys.filter(key => key.startsWith('cut.')),
			"keysOf('cut')",
		);
	}
}
