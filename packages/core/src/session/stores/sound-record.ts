import {type Awaitable, isPromise} from '../../storage/awaitable.js';
import type {CacheRecord} from '../../storage/base-cache.js';
import {BytesBody} from '../../storage/bytes-body.js';

/**
 * What a store gave, in a form on which a request can rely: a body that cannot be read is found out here, and not when the request has been answered with it.
 * `null` counts as nothing.
 * @throws TypeError for what is no record, and whatever the body fails with
 */
export function soundRecord(given: CacheRecord | null | undefined): Awaitable<CacheRecord | undefined> {
	const record = soundHead(given);
	if (record === undefined) {
		return undefined;
	}
	if (record.metadata.kind !== 'response' || record.body instanceof BytesBody) {
		return record;
	}
	const bytes = record.body.bytes();
	return isPromise(bytes) ? bytes.then(whole => withBytes(record, whole)) : withBytes(record, bytes);
}

/** The same without a look at the body. */
export function soundHead(record: CacheRecord | null | undefined): CacheRecord | undefined {
	if (record === undefined || record === null) {
		return undefined;
	}
	if (!isRecord(record)) {
		throw new TypeError('it gave something that is no record');
	}
	return record;
}

// Only what would make a request fail: the rest is for the codec of the store.
function isRecord({metadata, body, version}: CacheRecord): boolean {
	if (typeof version !== 'string' || typeof body?.bytes !== 'function') {
		return false;
	}
	switch (metadata?.kind) {
		case 'response':
			return Array.isArray(metadata.rawHeaders) && typeof metadata.url === 'string';
		case 'hop':
			return Array.isArray(metadata.rawHeaders) && URL.canParse(metadata.nextUrl);
		case 'vary':
			return Array.isArray(metadata.fields);
		default:
			return false;
	}
}

function withBytes({metadata, version}: CacheRecord, bytes: unknown): CacheRecord {
	if (!(bytes instanceof Uint8Array)) {
		throw new TypeError('it gave a body that is not bytes');
	}
	return {metadata, version, body: new BytesBody(bytes)};
}
