import {randomUUID} from 'node:crypto';
import type {StoredMetadata} from '../../http/response.js';
import {BaseCache, type CacheEntry, type CacheRecord} from '../base-cache.js';
import {BytesBody} from '../bytes-body.js';
import {forAll, inBatches} from '../in-batches.js';
import {listEntries, listKeys} from '../list-entries.js';
import {OperationGate} from '../operation-gate.js';
import {removableAt} from '../removable-at.js';
import {KeyvBody} from './keyv-body.js';
import type {KeyvLike} from './keyv-like.js';
import {type KeyvCacheOptions, readKeyvCacheOptions} from './keyv-options.js';
import {type FoundPiece, KeyvPieces} from './keyv-pieces.js';
import {KeyvPort, UNREADABLE} from './keyv-port.js';
import {decodeRecord, encodeRecord, KeyvNames, type KeyvPlace, type KeyvRecord, pieceTime} from './keyv-record.js';
import {timeToLive} from './time-to-live.js';

/**
 * Keeps records in a Keyv, and so in any place for which there is an adapter. A read is one `get`.
 *
 * Keyv has nothing that compares and sets. Within a process `touch` does, for all caches that have the same instance of Keyv; of two processes, one that renews a
 * record at the moment at which the other replaces it may put the earlier one back.
 * Listing goes through everything under Keyv's namespace, bodies too, and rejects where the adapter has no `iterator`.
 *
 * Every method rejects with a `CachedSessionError`: `ERR_CACHE_FAULT` when the store fails, `ERR_CACHE_CLOSED` after `close`. The Keyv itself stays open.
 */
export class KeyvCache extends BaseCache {
	readonly #port: KeyvPort;
	readonly #names: KeyvNames;
	readonly #pieces: KeyvPieces;
	readonly #gate: OperationGate;
	readonly #grace: number;
	readonly #pieceSize: number;

	/**
	 * @param keyv stays its owner's, who closes it
	 * @param name what the keys of this cache begin with: up to 80 letters, digits, hyphens, underscores and dots
	 * @throws InvalidOptionError
	 */
	constructor(keyv: KeyvLike, name: string, options: KeyvCacheOptions = {}) {
		super();
		const {grace, pieceSize} = readKeyvCacheOptions(keyv, name, options);
		this.#port = KeyvPort.of(keyv);
		this.#names = new KeyvNames(name);
		this.#gate = new OperationGate(`The Keyv cache '${name}'`);
		this.#grace = grace;
		this.#pieceSize = pieceSize;
		this.#pieces = new KeyvPieces(this.#port, this.#gate);
	}

	/** Large bodies stay where they are until they are asked for, a piece at a time. */
	override read(key: string): Promise<CacheRecord | undefined> {
		return this.#gate.run(async () => {
			const name = this.#names.record(key);
			const record = await this.#get(key);
			if (record === 'damaged') {
				await this.#port.changes.run(name, () => this.#discard(key));
				return undefined;
			}
			if (record === undefined) {
				return undefined;
			}
			const body = record.body ? new BytesBody(record.body) : new KeyvBody(this.#pieces, name, record);
			return {metadata: record.metadata, version: record.version, body};
		});
	}

	override async write(
		key: string,
		metadata: StoredMetadata,
		body: Uint8Array | AsyncIterable<Uint8Array>,
	): Promise<string> {
		const version = randomUUID().replaceAll('-', '');
		const name = this.#names.record(key);
		const until = removableAt(metadata, this.#grace);
		const given = body instanceof Uint8Array ? Uint8Array.from(body) : body;
		const stored = await this.#pieces.write(name, version, given, this.#pieceSize, until);
		const record: KeyvRecord = {key, version, metadata, pieceSize: this.#pieceSize, ...stored};
		try {
			await this.#gate.run(() => this.#port.changes.run(name, () => this.#put(name, record)));
		} catch (error) {
			await this.#pieces.remove(name, record).catch(() => undefined);
			throw error;
		}
		return version;
	}

	override delete(key: string): Promise<boolean> {
		return this.#gate.run(() => this.#delete(key, () => true));
	}

	override bulkDelete(keys: Iterable<string>): Promise<number> {
		const list = [...new Set(keys)];
		return this.#gate.run(() => this.#deleteAll(list, () => true));
	}

	override contains(key: string): Promise<boolean> {
		return this.#gate.run(async () => typeof (await this.#get(key)) === 'object');
	}

	override keys(): AsyncIterable<string> {
		return listKeys(this.#records());
	}

	/** Damaged records are left out. */
	override entries(): AsyncIterable<CacheEntry> {
		return listEntries(this.#records());
	}

	override touch(key: string, version: string, metadata: StoredMetadata): Promise<boolean> {
		const name = this.#names.record(key);
		return this.#gate.run(() =>
			this.#port.changes.run(name, async () => {
				const record = await this.#get(key);
				if (typeof record !== 'object' || record.version !== version) {
					return false;
				}
				const piecesUntil = await this.#pieces.keepUntil(name, record, removableAt(metadata, this.#grace));
				await this.#set(name, {...record, metadata, piecesUntil});
				return true;
			}),
		);
	}

	/** Also removes what is left of bodies whose writing was broken off an hour ago or more. */
	override async deleteExpired(now: number): Promise<number> {
		const isExpired = ({metadata: {expires}}: KeyvRecord) => expires !== undefined && expires <= now;
		const expired: string[] = [];
		const pieces: FoundPiece[] = [];
		for await (const {place, value} of this.#found()) {
			if (place.kind === 'piece') {
				pieces.push({...place, writtenAt: pieceTime(value)});
				continue;
			}
			const record = decodeRecord(value);
			if (record && isExpired(record)) {
				expired.push(record.key);
			}
		}
		await this.#gate.run(() => this.#pieces.sweep(pieces));
		return this.#gate.run(() => this.#deleteAll(expired, isExpired));
	}

	override async clear(): Promise<void> {
		const versions = new Map<string, string | undefined>();
		const pieces: FoundPiece[] = [];
		for await (const {place, value} of this.#found()) {
			if (place.kind === 'piece') {
				pieces.push({...place, writtenAt: pieceTime(value)});
			} else {
				versions.set(place.name, decodeRecord(value)?.version);
			}
		}
		// Others may be parts of a body that is still being written.
		const theirs = pieces.filter(({record, version}) => versions.get(record) === version);
		const names = [...versions.keys(), ...theirs.map(({name}) => name)];
		await this.#gate.run(() => forAll(names, name => this.#port.delete(name)));
		await this.#gate.run(() => this.#pieces.sweep(pieces));
	}

	/** Waits for what is under way. The Keyv stays open: it is its owner's. May be called more than once. */
	override close(): Promise<void> {
		return this.#gate.close();
	}

	async #get(key: string): Promise<KeyvRecord | 'damaged' | undefined> {
		const value = await this.#port.get(this.#names.record(key));
		if (value === undefined) {
			return undefined;
		}
		const record = value === UNREADABLE ? undefined : decodeRecord(value);
		return record?.key === key ? record : 'damaged';
	}

	/** Looks once more: it may have been written anew while this waited for its turn. */
	async #discard(key: string): Promise<void> {
		if ((await this.#get(key)) === 'damaged') {
			await this.#port.delete(this.#names.record(key));
		}
	}

	async #put(name: string, record: KeyvRecord): Promise<void> {
		const earlier = await this.#port.get(name);
		await this.#set(name, record);
		const replaced = earlier === UNREADABLE ? undefined : decodeRecord(earlier);
		if (replaced) {
			await this.#pieces.remove(name, replaced);
		}
	}

	async #set(name: string, record: KeyvRecord): Promise<void> {
		await this.#port.set(name, encodeRecord(record), timeToLive(removableAt(record.metadata, this.#grace)));
	}

	/** @param isMeant whether what is found is to go */
	async #delete(key: string, isMeant: (record: KeyvRecord) => boolean): Promise<boolean> {
		const name = this.#names.record(key);
		return this.#port.changes.run(name, async () => {
			const record = await this.#get(key);
			if (record === undefined || (record !== 'damaged' && !isMeant(record))) {
				return false;
			}
			const wasThere = await this.#port.delete(name);
			if (record !== 'damaged') {
				await this.#pieces.remove(name, record);
			}
			return wasThere;
		});
	}

	async #deleteAll(keys: readonly string[], isMeant: (record: KeyvRecord) => boolean): Promise<number> {
		let deleted = 0;
		for await (const [, wasThere] of inBatches(keys, key => this.#delete(key, isMeant))) {
			deleted += Number(wasThere);
		}
		return deleted;
	}

	/** Those that are sound. */
	async *#records(): AsyncGenerator<KeyvRecord, void, undefined> {
		for await (const {place, value} of this.#found()) {
			const record = decodeRecord(value);
			if (record && this.#names.record(record.key) === place.name) {
				yield record;
			}
		}
	}

	/** All that belongs to this cache. Nothing is under way while the loop is busy with it. */
	async *#found(): AsyncGenerator<{place: KeyvPlace; value: unknown}, void, undefined> {
		const entries = this.#port.entries();
		try {
			for (;;) {
				const {value: entry} = await this.#gate.run(() => entries.next());
				if (!entry) {
					return;
				}
				const place = this.#names.placeOf(entry[0]);
				if (place) {
					yield {place, value: entry[1]};
				}
			}
		} finally {
			await entries.return();
		}
	}
}
