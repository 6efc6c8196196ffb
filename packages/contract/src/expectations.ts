import assert from 'node:assert/strict';
import type {BaseCache, CacheRecord, StoredMetadata} from 'got-client-cache';

/** Bytes of a text. */
export function bytesOf(text: string): Uint8Array {
	return new TextEncoder().encode(text);
}

/** Bytes that differ from their neighbours and from one block to the next. */
export function patternOf(size: number): Uint8Array {
	const bytes = new Uint8Array(size);
	for (let index = 0; index < size; index++) {
		bytes[index] = index * 31 + (index >>> 8) * 17;
	}
	return bytes;
}

/** Pieces one by one, each after a turn of the event loop. */
export async function* inPieces(...pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
	for (const piece of pieces) {
		await new Promise(resolve => setImmediate(resolve));
		yield piece;
	}
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
	assert.ok(record, `nothing is found under ${JSON.stringify(key)}`);
	return record;
}

/** Fails unless a record has these bytes, as a whole, in pieces and by its size. */
export async function expectBody(record: CacheRecord, expected: Uint8Array): Promise<void> {
	expectBytes(await record.body.bytes(), expected, 'bytes()');
	expectBytes(Buffer.concat(await collect(record.body.stream())), expected, 'stream()');
	assert.equal(record.body.size, expected.byteLength, 'the size of the body');
}

/** Not `deepEqual`, whose account of two different megabytes takes minutes. */
function expectBytes(actual: Uint8Array, expected: Uint8Array, source: string): void {
	assert.ok(actual instanceof Uint8Array, `${source} gives a Uint8Array`);
	assert.equal(actual.byteLength, expected.byteLength, `bytes in the body that ${source} gives`);
	assert.equal(Buffer.compare(actual, expected), 0, `${source} gives the bytes that were written`);
}

/** Fails unless the two say the same. Members that are `undefined` may be missing. */
export function expectMetadata(actual: StoredMetadata, expected: StoredMetadata): void {
	assert.deepEqual(definedMembers(actual), definedMembers(expected));
}

function definedMembers(metadata: StoredMetadata): Record<string, unknown> {
	return Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined));
}

/** Fails unless these keys are listed, each once, in whatever order. */
export async function expectKeys(
	keys: AsyncIterable<string> | Iterable<string>,
	expected: readonly string[],
): Promise<void> {
	const listed: string[] = [];
	for await (const key of keys) {
		listed.push(key);
	}
	assert.deepEqual(listed.sort(), [...expected].sort());
}
