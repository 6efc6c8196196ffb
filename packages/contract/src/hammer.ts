import assert from 'node:assert/strict';
import type {BaseCache, CacheRecord} from 'got-client-cache';
import type {CompleteFlags} from './contract-case.js';
import {
	bytesUnlessGone,
	collect,
	demandRecord,
	expectBytes,
	expectKeys,
	expectNothing,
	inPieces,
} from './expectations.js';
import {sampleResponse} from './sample-metadata.js';

const KEYS = ['h.1', 'h.2', 'h.3', 'h.4', 'h.5'];

/** What `hammer` needs to know; it goes to other processes as JSON. */
export interface HammerOrder {
	/** Who writes; part of what is written. */
	readonly name: string;
	/** How many rounds of writing and reading; absent: for ever. */
	readonly rounds?: number | undefined;
	/** Of the bodies, in bytes. */
	readonly sizes: readonly number[];
	readonly flags: Pick<CompleteFlags, 'listsKeys' | 'findsKeysOf'>;
}

/** Sizes of bodies for {@link hammer}, in bytes: none, and even and odd ones up to 300,000, as far as the store takes them. */
export function hammeredSizes({largestBody}: CompleteFlags): readonly number[] {
	const largest = Math.min(largestBody, 300_000);
	return [0, 10, 1000, Math.floor(largest / 4), largest];
}

/** Writes, reads, renews and removes a few records over and over, beside others that do the same. Rejects when it meets a record whose metadata and body do not belong together. */
export async function hammer(cache: BaseCache, order: HammerOrder, onRound?: (round: number) => void): Promise<void> {
	const {name, rounds = Number.POSITIVE_INFINITY, sizes, flags} = order;
	// By their names, so that no two do the same things in the same order, and every run does what the last one did.
	let state = [...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 65_521;
	const pick = <T>(items: readonly T[]): T => {
		state = (state * 17_364 + 1) % 65_521;
		return items[state % items.length]!;
	};
	let whole = 0;
	for (let round = 0; round < rounds; round++) {
		await write(cache, pick(KEYS), `https://example.com/${name}/${round}`, pick(sizes));
		const key = pick(KEYS);
		const record = await cache.read(key);
		whole += record && (await isWhole(record)) ? 1 : 0;
		if (record && round % 3 === 0) {
			await cache.touch(key, record.version, {...record.metadata, expires: 5_000_000_000_000 + round});
		}
		if (round % 8 === 5) {
			await cache.delete(pick(KEYS));
		}
		if (round % 8 === 7) {
			await lookAround(cache, flags);
		}
		onRound?.(round);
	}
	assert.ok(whole > 0, `none of ${rounds} bodies could be read: a body that nobody replaces must be given`);
}

/** Fails where what remained is not whole, or the ways to list it do not agree; then removes it all. */
export async function expectSoundPlace(cache: BaseCache, flags: CompleteFlags): Promise<void> {
	const present: string[] = [];
	for (const key of KEYS) {
		const record = await cache.read(key);
		if (record) {
			present.push(key);
			assert.ok(await isWhole(record), `the body of ${key} cannot be read, although nobody writes any more`);
		}
		assert.equal(await cache.contains(key), record !== undefined, `contains('${key}') and read('${key}') differ`);
	}
	assert.ok(present.length > 0, 'nothing is left of what several have written');
	if (flags.listsKeys) {
		await expectKeys(cache.keys(), present);
		assert.equal(await cache.size(), present.length, 'size() is the number of keys that are listed');
	}
	if (flags.findsKeysOf) {
		await expectKeys(await cache.keysOf('h'), present, "keysOf('h')");
	}
	for (const key of KEYS) {
		await write(cache, key, `https://example.com/last/${key}`, 20);
		assert.ok(await isWhole(await demandRecord(cache, key)), `the body of ${key} cannot be read`);
	}
	assert.equal(await cache.bulkDelete(KEYS), KEYS.length, 'bulkDelete() of all that was written last');
	for (const key of KEYS) {
		await expectNothing(cache, key, 'it was deleted');
	}
}

/** The URL says what the body is, so that no two writes have the same. */
async function write(cache: BaseCache, key: string, url: string, size: number): Promise<void> {
	const body = bodyOf(url, size);
	const half = Math.floor(size / 2);
	const given = size % 2 === 0 ? body : inPieces(body.subarray(0, half), body.subarray(half));
	await cache.write(key, sampleResponse({url, bodySize: size}), given);
}

function bodyOf(url: string, size: number): Uint8Array {
	return Buffer.alloc(size, url);
}

/** `false`: the body is gone, which is no fault while others write. */
async function isWhole({metadata, body}: CacheRecord): Promise<boolean> {
	assert.ok(metadata.kind === 'response', `a record of the kind ${metadata.kind} was written by nobody`);
	const expected = bodyOf(metadata.url, metadata.bodySize);
	assert.equal(body.size, expected.byteLength, 'body.size is not that of the record’s own body');
	const bytes = await bytesUnlessGone(async () => body.bytes());
	const streamed = await bytesUnlessGone(async () => Buffer.concat(await collect(body.stream())));
	for (const [source, found] of [
		['body.bytes()', bytes],
		['body.stream()', streamed],
	] as const) {
		if (found !== undefined) {
			expectBytes(found, expected, `${source} of a record that others write, too,`);
		}
	}
	return bytes !== undefined && streamed !== undefined;
}

async function lookAround(cache: BaseCache, flags: HammerOrder['flags']): Promise<void> {
	if (flags.listsKeys) {
		const keys = (await collect(cache.entries())).map(({key}) => key);
		assert.equal(new Set(keys).size, keys.length, 'entries() gives a key twice while others write');
	}
	if (flags.findsKeysOf) {
		const strange = (await cache.keysOf('h')).filter(key => !KEYS.includes(key));
		assert.deepEqual(strange, [], "keysOf('h') gives keys that nobody wrote");
	}
}
