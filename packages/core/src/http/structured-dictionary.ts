/**
 * Dictionaries of structured fields (RFC 9651 §3.2), read strictly: one mistake anywhere, and the whole field says nothing.
 * Parameters are checked and left out, since nobody here has a use for them.
 */

/** A value in a dictionary, with its type. */
export type StructuredValue =
	| {readonly type: 'boolean'; readonly value: boolean}
	| {readonly type: 'integer'; readonly value: number}
	| {readonly type: 'string'; readonly value: string}
	| {readonly type: 'token'; readonly value: string}
	/** Decimals, byte sequences, dates, display strings and inner lists: recognised, and not told apart. */
	| {readonly type: 'other'};

const KEY = /[a-z*][a-z\d_.*-]*/y;
const INTEGER = /-?\d{1,15}(?![\d.])/y;
const DECIMAL = /-?\d{1,12}\.\d{1,3}(?![\d.])/y;
const STRING = /"((?:[\x20\x21\x23-\x5B\x5D-\x7E]|\\["\\])*)"/y;
const TOKEN = /[A-Za-z*][!#$%&'*+.^_`|~\dA-Za-z:/-]*/y;
const BYTES = /:[A-Za-z\d+/]*={0,2}:/y;
const BOOLEAN = /\?[01]/y;
const DATE = /@-?\d{1,15}(?![\d.])/y;
const DISPLAY_STRING = /%"(?:[\x20\x21\x23\x24\x26-\x7E]|%[\da-f]{2})*"/y;
const SPACES = / */y;
const OPTIONAL_SPACE = /[ \t]*/y;

/** A dictionary by its keys, or `undefined` where the text is none (RFC 9651 §4.2.2, https://www.rfc-editor.org/rfc/rfc9651#section-4.2.2). Never throws. */
export function parseDictionary(text: string): ReadonlyMap<string, StructuredValue> | undefined {
	const reader = new Reader(text);
	reader.take(SPACES);
	const members = new Map<string, StructuredValue>();
	while (!reader.isAtEnd) {
		const key = reader.take(KEY);
		const value = key === undefined ? undefined : readMember(reader);
		if (key === undefined || value === undefined) {
			return undefined;
		}
		members.set(key, value);
		reader.take(OPTIONAL_SPACE);
		if (reader.isAtEnd) {
			return members;
		}
		const hasNext = reader.takeCharacter(',');
		reader.take(OPTIONAL_SPACE);
		if (!hasNext || reader.isAtEnd) {
			return undefined;
		}
	}
	return members;
}

/** Goes through a text from the left. */
class Reader {
	readonly #text: string;
	#position = 0;

	constructor(text: string) {
		// Trailing spaces belong to no member (RFC 9651 §4.2).
		this.#text = text.slice(0, endWithoutSpaces(text));
	}

	get isAtEnd(): boolean {
		return this.#position >= this.#text.length;
	}

	/** What a sticky pattern matches here: its first group, or else all of it. */
	take(pattern: RegExp): string | undefined {
		pattern.lastIndex = this.#position;
		const match = pattern.exec(this.#text);
		if (!match) {
			return undefined;
		}
		this.#position += match[0].length;
		return match[1] ?? match[0];
	}

	takeCharacter(character: string): boolean {
		const isNext = this.#text[this.#position] === character;
		this.#position += isNext ? 1 : 0;
		return isNext;
	}
}

function endWithoutSpaces(text: string): number {
	let end = text.length;
	while (text[end - 1] === ' ') {
		end--;
	}
	return end;
}

function readMember(reader: Reader): StructuredValue | undefined {
	const value = reader.takeCharacter('=')
		? (readInnerList(reader) ?? readBareItem(reader))
		: ({type: 'boolean', value: true} as const);
	return value && readParameters(reader) ? value : undefined;
}

function readInnerList(reader: Reader): StructuredValue | undefined {
	if (!reader.takeCharacter('(')) {
		return undefined;
	}
	for (let isFirst = true; ; isFirst = false) {
		const spaces = reader.take(SPACES);
		if (reader.takeCharacter(')')) {
			return {type: 'other'};
		}
		if ((spaces === '' && !isFirst) || !readBareItem(reader) || !readParameters(reader)) {
			return undefined;
		}
	}
}

function readBareItem(reader: Reader): StructuredValue | undefined {
	const integer = reader.take(INTEGER);
	if (integer !== undefined) {
		return {type: 'integer', value: Number(integer)};
	}
	const string = reader.take(STRING);
	if (string !== undefined) {
		return {type: 'string', value: string.replace(/\\(.)/g, '$1')};
	}
	const token = reader.take(TOKEN);
	if (token !== undefined) {
		return {type: 'token', value: token};
	}
	const boolean = reader.take(BOOLEAN);
	if (boolean !== undefined) {
		return {type: 'boolean', value: boolean === '?1'};
	}
	const other = [DECIMAL, BYTES, DATE, DISPLAY_STRING].some(pattern => reader.take(pattern) !== undefined);
	return other ? {type: 'other'} : undefined;
}

/** Passes over parameters. @returns whether they are well formed */
function readParameters(reader: Reader): boolean {
	while (reader.takeCharacter(';')) {
		reader.take(SPACES);
		if (reader.take(KEY) === undefined || (reader.takeCharacter('=') && !readBareItem(reader))) {
			return false;
		}
	}
	return true;
}
