import {fieldLines, type RawHeaders, type RequestHeaders, withoutFields} from '../http/headers.js';
import {formatHttpDate} from '../http/http-date.js';
import type {HttpResponse, StoredResponse} from '../http/response.js';
import type {Conditions} from './plan.js';
import {storableFields} from './storable-fields.js';

/** The fields by which a caller asks for something else than the whole, current response (RFC 9110 §13.1 and §14.2). */
const CONDITIONAL_FIELDS = [
	'if-none-match',
	'if-modified-since',
	'if-match',
	'if-unmodified-since',
	'if-range',
	'range',
];

/** What the body in the store depends on, and a 304 must not change (RFC 9111 §3.2). `Content-Type` is not one: bodies are parsed afresh for each caller. */
const TIED_TO_THE_BODY = new Set([
	'content-digest',
	'content-encoding',
	'content-length',
	'content-md5',
	'content-range',
]);

/** What may be sent in a field's value: no control characters but tabs, and nothing beyond Latin-1 (RFC 9110 §5.5). */
const SENDABLE = /^[\t\x20-\x7E\x80-\xFF]+$/;

/**
 * The fields to add to a request to learn whether a stored response still holds: `If-None-Match` from its `ETag`, `If-Modified-Since` from its
 * `Last-Modified`; empty where it has neither (RFC 9111 §4.3.1, https://www.rfc-editor.org/rfc/rfc9111#section-4.3.1).
 * Validators go back as they came, so that a server that compares them as text finds its own; one that came in different versions, or cannot be sent, does not.
 */
export function conditionalHeaders(stored: HttpResponse): Conditions {
	const conditions: Record<string, string> = {};
	const etag = validator(stored.rawHeaders, 'etag');
	if (etag !== undefined) {
		conditions['if-none-match'] = etag;
	}
	const lastModified = validator(stored.rawHeaders, 'last-modified');
	if (lastModified !== undefined) {
		conditions['if-modified-since'] = lastModified;
	}
	return conditions;
}

/** Whether the caller itself asks for a range or makes its request conditional. */
export function hasOwnConditions(request: {readonly headers: RequestHeaders}): boolean {
	for (const name of CONDITIONAL_FIELDS) {
		if (request.headers[name] !== undefined) {
			return true;
		}
	}
	return false;
}

/**
 * Whether a 304 speaks of the stored response (RFC 9111 §4.3.4, https://www.rfc-editor.org/rfc/rfc9111#section-4.3.4): not if both have an `ETag` and these differ.
 * Weakness makes no difference here, as servers that compress as they send weaken the tag of a 200, and not that of a 304.
 */
export function speaksOfStored(notModified: HttpResponse, stored: HttpResponse): boolean {
	const current = validator(notModified.rawHeaders, 'etag');
	const known = validator(stored.rawHeaders, 'etag');
	return current === undefined || known === undefined || opaqueTag(current) === opaqueTag(known);
}

/**
 * The fields of a stored response after a 304 that speaks of it: those that the 304 has replace those of the same name, the others stay
 * (RFC 9111 §3.2, https://www.rfc-editor.org/rfc/rfc9111#section-3.2). What is never stored, and what the body depends on, is not taken over.
 *
 * @param responseTime - When the 304 arrived, in epoch milliseconds: stands in for its `Date` (RFC 9110 §6.6.1).
 * @param without - Fields that are not taken over, in lower case.
 */
export function freshenedFields(
	stored: StoredResponse,
	notModified: HttpResponse,
	responseTime: number,
	without: readonly string[] = [],
): string[] {
	const storable = storableFields(notModified.rawHeaders, {decoded: stored.decoded, without});
	const updates = withoutFields(storable, TIED_TO_THE_BODY);
	// An old `Age` says nothing about the new answer.
	const replaced = new Set(['age']);
	for (let index = 0; index < updates.length; index += 2) {
		replaced.add(updates[index]!.toLowerCase());
	}
	// Nor does an old `Date`: the response would seem to have aged all the time.
	if (!replaced.has('date') && fieldLines(stored.rawHeaders, 'date').length > 0) {
		replaced.add('date');
		updates.push('Date', formatHttpDate(responseTime));
	}
	return [...withoutFields(stored.rawHeaders, replaced), ...updates];
}

function validator(rawHeaders: RawHeaders, name: string): string | undefined {
	const [value, ...others] = fieldLines(rawHeaders, name);
	return value !== undefined && SENDABLE.test(value) && others.every(other => other === value) ? value : undefined;
}

function opaqueTag(etag: string): string {
	return etag.replace(/^W\//, '');
}
