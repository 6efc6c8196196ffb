import {InvalidOptionError} from 'got-client-cache';

/** Where a record is. */
export interface RecordPlace {
	/** The key that the cache was asked for. */
	readonly key: string;
	/** The hash with the record. */
	readonly record: string;
	/** The index of the record's resource. */
	readonly index: string;
	/** What stands for the record in the index. */
	readonly member: string;
}

/** Stands for an empty resource: a hash tag must not be empty. Nothing else is written with a lone percent sign. */
const EMPTY_TAG = '%';

/**
 * The keys of one cache on the server. A record `<resource>.<selector>` is under `<namespace>:<store>:{<resource>}.<selector>`: the braces make the resource the hash tag,
 * so that in a cluster everything about a resource is in one slot. Braces, percent signs and halves of surrogate pairs are percent-encoded.
 */
export class RecordKeys {
	readonly #records: string;
	readonly #indexes: string;
	readonly #unfinished: string;

	/** @throws InvalidOptionError for a namespace that is no text, is empty or has braces in it */
	constructor(namespace: string, store: string) {
		checkNamespace(namespace);
		this.#records = `${namespace}:${store}:`;
		this.#indexes = `${namespace}:${store}-index:`;
		this.#unfinished = `${namespace}:${store}-new:`;
	}

	/** A pattern of `SCAN` that all records match, and hardly anything else. */
	get recordPattern(): string {
		return `${escapePattern(this.#records)}{*`;
	}

	/** A pattern of `SCAN` that all indexes match. */
	get indexPattern(): string {
		return `${escapePattern(this.#indexes)}{*`;
	}

	/** Where the record of a key is. */
	placeOf(key: string): RecordPlace {
		const dot = key.indexOf('.');
		const tag = encode(dot === -1 ? key : key.slice(0, dot)) || EMPTY_TAG;
		const member = dot === -1 ? '' : encode(key.slice(dot));
		return {key, record: `${this.#records}{${tag}}${member}`, index: `${this.#indexes}{${tag}}`, member};
	}

	/** The index of what stands before the first dot of `resource`, where the keys that begin with it are. */
	indexOf(resource: string): string {
		return this.placeOf(`${resource}.`).index;
	}

	/** Where the record is that has a member in an index. */
	placeOfMember(index: string, member: string): RecordPlace {
		const tag = index.slice(this.#indexes.length);
		const record = `${this.#records}${tag}${member}`;
		return {key: this.#decode(record, this.#records) ?? '', record, index, member};
	}

	/** Where a record is that `SCAN` has found, or `undefined` for a key that is none of ours. */
	placeOfRecord(record: string): RecordPlace | undefined {
		const key = this.#decode(record, this.#records);
		const place = key === undefined ? undefined : this.placeOf(key);
		return place?.record === record ? place : undefined;
	}

	/** A key for a record of this place that is still being written. */
	unfinished({record}: RecordPlace, version: string): string {
		return `${this.#unfinished}${record.slice(this.#records.length)}.${version}`;
	}

	#decode(redisKey: string, prefix: string): string | undefined {
		const close = redisKey.indexOf('}', prefix.length);
		if (!redisKey.startsWith(`${prefix}{`) || close === -1) {
			return undefined;
		}
		const tag = redisKey.slice(prefix.length + 1, close);
		return decode((tag === EMPTY_TAG ? '' : tag) + redisKey.slice(close + 1));
	}
}

/** @throws InvalidOptionError for a name that cannot be the namespace of keys */
export function checkNamespace(name: unknown): void {
	if (typeof name !== 'string' || name === '' || /[{}]|\p{Surrogate}/u.test(name)) {
		throw new InvalidOptionError('name', name, 'a text that is not empty and has no braces');
	}
}

/** Most keys have nothing to encode. */
const ODD = /[%{}]|\p{Surrogate}/u;
const ALL_ODD = /[%{}]|\p{Surrogate}/gu;

function encode(text: string): string {
	return ODD.test(text) ? text.replace(ALL_ODD, encodeCharacter) : text;
}

function encodeCharacter(character: string): string {
	const code = character.charCodeAt(0).toString(16);
	// With `u` the pattern matches only halves of pairs that have lost the other half.
	return code.length > 2 ? `%u${code}` : `%${code}`;
}

function decode(text: string): string {
	return text.replace(/%(?:u([0-9a-f]{4})|([0-9a-f]{2}))/g, (_, long, short) =>
		String.fromCharCode(Number.parseInt(long ?? short, 16)),
	);
}

function escapePattern(text: string): string {
	return text.replace(/[\\*?[\]]/g, '\\$&');
}
