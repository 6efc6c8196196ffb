import {createHash} from 'node:crypto';

/** Which of a backend's two caches a record belongs to. */
export type DynamoDBStore = 'responses' | 'redirects';

/** The primary key of an item. */
export interface PrimaryKey {
	/** The partition key. */
	readonly pk: string;
	/** The sort key. */
	readonly sk: string;
}

/** A primary key, and the key that it stands for where that cannot be told from it. */
export interface RecordKey extends PrimaryKey {
	/** The key as a JSON string. */
	readonly name?: string;
}

/** DynamoDB takes 2048 bytes; the rest is for what stands before. */
const LONGEST_PARTITION = 1800;
/** DynamoDB takes 1024 bytes; the rest is for what stands before. */
const LONGEST_SORT = 1000;

const NO_REST = 'k';
const REST = 'k.';
const HASHED_REST = 'h.';

/**
 * Where the records of one cache are in a table, and where the parts of their bodies are.
 *
 * The partition key of a record is the namespace, the cache and the first part of its key, which is the digest of a URL: so load spreads evenly, and all that belongs to a URL is together.
 * The sort key is the rest. What is too long for DynamoDB, or no valid Unicode, is hashed, and the key is then kept beside it.
 * Each part of a body has a partition key of its own: a large body would otherwise meet the limit of one partition (1,000 write units a second).
 */
export class ItemKeys {
	/** What the partition keys of records begin with. No other cache's begin with it, since a namespace has no `#`. */
	readonly records: string;
	/** What the partition keys of parts begin with. */
	readonly parts: string;

	/** @param namespace without a `#` */
	constructor(namespace: string, store: DynamoDBStore) {
		this.records = `${namespace}#${store}#`;
		this.parts = `${namespace}#${store}.parts#`;
	}

	/** The primary key of a record. */
	keyOf(key: string): RecordKey {
		const dot = key.indexOf('.');
		const rest = dot === -1 ? undefined : key.slice(dot + 1);
		const pk = this.partitionOf(dot === -1 ? key : key.slice(0, dot));
		if (rest === undefined) {
			return this.#named({pk, sk: NO_REST}, key);
		}
		const isPlain = fits(rest, LONGEST_SORT);
		return this.#named({pk, sk: isPlain ? `${REST}${rest}` : `${HASHED_REST}${digest(rest)}`}, key);
	}

	/** The partition key of all keys whose part before the first dot this is. */
	partitionOf(resource: string): string {
		return `${this.records}${fits(resource, LONGEST_PARTITION) ? `=${resource}` : `~${digest(resource)}`}`;
	}

	/** The key that an item stands for, or `undefined` where it can stand for none of ours. */
	nameOf({pk, sk, name}: Readonly<Record<string, unknown>>): string | undefined {
		if (typeof pk !== 'string' || typeof sk !== 'string' || !pk.startsWith(this.records)) {
			return undefined;
		}
		const key = name === undefined ? this.#plainName(pk, sk) : parseName(name);
		const expected = key === undefined ? undefined : this.keyOf(key);
		return expected?.pk === pk && expected.sk === sk ? key : undefined;
	}

	/** The primary key of a part of a body. */
	partOf(id: string, index: number): PrimaryKey {
		return {pk: `${this.parts}${id}.${index}`, sk: 'part'};
	}

	/** The id of the version that a part belongs to. */
	idOfPart(pk: string): string {
		return pk.slice(this.parts.length, pk.lastIndexOf('.'));
	}

	#plainName(pk: string, sk: string): string {
		const resource = pk.slice(this.records.length + 1);
		return sk === NO_REST ? resource : `${resource}.${sk.slice(REST.length)}`;
	}

	#named(primary: PrimaryKey, key: string): RecordKey {
		const isPlain = this.#plainName(primary.pk, primary.sk) === key;
		return isPlain ? primary : {...primary, name: JSON.stringify(key)};
	}
}

function parseName(name: unknown): string | undefined {
	try {
		const key: unknown = JSON.parse(String(name));
		return typeof key === 'string' ? key : undefined;
	} catch {
		return undefined;
	}
}

/** Half a surrogate pair has no form in UTF-8: two such strings would become one. */
function fits(text: string, bytes: number): boolean {
	return Buffer.byteLength(text) <= bytes && !/\p{Surrogate}/u.test(text);
}

function digest(text: string): string {
	return createHash('sha256').update(text, 'utf16le').digest('hex');
}
