import {fieldLines, fieldValue} from '../http/headers.js';
import type {HttpRequest} from '../http/request.js';
import type {EffectiveRequestSettings, EffectiveSettings} from './effective-settings.js';
import {allowsHeuristic, freshnessOf} from './freshness.js';
import {fallbackExpiration} from './life.js';
import {contentRangeOf} from './ranges.js';
import {requestDirectives} from './request-directives.js';
import type {ResponseFacts} from './response-facts.js';
import type {ReceivedResponse, SkipReason} from './storability.js';

/** Statuses that answer one request and no other: a failed condition, a range out of reach, and those that RFC 6585 keeps out of caches. */
const NEVER_STORED: ReadonlySet<number> = new Set([304, 412, 416, 428, 429, 431, 511]);

/** Statuses whose rules for caching are known and kept here (RFC 9110 §15, RFC 7725 §3). */
const UNDERSTOOD: ReadonlySet<number> = new Set([
	...[200, 201, 202, 203, 204, 205, 206, 300, 301, 302, 303, 307, 308],
	...[400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 413, 414, 415, 417, 421, 422, 426, 451],
	...[500, 501, 502, 503, 504, 505],
]);

/** The head of a response that might be stored. */
export type StorableHead = Pick<ReceivedResponse, 'statusCode' | 'rawHeaders'>;

/**
 * What in RFC 9111 §3 forbids storing a response with this head, if there is something (https://www.rfc-editor.org/rfc/rfc9111#section-3):
 * its directives, its status, who asked, or that nothing makes it fresh.
 */
export function obstacleByRules(
	request: HttpRequest,
	response: StorableHead,
	facts: ResponseFacts,
	settings: EffectiveSettings,
	requestSettings: EffectiveRequestSettings,
): SkipReason | undefined {
	const {statusCode} = response;
	const {directives} = facts;
	if (NEVER_STORED.has(statusCode) || statusCode < 200) {
		return 'statusNeverStored';
	}
	const isUnderstood = UNDERSTOOD.has(statusCode);
	if (directives.mustUnderstand && !isUnderstood) {
		return 'statusNotUnderstood';
	}
	if (directives.noStore && !directives.mustUnderstand) {
		return 'noStore';
	}
	if (requestDirectives(request.headers).noStore) {
		return 'requestNoStore';
	}
	if (settings.shared && directives.isPrivate) {
		return 'private';
	}
	if (settings.shared && !mayShareAuthorized(request, facts)) {
		return 'authorization';
	}
	const mayBeFresh =
		facts.explicit !== undefined ||
		directives.isPrivate ||
		allowsHeuristic(statusCode, facts) ||
		fallbackExpiration(request, statusCode, facts, settings, requestSettings) !== undefined;
	return mayBeFresh ? undefined : 'noFreshness';
}

/** What forbids storing a 206 as a part (RFC 9111 §3.3, https://www.rfc-editor.org/rfc/rfc9111#section-3.3), if there is something. */
export function obstacleToPart(request: HttpRequest, response: ReceivedResponse): SkipReason | undefined {
	const part = contentRangeOf(response);
	if (request.headers['range'] === undefined || !part || response.decoded || response.bodySize === 0) {
		return 'rangeNotUnderstood';
	}
	const missing = part.last - part.first + 1 - response.bodySize;
	return missing === 0 || (missing > 0 && isFramed(response)) ? undefined : 'rangeNotUnderstood';
}

/** What forbids storing the answer to a `POST` for later `GET`s (RFC 9110 §9.3.3, https://www.rfc-editor.org/rfc/rfc9110#section-9.3.3), if there is something. */
export function obstacleToPost(
	request: HttpRequest,
	response: ReceivedResponse,
	facts: ResponseFacts,
): SkipReason | undefined {
	const location = fieldValue(response.rawHeaders, 'content-location');
	const isSuccess = response.statusCode >= 200 && response.statusCode <= 299 && response.statusCode !== 206;
	const isExplicit = freshnessOf(response.statusCode, facts, 0).milliseconds > 0 && facts.explicit !== undefined;
	const isOwn = location !== undefined && isSameUrl(location, request.url);
	return isSuccess && isExplicit && isOwn ? undefined : 'postNotReusable';
}

/** Whether a response that is stale from the start could ever be of use: it has a validator, was fresh when it was made, or may be served stale. */
export function isEverReusable(
	{rawHeaders, statusCode}: StorableHead,
	facts: ResponseFacts,
	{expires, keepUntil}: {readonly expires: number | undefined; readonly keepUntil: number | undefined},
	responseTime: number,
): boolean {
	if (expires === undefined || expires > responseTime || keepUntil === undefined || keepUntil > responseTime) {
		return true;
	}
	if (['etag', 'last-modified'].some(name => fieldLines(rawHeaders, name).length > 0)) {
		return true;
	}
	return !facts.forbidsStale && freshnessOf(statusCode, facts, responseTime).milliseconds > 0;
}

/** Whether the framing shows that a body came whole, however many bytes its `Content-Range` names. */
function isFramed({rawHeaders, bodySize}: ReceivedResponse): boolean {
	const length = fieldValue(rawHeaders, 'content-length');
	return length === String(bodySize) || /\bchunked\s*$/i.test(fieldValue(rawHeaders, 'transfer-encoding') ?? '');
}

function mayShareAuthorized({headers}: HttpRequest, {directives}: ResponseFacts): boolean {
	return (
		headers['authorization'] === undefined ||
		directives.isPublic ||
		directives.mustRevalidate ||
		directives.sMaxage !== undefined
	);
}

function isSameUrl(location: string, url: string): boolean {
	return URL.canParse(location, url) && withoutFragment(new URL(location, url)) === withoutFragment(new URL(url));
}

function withoutFragment(url: URL): string {
	return `${url.origin}${url.pathname}${url.search}`;
}
