import {randomUUID} from 'node:crypto';
import {unlink} from 'node:fs/promises';
import path from 'node:path';
import type {StoredMetadata} from '../../http/response.js';
import {BaseCache, type CacheEntry, type CacheRecord} from '../base-cache.js';
import {BytesBody} from '../bytes-body.js';
import {inBatches} from '../in-batches.js';
import {KeyedQueue} from '../keyed-queue.js';
import {listEntries, listKeys} from '../list-entries.js';
import {encodeMetadata} from '../metadata-codec.js';
import {FileBody} from './file-body.js';
import {ignoreMissing, withFile} from './file-descriptor.js';
import type {FileFolder, FileStoreName} from './file-folder.js';
import {NewHead} from './file-head.js';
import {isRecordFileOf, recordFile, recordFiles, recordFilesOf} from './file-names.js';
import {type RecordHead, readRecordFile} from './file-record.js';
import {renewMetadata} from './file-renewal.js';
import {wholeFile, writeInPieces, writeWhole} from './file-writing.js';
import {removeOpened} from './remove-opened.js';

/** Larger bodies are not read with their records, but when they are asked for. */
const MAX_INLINE_BODY = 256 * 1024;

/** For reading heads alone. */
const NO_BODY = -1;

/**
 * Keeps each record in a file of its own. A record is replaced by moving a new file over the old one, so that others see it whole or not at all;
 * a renewal changes the metadata inside the file and leaves the body.
 *
 * Every method rejects with a `CachedSessionError`: `ERR_CACHE_FAULT` when the file system fails, `ERR_CACHE_CLOSED` after `close`.
 */
export class FileCache extends BaseCache {
	readonly #folder: FileFolder;
	readonly #path: string;
	readonly #renewals = new KeyedQueue();

	/** @param folder shared by the caches of a backend; the first of them that is closed closes it */
	constructor(folder: FileFolder, store: FileStoreName) {
		super();
		this.#folder = folder;
		this.#path = folder.pathOf(store);
	}

	/** Opens one file, and reads once where the record has no more than 64 KiB. Bodies of more than 256 KiB stay in the file until they are asked for. */
	override read(key: string): Promise<CacheRecord | undefined> {
		const file = this.#fileOf(key);
		return this.#folder.run(() =>
			withFile(file, 'r', async descriptor => {
				const record = await readRecordFile(descriptor, MAX_INLINE_BODY);
				if (record === undefined || record.head.key !== key) {
					await removeOpened(this.#folder, file, descriptor);
					return undefined;
				}
				this.#folder.space.use(file);
				const {version, metadata, body} = record.head;
				const bytes = record.bytes && new BytesBody(record.bytes);
				return {version, metadata, body: bytes ?? new FileBody(this.#folder, file, version, body)};
			}),
		);
	}

	/** A record of more than `maxBytes` is not kept, and nor is what it would have replaced. */
	override async write(
		key: string,
		metadata: StoredMetadata,
		body: Uint8Array | AsyncIterable<Uint8Array>,
	): Promise<string> {
		const version = randomUUID().replaceAll('-', '');
		const head = new NewHead(key, version, encodeMetadata(metadata));
		const size = await this.#write(this.#fileOf(key), head, body);
		if (size === undefined) {
			await this.delete(key);
		} else {
			await this.#folder.space.add(size);
		}
		return version;
	}

	override delete(key: string): Promise<boolean> {
		return this.#folder.run(() => remove(this.#fileOf(key)));
	}

	override bulkDelete(keys: Iterable<string>): Promise<number> {
		const files = [...new Set(keys)].map(key => this.#fileOf(key));
		return this.#folder.run(() => removeAll(files));
	}

	override contains(key: string): Promise<boolean> {
		return this.#folder.run(async () => (await readHead(this.#fileOf(key))) !== undefined);
	}

	override keys(): AsyncIterable<string> {
		return listKeys(this.#heads());
	}

	/** Damaged records are left out. */
	override entries(): AsyncIterable<CacheEntry> {
		return listEntries(this.#heads());
	}

	/** From the names of the files alone, so damaged records are counted. */
	override size(): Promise<number> {
		return this.#folder.run(async () => {
			let size = 0;
			for await (const files of recordFiles(this.#path)) {
				size += files.length;
			}
			return size;
		});
	}

	/** Compares and sets in one step: what is renewed is the very file that was looked at, which nobody sees any more when another has taken its place. */
	override touch(key: string, version: string, metadata: StoredMetadata): Promise<boolean> {
		const file = this.#fileOf(key);
		const text = encodeMetadata(metadata);
		// One after the other, since two renewals at once would use the same region.
		return this.#renewals.run(file, () =>
			this.#folder.run(async () => {
				const isRenewed = await withFile(file, 'r+', async descriptor => {
					const record = await readRecordFile(descriptor, NO_BODY);
					if (record === undefined || record.head.key !== key || record.head.version !== version) {
						return false;
					}
					await renewMetadata(descriptor, record.head, text);
					return true;
				});
				return isRenewed ?? false;
			}),
		);
	}

	/** Looks into one folder of 256, and at the heads of the resource's own records. */
	override keysOf(resource: string): Promise<string[]> {
		return this.#folder.run(async () => {
			const keys: string[] = [];
			const files = await recordFilesOf(this.#path, resource);
			for await (const [, head] of inBatches(files, readHead)) {
				if (head?.key.startsWith(`${resource}.`)) {
					keys.push(head.key);
				}
			}
			return keys;
		});
	}

	/** Reads the heads of all records. */
	override async deleteExpired(now: number): Promise<number> {
		await this.#folder.run(() => this.#folder.sweep());
		let deleted = 0;
		for await (const heads of this.#groups()) {
			const files = heads.filter(head => isExpired(head, now)).map(({key}) => this.#fileOf(key));
			deleted += await this.#folder.run(() => removeAll(files, head => isExpired(head, now)));
		}
		return deleted;
	}

	/** Removes the files of records, and leaves folders and whatever else is in them. */
	override clear(): Promise<void> {
		return this.#folder.run(async () => {
			for await (const files of recordFiles(this.#path)) {
				await removeAll(files);
			}
		});
	}

	/** Closes the folder, and so the other cache that shares it, after what is under way. May be called more than once. */
	override close(): Promise<void> {
		return this.#folder.close();
	}

	/** @returns bytes of the file; `undefined`: they would be too many, and nothing was written */
	async #write(file: string, head: NewHead, body: Uint8Array | AsyncIterable<Uint8Array>): Promise<number | undefined> {
		const {maxBytes} = this.#folder.space;
		if (!(body instanceof Uint8Array)) {
			return writeInPieces(this.#folder, file, head, body, maxBytes);
		}
		const size = head.bodyStart + body.byteLength;
		if (size > maxBytes) {
			return undefined;
		}
		await writeWhole(this.#folder, file, wholeFile(head, body));
		return size;
	}

	async *#heads(): AsyncGenerator<RecordHead, void, undefined> {
		for await (const heads of this.#groups()) {
			yield* heads;
		}
	}

	/** A group of records at a time: nothing is under way while the loop is busy with them. */
	async *#groups(): AsyncGenerator<RecordHead[], void, undefined> {
		const groups = recordFiles(this.#path);
		for (;;) {
			const heads = await this.#folder.run(() => nextHeads(groups));
			if (heads === undefined) {
				return;
			}
			yield heads;
		}
	}

	#fileOf(key: string): string {
		return path.join(this.#path, recordFile(key));
	}
}

async function nextHeads(groups: AsyncGenerator<string[], void, undefined>): Promise<RecordHead[] | undefined> {
	const {value: files} = await groups.next();
	if (files === undefined) {
		return undefined;
	}
	const heads: RecordHead[] = [];
	for await (const [file, head] of inBatches(files, readHead)) {
		if (head && isRecordFileOf(file, head.key)) {
			heads.push(head);
		}
	}
	return heads;
}

async function readHead(file: string): Promise<RecordHead | undefined> {
	const record = await withFile(file, 'r', descriptor => readRecordFile(descriptor, NO_BODY));
	return record?.head;
}

function isExpired({metadata: {expires}}: RecordHead, now: number): boolean {
	return expires !== undefined && expires <= now;
}

/** @param isMeant looked at once more, at the last moment: a record may have been renewed. @returns how many there were */
async function removeAll(files: readonly string[], isMeant?: (head: RecordHead) => boolean): Promise<number> {
	let removed = 0;
	for await (const [, isRemoved] of inBatches(files, async file => {
		const head = isMeant && (await readHead(file));
		return head && !isMeant(head) ? false : remove(file);
	})) {
		removed += Number(isRemoved);
	}
	return removed;
}

/** Whether there was such a file. */
async function remove(file: string): Promise<boolean> {
	return (await ignoreMissing(unlink(file).then(() => true))) ?? false;
}
