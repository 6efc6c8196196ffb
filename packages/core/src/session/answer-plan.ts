/** Responses that are made of what is stored. */
import {assertNever} from '../policy/assert-never.js';
import type {AnswerPlan} from '../policy/plan.js';
import {notModifiedHead, partialHead, type ServedHead, unsatisfiedRangeHead} from '../policy/served-head.js';
import type {BodyHandle} from '../storage/base-cache.js';
import {BytesBody} from '../storage/bytes-body.js';
import type {Decision} from './decision.js';
import type {SessionResponse} from './session-response.js';
import type {FoundResponse} from './stores/find-stored.js';
import {partOf} from './streams/part-of-body.js';

const NO_URLS: readonly string[] = Object.freeze([]);
const NO_BODY = new BytesBody(new Uint8Array());

/** What was found, as a response. @param stored - its renewed head */
export function serveStored(
	{body, hops, key, request, stored: foundHead}: FoundResponse,
	decision: Decision,
	stored = foundHead,
): SessionResponse {
	return {
		statusCode: stored.statusCode,
		statusMessage: stored.statusMessage,
		httpVersion: stored.httpVersion,
		rawHeaders: stored.rawHeaders,
		url: request.url,
		redirectUrls: hops.length === 0 ? NO_URLS : hops.map(hop => hop.nextUrl),
		method: request.method,
		storedHops: hops,
		body,
		isFromCache: true,
		cached: {key, createdAt: stored.createdAt, expires: stored.expires},
		stored,
		decision,
	};
}

/** What was found as the caller's own conditions and range have it; without `answer` the whole. @param stored - its renewed head */
export async function serveAnswer(
	found: FoundResponse,
	answer: AnswerPlan | undefined,
	decision: Decision,
	stored = found.stored,
): Promise<SessionResponse> {
	const whole = serveStored(found, decision, stored);
	switch (answer?.kind) {
		case undefined:
			return whole;
		case 'notModified':
			return withHead(whole, notModifiedHead(stored), NO_BODY);
		case 'servePartial': {
			return withHead(whole, partialHead(stored, answer.part), await partOf(found.body, answer.part));
		}
		case 'rangeNotSatisfiable':
			// The refusal is made now: it has no age.
			return {...withHead(whole, unsatisfiedRangeHead(answer.total), NO_BODY), stored: undefined};
		default:
			return assertNever(answer);
	}
}

/** The answer where nothing may be sent and nothing usable is stored (RFC 9111 §5.2.1.7). */
export function gatewayTimeout(url: string, decision: Decision): SessionResponse {
	return {
		statusCode: 504,
		statusMessage: 'Gateway Timeout',
		httpVersion: '1.1',
		rawHeaders: [],
		url,
		redirectUrls: NO_URLS,
		body: NO_BODY,
		isFromCache: false,
		decision,
	};
}

function withHead(whole: SessionResponse, head: ServedHead, body: BodyHandle): SessionResponse {
	return {...whole, ...head, body};
}
