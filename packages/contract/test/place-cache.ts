import {randomUUID} from 'node:crypto';
import {
	BaseCache,
	CachedSessionError,
	type CacheEntry,
	type CacheRecord,
	decodeMetadata,
	encodeMetadata,
	piecesOf,
	removableAt,
	type StoredBody,
	type StoredMetadata,
} from 'got-client-cache';
import type {Damage} from '../src/contract-case.js';

/** A record as the place has it. */
export interface Row {
	metadata: string;
	version: string;
	expires: number | undefined;
	/** When the place drops it. */
	dropsAt: number;
	size: number;
	parts: Uint8Array[];
}

export type Rows = Map<string, Row>;

export type Body = Uint8Array | AsyncIterable<Uint8Array>;

const PART = 64 * 1024;

const places = new Map<string, Rows>();

/** What is in a place, whoever has it open. */
export function rowsOf(place: string): Rows {
	const rows = places.get(place) ?? new Map<string, Row>();
	places.set(place, rows);
	return rows;
}

export function forgetPlace(place: string): void {
	places.delete(place);
}

export function damage(place: string, key: string, what: Damage): void {
	const row = rowsOf(place).get(key)!;
	if (what === 'metadata') {
		row.metadata = '{"kind": nonsense';
	} else if (what === 'format') {
		row.metadata = row.metadata.replace(/"format":\d+/, '"format":9999');
	} else {
		row.parts = row.parts.length > 1 ? row.parts.slice(0, -1) : row.parts.map(part => part.slice(0, -1));
	}
}

export async function turn(): Promise<void> {
	await new Promise(resolve => setImmediate(resolve));
}

/** A store as good as a database: a place that outlives it, bodies in parts that are read when they are asked for, one step for every change. Mutants spoil a step each. */
export class PlaceCache extends BaseCache {
	protected readonly rows: Rows;
	readonly place: string;
	protected isClosed = false;

	constructor(place: string) {
		super();
		this.place = place;
		this.rows = rowsOf(place);
	}

	/** The way to the place, during which others may come first. */
	async step(): Promise<void> {
		await turn();
		if (this.isClosed) {
			throw new CachedSessionError('ERR_CACHE_CLOSED', 'The cache is closed');
		}
	}

	find(key: string): Row | undefined {
		const row = this.rows.get(key);
		if (row && row.dropsAt <= Date.now()) {
			this.rows.delete(key);
			return undefined;
		}
		return row;
	}

	remove(key: string, version: string): void {
		if (this.rows.get(key)?.version === version) {
			this.rows.delete(key);
		}
	}

	toRow(metadata: StoredMetadata, version: string, parts: Uint8Array[]): Row {
		const size = parts.reduce((sum, {byteLength}) => sum + byteLength, 0);
		return {...this.toHead(metadata), version, size, parts};
	}

	toHead(metadata: StoredMetadata): Pick<Row, 'metadata' | 'expires' | 'dropsAt'> {
		const dropsAt = removableAt(metadata, 0) ?? Number.POSITIVE_INFINITY;
		return {metadata: encodeMetadata(metadata), expires: metadata.expires, dropsAt};
	}

	decode(text: string): StoredMetadata | undefined {
		return decodeMetadata(text);
	}

	bodyOf(key: string, row: Row): StoredBody {
		return new PartsBody(this, key, row.version, row.size);
	}

	override async read(key: string): Promise<CacheRecord | undefined> {
		await this.step();
		const row = this.find(key);
		const metadata = row && this.decode(row.metadata);
		if (row && !metadata) {
			this.remove(key, row.version);
		}
		return row && metadata ? {metadata, version: row.version, body: this.bodyOf(key, row)} : undefined;
	}

	async partsOf(body: Body): Promise<Uint8Array[]> {
		const parts: Uint8Array[] = [];
		for await (const piece of piecesOf(body instanceof Uint8Array ? new Uint8Array(body) : body, PART)) {
			parts.push(new Uint8Array(piece));
		}
		return parts;
	}

	override async write(key: string, metadata: StoredMetadata, body: Body): Promise<string> {
		const version: string = randomUUID();
		const parts = await this.partsOf(body);
		await this.step();
		this.rows.set(key, this.toRow(metadata, version, parts));
		return version;
	}

	override async delete(key: string): Promise<boolean> {
		await this.step();
		return this.find(key) !== undefined && this.rows.delete(key);
	}

	override async contains(key: string): Promise<boolean> {
		await this.step();
		return this.find(key) !== undefined;
	}

	override async bulkDelete(keys: Iterable<string>): Promise<number> {
		await this.step();
		return [...keys].filter(key => this.rows.delete(key)).length;
	}

	override async *keys(): AsyncIterable<string> {
		await this.step();
		for (const key of [...this.rows.keys()]) {
			if (this.find(key)) {
				yield key;
			}
		}
	}

	override async *entries(): AsyncIterable<CacheEntry> {
		for await (const key of this.keys()) {
			const row = this.find(key);
			const metadata = row && this.decode(row.metadata);
			if (row && metadata) {
				yield {key, metadata, version: row.version};
			}
		}
	}

	override async touch(key: string, version: string, metadata: StoredMetadata): Promise<boolean> {
		await this.step();
		const row = this.find(key);
		return row?.version === version && Boolean(this.rows.set(key, {...row, ...this.toHead(metadata)}));
	}

	override async keysOf(resource: string): Promise<string[]> {
		await this.step();
		return [...this.rows.keys()].filter(key => this.find(key) && key.startsWith(`${resource}.`));
	}

	override async deleteExpired(now: number): Promise<number> {
		await this.step();
		const expired = [...this.rows].filter(([, {expires}]) => expires !== undefined && expires <= now);
		return expired.filter(([key]) => this.rows.delete(key)).length;
	}

	override async clear(): Promise<void> {
		await this.step();
		this.rows.clear();
	}

	override async close(): Promise<void> {
		this.isClosed = true;
		await turn();
	}
}

/** A body that is fetched part by part, and counted. */
export class PartsBody implements StoredBody {
	protected readonly cache: PlaceCache;
	protected readonly key: string;
	protected readonly version: string;
	readonly size: number;

	constructor(cache: PlaceCache, key: string, version: string, size: number) {
		this.cache = cache;
		this.key = key;
		this.version = version;
		this.size = size;
	}

	async bytes(): Promise<Uint8Array> {
		const parts: Uint8Array[] = [];
		for await (const part of this.stream()) {
			parts.push(part);
		}
		return Buffer.concat(parts);
	}

	async *stream(): AsyncIterable<Uint8Array> {
		let given = 0;
		for (let index = 0; given < this.size; index++) {
			await turn();
			const row = this.cache.find(this.key);
			const part = row?.version === this.version ? row.parts[index] : undefined;
			if (part === undefined || (given + part.byteLength < this.size && part.byteLength < PART)) {
				this.cache.remove(this.key, this.version);
				throw new Error('The body is gone or damaged');
			}
			given += part.byteLength;
			yield part;
		}
	}
}
