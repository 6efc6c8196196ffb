import {type ContentRange, formatContentRange} from '../http/byte-range.js';
import {withoutFields} from '../http/headers.js';
import type {StoredResponse} from '../http/response.js';
import {contentRangeOf, strongTagOf} from './ranges.js';
import type {ReceivedResponse} from './storability.js';
import {freshenedFields} from './validation.js';
import type {BodyPiece} from './verdict.js';

/** Two parts of the same representation as one. */
export interface CombinedParts {
	readonly statusCode: 200 | 206;
	readonly statusMessage: string;
	readonly rawHeaders: readonly string[];
	readonly bodySize: number;
	/** What the body is put together of, in order. */
	readonly pieces: readonly BodyPiece[];
}

const OF_A_PART = new Set(['content-length', 'content-range']);

/**
 * A stored part and one that has come joined to one, or `undefined` where they do not belong together: they must have the same strong `ETag`, bodies as long as they say,
 * the same whole, and no gap between them (RFC 9111 §3.4 and RFC 9110 §15.3.7.3, https://www.rfc-editor.org/rfc/rfc9111#section-3.4).
 *
 * @param without - Fields of the new part that are not taken over, in lower case.
 */
export function combineParts(
	stored: StoredResponse,
	received: ReceivedResponse,
	responseTime: number,
	without: readonly string[],
): CombinedParts | undefined {
	const old = exactRange(stored);
	const fresh = exactRange(received);
	const etag = strongTagOf(stored);
	if (!old || !fresh || etag === undefined || etag !== strongTagOf(received)) {
		return undefined;
	}
	const isSameWhole = old.total === undefined || fresh.total === undefined || old.total === fresh.total;
	if (!isSameWhole || old.first > fresh.last + 1 || fresh.first > old.last + 1) {
		return undefined;
	}
	const range: ContentRange = {
		first: Math.min(old.first, fresh.first),
		last: Math.max(old.last, fresh.last),
		total: old.total ?? fresh.total,
	};
	const bodySize = range.last - range.first + 1;
	const isWhole = bodySize === range.total;
	return {
		statusCode: isWhole ? 200 : 206,
		statusMessage: isWhole ? 'OK' : 'Partial Content',
		rawHeaders: [
			...withoutFields(freshenedFields(stored, received, responseTime, without), OF_A_PART),
			...(isWhole ? [] : ['Content-Range', formatContentRange(range)]),
			'Content-Length',
			String(bodySize),
		],
		bodySize,
		pieces: piecesOf(old, fresh),
	};
}

/** The stored bytes before the new ones, the new ones, and the stored bytes after them. */
function piecesOf(old: ContentRange, fresh: ContentRange): BodyPiece[] {
	const pieces: BodyPiece[] = [
		{from: 'stored', start: 0, end: Math.max(0, fresh.first - old.first)},
		{from: 'received', start: 0, end: fresh.last - fresh.first + 1},
		{from: 'stored', start: Math.max(0, fresh.last + 1 - old.first), end: old.last - old.first + 1},
	];
	return pieces.filter(({start, end}) => end > start);
}

/** The range of a 206 whose body is as long as it says. */
function exactRange(
	part: Pick<ReceivedResponse, 'statusCode' | 'rawHeaders' | 'bodySize' | 'decoded'>,
): ContentRange | undefined {
	const range = part.statusCode === 206 && !part.decoded ? contentRangeOf(part) : undefined;
	return range && range.last - range.first + 1 === part.bodySize ? range : undefined;
}
