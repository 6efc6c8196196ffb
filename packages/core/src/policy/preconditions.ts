import {listedTags, matchesStrongly, matchesWeakly} from '../http/entity-tag.js';
import {fieldLines, requestHeader} from '../http/headers.js';
import {parseHttpDate} from '../http/http-date.js';
import type {HttpRequest} from '../http/request.js';
import type {StoredResponse} from '../http/response.js';
import type {NotModifiedPlan} from './plan.js';
import {type ResponseFacts, responseFacts} from './response-facts.js';

const ETAG_MATCHES: NotModifiedPlan = Object.freeze({kind: 'notModified', reason: 'etagMatches'});
const NOT_MODIFIED_SINCE: NotModifiedPlan = Object.freeze({kind: 'notModified', reason: 'notModifiedSince'});

/** Conditions that only the server can judge, as they are about what the request is to do (RFC 9110 §13.1.1 and §13.1.4). */
export function hasConditionsForServer({headers}: HttpRequest): boolean {
	return headers['if-match'] !== undefined || headers['if-unmodified-since'] !== undefined;
}

/**
 * The answer to a caller's `If-None-Match`, or else its `If-Modified-Since`, if it already has what is stored
 * (RFC 9111 §4.3.2, https://www.rfc-editor.org/rfc/rfc9111#section-4.3.2).
 * A date is compared with `Last-Modified`, or failing that with `Date`, or failing that with the time of arrival.
 */
export function answerConditions(request: HttpRequest, stored: StoredResponse): NotModifiedPlan | undefined {
	const ifNoneMatch = requestHeader(request.headers, 'if-none-match');
	if (ifNoneMatch !== undefined) {
		return hasListedTag(ifNoneMatch, stored) ? ETAG_MATCHES : undefined;
	}
	const ifModifiedSince = requestHeader(request.headers, 'if-modified-since');
	if (ifModifiedSince === undefined) {
		return undefined;
	}
	const since = parseHttpDate(ifModifiedSince, stored.responseTime);
	const facts = factsOf(stored);
	const modified = facts.lastModified ?? facts.date ?? stored.responseTime;
	return since !== undefined && modified <= since ? NOT_MODIFIED_SINCE : undefined;
}

/** Whether the `If-Range` of a request, if it has one, lets its range be taken from what is stored (RFC 9110 §13.1.5, https://www.rfc-editor.org/rfc/rfc9110#section-13.1.5). */
export function allowsRange(request: HttpRequest, stored: StoredResponse): boolean {
	const ifRange = requestHeader(request.headers, 'if-range');
	if (ifRange === undefined) {
		return true;
	}
	const [etag] = fieldLines(stored.rawHeaders, 'etag');
	if (matchesStrongly(ifRange, etag)) {
		return true;
	}
	const {lastModified, date} = factsOf(stored);
	// A date tells versions apart only if a second lies between the change and the answer (RFC 9110 §8.8.2.2).
	const isStrongDate = lastModified !== undefined && date !== undefined && date - lastModified >= 1000;
	return isStrongDate && parseHttpDate(ifRange, stored.responseTime) === lastModified;
}

/** Whether one of the tags that a caller lists is that of what is stored; `*` is. */
export function hasListedTag(ifNoneMatch: string, {rawHeaders}: Pick<StoredResponse, 'rawHeaders'>): boolean {
	const tags = listedTags(ifNoneMatch);
	if (tags === '*') {
		return true;
	}
	const [etag] = fieldLines(rawHeaders, 'etag');
	return etag !== undefined && tags.some(tag => matchesWeakly(tag, etag));
}

/** Dates are the same to private and shared caches. */
function factsOf(stored: StoredResponse): ResponseFacts {
	return responseFacts(stored, false);
}
