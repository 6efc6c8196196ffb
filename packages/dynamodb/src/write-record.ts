import {randomUUID} from 'node:crypto';
import {encodeMetadata, type StoredMetadata} from 'got-client-cache';
import {BodyParts, dropParts} from './body-parts.js';
import type {ItemKeys, RecordKey} from './item-keys.js';
import {type Lifetimes, lifetimesOf, pendingTtl, storableTime} from './record-life.js';
import {ITEM_FORMAT, parseVersion, versionOf} from './stored-item.js';
import type {ItemCondition, TableRequests} from './table-requests.js';
import {type WrittenBody, writeBody} from './write-body.js';

/** Bytes that an item may have, less 8 KB for metadata that grow when they are renewed (DynamoDB's limit is 400 KB). */
const ITEM_ROOM = 392 * 1024;

/** Bytes of an item beside its keys, its metadata and its body: names, numbers, the version. */
const ITEM_OVERHEAD = 256;

/** A version with parts has a dot in it. */
const HAS_NO_PARTS: ItemCondition = {not: {attr: 'version', contains: '.'}};

/** Performs one step of a write. */
export type Step = <T>(perform: (requests: TableRequests) => Promise<T>) => Promise<T>;

/** What is the same for all records of a cache. */
export interface WriteContext {
	/** Where its records are. */
	readonly keys: ItemKeys;
	/** Seconds. */
	readonly grace: number;
	/** Bytes that a body may have. */
	readonly ceiling: number;
}

/**
 * Stores a record; resolves to its version. One `PutItem`, where the record fits an item and what it replaces did.
 * Otherwise the parts come first, the record's item, which makes them visible, after them, and the parts of what was replaced are removed last.
 * A record that is over the ceiling is not stored, and what it would have replaced is removed.
 */
export async function writeRecord(
	{keys, grace, ceiling}: WriteContext,
	step: Step,
	key: string,
	metadata: StoredMetadata,
	body: Uint8Array | AsyncIterable<Uint8Array>,
): Promise<string> {
	const id = randomUUID();
	const record = keys.keyOf(key);
	const text = encodeMetadata(metadata);
	const now = Date.now();
	const life = lifetimesOf(metadata, grace, now);
	const room = ITEM_ROOM - ITEM_OVERHEAD - bytesOf(record.pk, record.sk, record.name ?? '', text);
	let parts = 0;
	const writePart = (bytes: Uint8Array, index: number) => {
		parts = Math.max(parts, index + 1);
		const item = {
			...keys.partOf(id, index),
			body: bytes,
			ttl: life.partsTtl ?? pendingTtl(now),
			written: now,
			ownerPk: record.pk,
			ownerSk: record.sk,
		};
		return step(requests => requests.put(item));
	};
	try {
		const written = await writeBody(body, {room, ceiling, writePart});
		if (written) {
			const item = itemOf(record, versionOf({id, parts}), text, metadata, life, written);
			await step(requests => publish(requests, keys, item));
			return item.version;
		}
	} catch (error) {
		await abandon(keys, step, id, parts);
		throw error;
	}
	await abandon(keys, step, id, parts);
	await step(requests => removeRecord(requests, keys, record));
	return id;
}

type NewItem = ReturnType<typeof itemOf>;

function itemOf(
	{pk, sk, name}: RecordKey,
	version: string,
	text: string,
	{expires}: StoredMetadata,
	{ttl, partsTtl}: Lifetimes,
	{size, encoding, inline, parts}: WrittenBody,
) {
	return {
		...{pk, sk, format: ITEM_FORMAT, version, metadata: text, size},
		...(name !== undefined && {name}),
		...(expires !== undefined && {expires: storableTime(expires)}),
		...(ttl !== undefined && {ttl}),
		...(encoding && {encoding}),
		...(inline && {body: inline}),
		...(parts > 0 && partsTtl !== undefined && {partsTtl}),
	};
}

/** Makes a record visible. */
async function publish(requests: TableRequests, keys: ItemKeys, item: NewItem): Promise<void> {
	// What has no parts can be replaced blindly, and a body that was there does not have to come back.
	if (!(await requests.put(item, HAS_NO_PARTS))) {
		const replaced = await requests.replace(item);
		// A request that was repeated after its answer was lost finds its own work.
		if (replaced?.['version'] !== item.version) {
			await dropParts(requests, keys, replaced?.['version']);
		}
	}
	const version = parseVersion(item.version);
	if (item.ttl === undefined && version && version.parts > 0) {
		// They would be garbage in a day. Where some are gone already, the record was replaced already.
		await new BodyParts(keys, version).keepUntil(requests, undefined);
	}
}

/** Removes what was written of a record that does not become visible. */
async function abandon(keys: ItemKeys, step: Step, id: string, parts: number): Promise<void> {
	if (parts > 0) {
		await step(requests => dropParts(requests, keys, versionOf({id, parts}))).catch(() => undefined);
	}
}

/** Removes a record with its parts; resolves to what there was. */
export async function removeRecord(requests: TableRequests, keys: ItemKeys, record: RecordKey) {
	const removed = await requests.take(record);
	await dropParts(requests, keys, removed?.['version']);
	return removed;
}

function bytesOf(...texts: readonly string[]): number {
	return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
