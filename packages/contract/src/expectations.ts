import assert from 'node:assert/strict';
import {types} from 'node:util';
import type {BaseCache, CacheRecord, StoredBody, StoredMetadata} from 'got-client-cache';

/** Bytes of a text. */
export function bytesOf(text: string): Uint8Array {
	return new TextEncoder().encode(text);
}

/** Bytes that differ from their neighbours and from one block to the next. */
export function patternOf(size: number, seed = 0): Uint8Array {
	const bytes = new Uint8Array(size);
	for (let index = 0; index < size; index++) {
		bytes[index] = index * 31 + (index >>> 8) * 17 + seed;
	}
	return bytes;
}

/** Pieces one by one, each after a turn of the event loop. */
export async function* inPieces(...pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
	for (const piece of pieces) {
		await aTurn();
		yield piece;
	}
}

/** A body that fails with `cut off` after some pieces. */
export async function* failingAfter(...pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
	yield* inPieces(...pieces);
	await aTurn();
	throw new Error('cut off');
}

/** A turn of the event loop. */
export async function aTurn(): Promise<void> {
	await new Promise(resolve => setImmediate(resolve));
}

/** Resolves when all have ended, well or not; rejects with the first failure then: nothing goes on in the place behind it. */
export async function allSettled(tasks: ReadonlyArray<Promise<unknown>>): Promise<void> {
	await Promise.allSettled(tasks);
	await Promise.all(tasks);
}

/** Everything that a loop over `items` would see. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
	const collected: T[] = [];
	for await (const item of items) {
		collected.push(item);
	}
	return collected;
}

/** What is found under a key; fails where nothing is. */
export async function demandRecord(cache: BaseCache, key: string): Promise<CacheRecord> {
	const record = await cache.read(key);
	assert.ok(record, `read(${quoted(key)}) gives nothing, although there is a record`);
	return record;
}

/** Fails where there is something under a key. */
export async function expectNothing(cache: BaseCache, key: string, because: string): Promise<void> {
	// Not `equal`: its error would have the whole body in it.
	assert.ok((await cache.read(key)) === undefined, `read(${quoted(key)}) gives a record, although ${because}`);
	assert.equal(await cache.contains(key), false, `contains(${quoted(key)}) is not false, although ${because}`);
}

/** Fails unless a record has these bytes, as a whole, in pieces and by its size. */
export async function expectBody({body}: CacheRecord, expected: Uint8Array): Promise<void> {
	expectBytes(await body.bytes(), expected, 'body.bytes()');
	expectBytes(Buffer.concat(await collect(body.stream())), expected, 'body.stream()');
	assert.equal(body.size, expected.byteLength, 'body.size is not the number of bytes that were written');
}

/** Not `deepEqual`, whose account of two different megabytes takes minutes. */
export function expectBytes(actual: Uint8Array, expected: Uint8Array, source: string): void {
	assert.ok(actual instanceof Uint8Array, `${source} gives something that is no Uint8Array`);
	assert.equal(
		actual.byteLength,
		expected.byteLength,
		`${source} gives ${actual.byteLength} bytes where ${expected.byteLength} were written`,
	);
	const different = Buffer.compare(actual, expected) === 0 ? -1 : actual.findIndex((byte, at) => byte !== expected[at]);
	assert.equal(different, -1, `${source} gives other bytes than were written, from offset ${different} on`);
}

/** The bytes of a body that may be gone: `undefined` where it says so by an error. */
export async function bytesUnlessGone(read: () => Promise<Uint8Array>): Promise<Uint8Array | undefined> {
	return read().catch((error: unknown) => {
		assert.ok(types.isNativeError(error), `a body that is gone rejects with an Error, not with ${String(error)}`);
		return undefined;
	});
}

/** Both ways of reading a body as a whole, by name. */
export const waysToRead: ReadonlyArray<readonly [name: string, read: (body: StoredBody) => Promise<Uint8Array>]> = [
	['body.bytes()', async body => body.bytes()],
	['body.stream()', async body => Buffer.concat(await collect(body.stream()))],
];

/** Fails unless the two say the same. Members that are `undefined` may be missing. */
export function expectMetadata(actual: StoredMetadata, expected: StoredMetadata): void {
	assert.deepEqual(definedMembers(actual), definedMembers(expected), 'the metadata is not what was written');
}

function definedMembers(metadata: StoredMetadata): Record<string, unknown> {
	return Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined));
}

/** Fails unless these keys are listed, each once, in whatever order. */
export async function expectKeys(
	keys: AsyncIterable<string> | Iterable<string>,
	expected: readonly string[],
	source = 'keys()',
): Promise<void> {
	const listed: string[] = [];
	for await (const key of keys) {
		listed.push(key);
	}
	const known = new Set(expected);
	const found = new Set(listed);
	const faults = {
		missing: expected.filter(key => !found.has(key)),
		unexpected: listed.filter(key => !known.has(key)),
		twice: listed.filter((key, index) => listed.indexOf(key) !== index),
	};
	for (const [fault, faulty] of Object.entries(faults)) {
		const some = faulty.slice(0, 10).map(quoted).join(', ');
		assert.equal(faulty.length, 0, `${source} gives ${listed.length} keys; ${fault}: ${some}`);
	}
}

function quoted(text: string): string {
	return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
