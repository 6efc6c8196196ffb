import {decodeMetadata, type StoredMetadata} from 'got-client-cache';
import type {Encoding} from './compression.js';

/** An item as it comes from a table, which anybody may have written: nothing is known of its values. */
export type RawItem = Readonly<Record<string, unknown>>;

/** The version of the layout of items. A record of another one is a miss. */
export const ITEM_FORMAT = 1;

/** What is known of a body without reading it. */
export interface BodyFacts {
	/** In bytes, as it was given. */
	readonly size: number;
	/** How it is stored. */
	readonly encoding: Encoding;
}

/** A record's item that was found to be sound. */
export interface SoundRecord extends BodyFacts {
	/** See {@link parseVersion}. */
	readonly version: string;
	/** Decoded. */
	readonly metadata: StoredMetadata;
	/** As it is stored; `undefined`: it is in parts. */
	readonly body: Uint8Array | undefined;
}

/** What a version says: a random id, which the parts of its body have in their keys, and how many of them there are. */
export interface Version {
	/** Random. */
	readonly id: string;
	/** 0: the body is in the record's own item. */
	readonly parts: number;
}

/** The attributes that are needed to list records. */
export const ENTRY_ATTRIBUTES = ['pk', 'sk', 'name', 'format', 'version', 'metadata', 'ttl'] as const;

/** What is left of an item when nothing of it is needed but which record it is. */
export const KEY_ATTRIBUTES = ['pk', 'sk', 'name'] as const;

/** How many parts a version can have: nobody is led to ask for more by what a table says. */
export const MOST_PARTS = 9999;

/** Puts a version together. */
export function versionOf({id, parts}: Version): string {
	return parts === 0 ? id : `${id}.${parts}`;
}

/** Takes a version apart; `undefined` where it is none of ours. */
export function parseVersion(version: unknown): Version | undefined {
	const [, id, parts = 0] = /^([\da-f-]{36})(?:\.([1-9]\d{0,3}))?$/.exec(String(version)) ?? [];
	return id === undefined ? undefined : {id, parts: Number(parts)};
}

/** Whether DynamoDB should have removed an item by now; it may take days to. @param now epoch milliseconds */
export function isOver({ttl}: RawItem, now: number): boolean {
	return typeof ttl === 'number' && ttl * 1000 <= now;
}

/** The version and the metadata of an item, or `undefined` where they are damaged or of an unknown format. */
export function readEntry({
	format,
	version,
	metadata: text,
}: RawItem): Pick<SoundRecord, 'version' | 'metadata'> | undefined {
	if (format !== ITEM_FORMAT || typeof version !== 'string' || typeof text !== 'string' || !parseVersion(version)) {
		return undefined;
	}
	const metadata = decodeMetadata(text);
	return metadata && {version, metadata};
}

/** A record, or `undefined` where it is damaged or of an unknown format. */
export function readRecord(item: RawItem): SoundRecord | undefined {
	const entry = readEntry(item);
	const {size, encoding, body} = item;
	if (!entry || !isSize(size) || !isEncoding(encoding)) {
		return undefined;
	}
	const facts = {...entry, size, encoding};
	if (parseVersion(entry.version)?.parts !== 0) {
		return body === undefined ? {...facts, body} : undefined;
	}
	if (!(body instanceof Uint8Array) || (encoding === undefined && body.byteLength !== size)) {
		return undefined;
	}
	return {...facts, body};
}

function isSize(size: unknown): size is number {
	return Number.isSafeInteger(size) && Number(size) >= 0;
}

function isEncoding(encoding: unknown): encoding is Encoding {
	return encoding === undefined || encoding === 'br';
}
