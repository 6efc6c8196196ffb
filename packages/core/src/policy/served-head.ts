/** The heads of answers that are made from a stored response, and not just that. */
import {formatContentRange} from '../http/byte-range.js';
import {type RawHeaders, withoutFields} from '../http/headers.js';
import type {HttpResponse, StoredResponse} from '../http/response.js';
import type {BodyPart} from './plan.js';

/** A response's head without its URL. */
export type ServedHead = Pick<HttpResponse, 'statusCode' | 'statusMessage' | 'rawHeaders'>;

/** The fields that a 304 must have of those of the 200 (RFC 9110 §15.4.5). `Age` goes with `Date`. */
const OF_A_304 = new Set(['age', 'cache-control', 'content-location', 'date', 'etag', 'expires', 'vary']);

const OF_ANOTHER_LENGTH = new Set(['content-length', 'content-range']);

/** The head of a 304 in place of a stored response; `Last-Modified` is there where no `ETag` is (RFC 9110 §15.4.5, https://www.rfc-editor.org/rfc/rfc9110#section-15.4.5). */
export function notModifiedHead({rawHeaders}: StoredResponse): ServedHead {
	const hasTag = rawHeaders.some((name, index) => index % 2 === 0 && name.toLowerCase() === 'etag');
	const kept: string[] = [];
	for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
		const name = rawHeaders[index]!.toLowerCase();
		if (OF_A_304.has(name) || (name === 'last-modified' && !hasTag)) {
			kept.push(rawHeaders[index]!, rawHeaders[index + 1]!);
		}
	}
	return {statusCode: 304, statusMessage: 'Not Modified', rawHeaders: kept};
}

/** The head of a 206 with a part of a stored response (RFC 9110 §15.3.7.1, https://www.rfc-editor.org/rfc/rfc9110#section-15.3.7.1). */
export function partialHead({rawHeaders}: StoredResponse, {contentRange, length}: BodyPart): ServedHead {
	return {
		statusCode: 206,
		statusMessage: 'Partial Content',
		rawHeaders: [
			...withoutFields(rawHeaders, OF_ANOTHER_LENGTH),
			'Content-Range',
			formatContentRange(contentRange),
			'Content-Length',
			String(length),
		],
	};
}

/** The head of a 416 to a range that begins after the end (RFC 9110 §15.5.17). `total` is the size of the whole. */
export function unsatisfiedRangeHead(total: number): ServedHead {
	return {
		statusCode: 416,
		statusMessage: 'Range Not Satisfiable',
		rawHeaders: ['Content-Range', `bytes */${total}`, 'Content-Length', '0'],
	};
}

/** The fields of a stored response with its `Age` (RFC 9111 §4), in whole seconds, in place of the one it came with. */
export function withAge(rawHeaders: RawHeaders, seconds: number): string[] {
	return [...withoutFields(rawHeaders, AGE), 'Age', String(seconds)];
}

const AGE = new Set(['age']);
