/** Byte ranges as requests ask for them and as responses name them (RFC 9110 §14). Positions count from 0, and `last` is the last one that belongs to a range. */

/** What a `Range` field asks for. */
export type ByteRange =
	/** From a position on: to `last`, or to the end. */
	| {readonly kind: 'from'; readonly first: number; readonly last: number | undefined}
	/** The last bytes, `length` of them. */
	| {readonly kind: 'suffix'; readonly length: number};

/** What a `Content-Range` field says of a body. */
export interface ContentRange {
	readonly first: number;
	readonly last: number;
	/** Bytes of the whole; `undefined`: not known. */
	readonly total: number | undefined;
}

/** Fifteen digits are safe integers; nothing longer is a position of anything. */
const RANGE = /^bytes=[ \t]*(\d{0,15})-(\d{0,15})[ \t]*$/i;
const CONTENT_RANGE = /^bytes[ \t]+(\d{1,15})-(\d{1,15})\/(?:(\d{1,15})|\*)$/i;

/** A `Range` of one range of bytes, or `undefined` for several, other units and everything malformed (RFC 9110 §14.1.2 and §14.2). */
export function parseRange(value: string): ByteRange | undefined {
	const [, first, last] = RANGE.exec(value) ?? [];
	if (first === undefined || last === undefined || (first === '' && last === '')) {
		return undefined;
	}
	if (first === '') {
		return {kind: 'suffix', length: Number(last)};
	}
	const range = {kind: 'from', first: Number(first), last: last === '' ? undefined : Number(last)} as const;
	return range.last !== undefined && range.last < range.first ? undefined : range;
}

/** A `Content-Range` of a range of bytes, or `undefined` for anything else (RFC 9110 §14.4). */
export function parseContentRange(value: string): ContentRange | undefined {
	const [, first, last, total] = CONTENT_RANGE.exec(value) ?? [];
	if (first === undefined) {
		return undefined;
	}
	const range = {first: Number(first), last: Number(last), total: total === undefined ? undefined : Number(total)};
	const isPossible = range.first <= range.last && (range.total === undefined || range.last < range.total);
	return isPossible ? range : undefined;
}

/** A `Content-Range` as text. */
export function formatContentRange({first, last, total}: ContentRange): string {
	return `bytes ${first}-${last}/${total ?? '*'}`;
}
