import {type ByteRange, type ContentRange, parseContentRange, parseRange} from '../http/byte-range.js';
import {isStrongTag} from '../http/entity-tag.js';
import {fieldLines, fieldValue, type RawHeaders} from '../http/headers.js';
import type {HttpRequest} from '../http/request.js';
import type {HttpResponse, StoredResponse} from '../http/response.js';
import type {BodyPart, CompletePlan} from './plan.js';

/** What a range means for a body: some bytes, none that exist (`unsatisfiable`, with the size of the whole), or `undefined`: it cannot be told, or they are not there. */
export type RangeAnswer = BodyPart | {readonly unsatisfiable: number} | undefined;

/** The range that a request asks for. Only `GET` has one (RFC 9110 §14.2). `unknown`: one that this cache does not understand. */
export function requestedRange(request: HttpRequest): ByteRange | 'unknown' | undefined {
	const value = request.headers['range'];
	if (value === undefined || request.method !== 'GET') {
		return undefined;
	}
	return (typeof value === 'string' ? parseRange(value) : undefined) ?? 'unknown';
}

/** The part of the whole that a 206 holds, or `undefined` where it cannot be understood or holds several. */
export function contentRangeOf({rawHeaders}: {readonly rawHeaders: RawHeaders}): ContentRange | undefined {
	const value = fieldValue(rawHeaders, 'content-range');
	return value === undefined ? undefined : parseContentRange(value);
}

/** A range of a complete body of `size` bytes (RFC 9110 §14.1.2, https://www.rfc-editor.org/rfc/rfc9110#section-14.1.2). */
export function rangeOfWhole(range: ByteRange, size: number): RangeAnswer {
	return rangeOfPart(range, {first: 0, last: size - 1, total: size}, size);
}

/**
 * A range of a body that is itself a part, if it lies within that part (RFC 9111 §3.3).
 * Where a server's `Content-Range` names more bytes than it sent, bytes are counted from that end of the part which the range names.
 *
 * @param size - Bytes of the part's body.
 */
export function rangeOfPart(range: ByteRange, part: ContentRange, size: number): RangeAnswer {
	const {total} = part;
	if (total !== undefined && isBeyond(range, total)) {
		return {unsatisfiable: total};
	}
	if (range.kind === 'suffix') {
		const length = Math.min(range.length, total ?? 0);
		const hasEnd = total !== undefined && part.last === total - 1;
		return hasEnd && length <= size ? partOf(size - length, length, total - length, total) : undefined;
	}
	const last = Math.min(range.last ?? Number.POSITIVE_INFINITY, (total ?? Number.POSITIVE_INFINITY) - 1);
	const offset = range.first - part.first;
	if (offset < 0 || offset >= size || last > part.last) {
		return undefined;
	}
	return partOf(offset, Math.min(last - range.first + 1, size - offset), range.first, total);
}

/**
 * How to ask for the bytes that a stored part lacks, or `undefined` where that cannot be done in one request, or what comes could not be joined
 * for want of a strong validator (RFC 9111 §3.3 and §3.4, https://www.rfc-editor.org/rfc/rfc9111#section-3.3).
 */
export function planCompletion(stored: StoredResponse): CompletePlan | undefined {
	const part = contentRangeOf(stored);
	const etag = strongTagOf(stored);
	if (!part || etag === undefined || stored.decoded || part.last - part.first + 1 !== stored.bodySize) {
		return undefined;
	}
	const range = missingRange(part);
	return range === undefined
		? undefined
		: {kind: 'complete', conditions: {range, 'if-range': etag}, standby: false, reason: 'partStored'};
}

/** The one strong `ETag` of a response. */
export function strongTagOf({rawHeaders}: Pick<HttpResponse, 'rawHeaders'>): string | undefined {
	const [etag, ...others] = fieldLines(rawHeaders, 'etag');
	return isStrongTag(etag) && others.length === 0 ? etag : undefined;
}

function isBeyond(range: ByteRange, total: number): boolean {
	return range.kind === 'suffix' ? range.length === 0 || total === 0 : range.first >= total;
}

function partOf(offset: number, length: number, first: number, total: number | undefined): BodyPart {
	return {offset, length, contentRange: {first, last: first + length - 1, total}};
}

function missingRange({first, last, total}: ContentRange): string | undefined {
	if (first === 0) {
		return total === last + 1 ? undefined : `bytes=${last + 1}-`;
	}
	return total === last + 1 ? `bytes=0-${first - 1}` : undefined;
}
