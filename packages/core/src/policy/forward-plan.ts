import {requestHeader} from '../http/headers.js';
import type {HttpRequest} from '../http/request.js';
import type {StoredResponse} from '../http/response.js';
import {answerFromStored} from './answer.js';
import type {Conditions, FetchPlan, ForwardPlan, ForwardReason, RevalidatePlan} from './plan.js';
import {hasListedTag} from './preconditions.js';
import {planCompletion, requestedRange} from './ranges.js';
import {conditionalHeaders} from './validation.js';

/**
 * Sends a request for which something is stored that may not be used as it is.
 *
 * @param standby - Whether what is stored may be served if the server fails.
 */
export function planForward(
	request: HttpRequest,
	stored: StoredResponse,
	standby: boolean,
	reason: ForwardReason,
): ForwardPlan {
	if (stored.statusCode === 206) {
		return planForwardWithPart(request, stored, reason);
	}
	if (stored.decoded && requestedRange(request)) {
		return {kind: 'fetch', standby, reason};
	}
	return planValidation(request, stored, standby, reason);
}

/** Asks whether what is stored holds, or for another response where it has nothing to ask by. */
export function planValidation(
	request: HttpRequest,
	stored: StoredResponse,
	standby: boolean,
	reason: ForwardReason,
): RevalidatePlan | FetchPlan {
	const conditions = validationConditions(request, stored);
	return Object.keys(conditions).length > 0
		? {kind: 'revalidate', conditions, standby, reason}
		: {kind: 'fetch', standby, reason};
}

/** A part is validated only for a range within it, and completed only for a request for the whole (RFC 9111 §4.3.1 and §3.3). */
function planForwardWithPart(request: HttpRequest, stored: StoredResponse, reason: ForwardReason): ForwardPlan {
	const answer = answerFromStored(request, stored);
	if (answer !== 'whole' && answer !== 'none' && answer.kind === 'servePartial') {
		return planValidation(request, stored, false, reason);
	}
	const {headers} = request;
	const wantsWhole =
		request.method === 'GET' &&
		headers['range'] === undefined &&
		headers['if-none-match'] === undefined &&
		headers['if-modified-since'] === undefined;
	return (wantsWhole ? planCompletion(stored) : undefined) ?? {kind: 'fetch', standby: false, reason};
}

/**
 * The fields by which to validate (RFC 9111 §4.3.1, https://www.rfc-editor.org/rfc/rfc9111#section-4.3.1): those of the stored response,
 * and its `ETag` together with those that the caller lists. Where only the caller has tags, a 304 would say nothing about what is stored, and so nothing is asked.
 */
function validationConditions(request: HttpRequest, stored: StoredResponse): Conditions {
	const own = conditionalHeaders(stored);
	const listed = requestHeader(request.headers, 'if-none-match');
	if (listed === undefined) {
		return own;
	}
	const etag = own['if-none-match'];
	if (etag === undefined) {
		return {};
	}
	return hasListedTag(listed, stored)
		? {...own, 'if-none-match': onlyOrAll(etag, listed)}
		: {...own, 'if-none-match': `${etag}, ${listed}`};
}

/** A caller's list that has the stored tag, or is `*`. */
function onlyOrAll(etag: string, listed: string): string {
	return listed.trim() === '*' ? etag : listed;
}
