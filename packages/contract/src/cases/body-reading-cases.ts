import assert from 'node:assert/strict';
import type {BaseCache, StoredBody} from 'got-client-cache';
import type {ContractCase} from '../contract-case.js';
import {
	bytesOf,
	bytesUnlessGone,
	collect,
	demandRecord,
	expectBody,
	expectBytes,
	expectNothing,
	patternOf,
	waysToRead,
} from '../expectations.js';
import {sampleResponse} from '../sample-metadata.js';

/** What becomes of a record while its body is read. */
const changes: ReadonlyArray<
	readonly [name: string, change: (cache: BaseCache, body: Uint8Array) => Promise<unknown>]
> = [
	['overwritten by a body of the same size', async (cache, body) => cache.write('read.1', sampleResponse(), body)],
	['overwritten by a small body', async cache => cache.write('read.1', sampleResponse(), bytesOf('small'))],
	['deleted', async cache => cache.delete('read.1')],
	['deleted with everything else', async cache => cache.clear()],
	[
		'deleted and written again',
		async (cache, body) => {
			await cache.delete('read.1');
			await cache.write('read.1', sampleResponse(), body);
		},
	],
];

/** Bodies that are read bit by bit, or later than their record. */
export const bodyReadingCases: readonly ContractCase[] = [
	{
		title: 'gives a body in pieces, as often as it is asked',
		advice:
			'Every call of bytes() and of stream() starts anew, and several may run at once. Pieces are Uint8Arrays and never empty for ever.',
		async run({cache, flags}) {
			const body = patternOf(flags.largestBody);
			await cache.write('read.1', sampleResponse(), body);
			const record = await demandRecord(cache, 'read.1');
			const first = record.body.stream()[Symbol.asyncIterator]();
			const second = record.body.stream()[Symbol.asyncIterator]();
			const pieces: [Uint8Array[], Uint8Array[]] = [[], []];
			for (let isDone = false; !isDone; ) {
				const both = await Promise.all([first.next(), second.next()]);
				isDone = both.every(({done}) => done === true);
				for (const [index, {done, value}] of both.entries()) {
					if (!done) {
						assert.ok(value instanceof Uint8Array, 'body.stream() gives Uint8Arrays');
						pieces[index]!.push(value);
					}
				}
			}
			expectBytes(Buffer.concat(pieces[0]), body, 'the first of two readers of one body at once');
			expectBytes(Buffer.concat(pieces[1]), body, 'the second of two readers of one body at once');
			const readings = await Promise.all(waysToRead.map(async ([, read]) => read(record.body)));
			for (const [index, [name]] of waysToRead.entries()) {
				expectBytes(readings[index]!, body, `${name}, asked again`);
			}
		},
	},
	{
		title: 'is usable while and after a reader stops half-way',
		advice:
			'A reader that breaks off must release what it holds (a file, a lock, a connection), and one that pauses must hold up nobody.',
		async run({cache, flags, close}) {
			const body = patternOf(flags.largestBody);
			await cache.write('read.1', sampleResponse(), body);
			for (let round = 0; round < 5; round++) {
				const record = await demandRecord(cache, 'read.1');
				for await (const piece of record.body.stream()) {
					assert.ok(piece instanceof Uint8Array, 'body.stream() gives Uint8Arrays');
					await cache.write('other.1', sampleResponse(), bytesOf(`round ${round}`));
					await expectBody(await demandRecord(cache, 'other.1'), bytesOf(`round ${round}`));
					break;
				}
			}
			await expectBody(await demandRecord(cache, 'read.1'), body);
			// One that is begun and never gone on with.
			await firstPieceOf((await demandRecord(cache, 'read.1')).body);
			assert.equal(await cache.delete('read.1'), true, 'delete() of a record whose body somebody stopped reading');
			await expectNothing(cache, 'read.1', 'it was deleted');
			await close();
		},
	},
	{
		title: 'gives a reader the body of its record to the end, or an error, whatever becomes of the record meanwhile',
		advice:
			'Name the parts of a body by its version, count them against the size, and throw where one is missing or another’s: never end early without an error.',
		async run({cache, flags}) {
			const earlier = patternOf(flags.largestBody);
			const later = patternOf(flags.largestBody, 1);
			for (const [name, change] of changes) {
				await cache.write('read.1', sampleResponse(), earlier);
				const {body} = await demandRecord(cache, 'read.1');
				const rest = await firstPieceOf(body);
				await change(cache, later);
				const streamed = await bytesUnlessGone(rest);
				expectWholeOrGone(streamed, earlier, `body.stream() of a record that is ${name} while it is read`);
				for (const [way, read] of waysToRead) {
					const bytes = await bytesUnlessGone(async () => read(body));
					expectWholeOrGone(bytes, earlier, `${way} of a record that was ${name} since`);
				}
			}
		},
	},
	{
		title: 'gives a reader the body of a record that is renewed meanwhile',
		advice: 'touch leaves the body and the version: it must not move, copy or rename what a reader is reading.',
		appliesTo: flags => flags.touchKeepsVersion,
		async run({cache, flags}) {
			const bytes = patternOf(flags.largestBody);
			const version = await cache.write('read.1', sampleResponse(), bytes);
			const {body} = await demandRecord(cache, 'read.1');
			const rest = await firstPieceOf(body);
			assert.equal(await cache.touch('read.1', version, sampleResponse({statusMessage: 'Renewed'})), true, 'touch()');
			expectBytes(await rest(), bytes, 'body.stream() of a record that is renewed while it is read');
			expectBytes(await body.bytes(), bytes, 'body.bytes() of a record that was renewed since');
			await expectBody(await demandRecord(cache, 'read.1'), bytes);
		},
	},
];

/** Reads the first piece; the function that it gives reads on, and resolves to the whole. */
async function firstPieceOf(body: StoredBody): Promise<() => Promise<Uint8Array>> {
	const pieces = body.stream()[Symbol.asyncIterator]();
	const first = await pieces.next();
	assert.ok(!first.done, 'body.stream() gives at least one piece of a body that is not empty');
	return async () => {
		const rest = await collect({[Symbol.asyncIterator]: () => pieces});
		return Buffer.concat([first.value, ...rest]);
	};
}

function expectWholeOrGone(bytes: Uint8Array | undefined, expected: Uint8Array, source: string): void {
	if (bytes !== undefined) {
		expectBytes(bytes, expected, source);
	}
}
