/** What to do with an answer: the half of the policy that runs when a response has arrived. */
import type {HttpRequest} from '../http/request.js';
import type {StoredResponse} from '../http/response.js';
import {answerFromStored} from './answer.js';
import type {EffectiveRequestSettings, EffectiveSettings} from './effective-settings.js';
import type {GivenAnswer} from './given-answer.js';
import {invalidationsBy} from './invalidation.js';
import {judgeHead, judgeNotModified} from './judge-freshening.js';
import {judgePart} from './judge-part.js';
import {type Life, lifeOf} from './life.js';
import type {Plan} from './plan.js';
import {NO_FACTS, type ResponseFacts, responseFacts} from './response-facts.js';
import {obstacleInResponse, obstacleTo, type ReceivedResponse, type SkipReason} from './storability.js';
import {storableFields} from './storable-fields.js';
import {isEverReusable, obstacleByRules, obstacleToPart, obstacleToPost} from './storing-rules.js';
import {storedVaryFields, varyFields} from './vary.js';
import type {EvictVerdict, Exchange, Invalidating, SkipVerdict, StoreVerdict, Verdict} from './verdict.js';

export {keepUntil} from './life.js';
export type {ReceivedResponse, SkipReason} from './storability.js';
export type {
	BodyPiece,
	CombineVerdict,
	EvictVerdict,
	Exchange,
	FreshenVerdict,
	RefetchVerdict,
	SkipVerdict,
	StoreVerdict,
	UseStoredVerdict,
	Verdict,
} from './verdict.js';

/**
 * What to do with the response to a request that was sent under `plan`.
 *
 * @param request - The request that the response answers. After redirects that is the last one, with its own URL and method.
 * @param stored - What `plan` was made with.
 * @param plan - The plan under which the request was sent; for the request behind a stale response, that of `planRefresh`.
 */
export function judgeResponse(
	request: HttpRequest,
	response: ReceivedResponse,
	exchange: Exchange,
	stored: StoredResponse | undefined,
	plan: Plan,
	settings: EffectiveSettings,
	requestSettings: EffectiveRequestSettings,
): Verdict {
	if (stored && isStandby(plan) && isServerFailure(response.statusCode)) {
		const answer = settings.cacheControl ? answerFromStored(request, stored) : 'whole';
		return {kind: 'useStored', ...(typeof answer === 'object' && {answer}), reason: 'staleIfError'};
	}
	const given: GivenAnswer = {request, response, exchange, stored, plan, settings, requestSettings};
	if (response.statusCode === 304 && plan.kind !== 'bypass' && plan.kind !== 'passThrough') {
		return judgeNotModified(given);
	}
	return (settings.cacheControl ? (judgeHead(given) ?? judgePart(given)) : undefined) ?? judgeForStoring(given);
}

/** Whether a status says that the server, or the way to it, failed: 500, 502, 503 or 504 (RFC 5861 §4, https://www.rfc-editor.org/rfc/rfc5861#section-4). */
export function isServerFailure(statusCode: number): boolean {
	return statusCode === 500 || (statusCode >= 502 && statusCode <= 504);
}

/** A response that has nothing to do with what is stored, but that it may take its place. */
function judgeForStoring(given: GivenAnswer): StoreVerdict | EvictVerdict | SkipVerdict {
	const {request, response, exchange, plan, settings, requestSettings} = given;
	const facts = settings.cacheControl
		? responseFacts({rawHeaders: response.rawHeaders, responseTime: exchange.responseTime}, settings.shared)
		: NO_FACTS;
	const life = lifeOf(request, response, exchange, settings, requestSettings);
	const obstacle =
		obstacleTo(request, plan, settings, requestSettings) ??
		(settings.cacheControl ? obstacleInAnswer(given, facts, life) : obstacleInResponse(response, settings));
	if (obstacle) {
		return reject(given, obstacle);
	}
	const vary = varyFields(response.rawHeaders);
	if (vary === '*') {
		return reject(given, 'varyStar');
	}
	return {
		kind: 'store',
		response: recordOf(given, facts, life),
		vary: storedVaryFields(vary, response.decoded),
		...(request.method === 'POST' && settings.cacheControl && {storeAs: toGet(request)}),
		...invalidating(given),
		reason: 'allowed',
	};
}

function obstacleInAnswer(given: GivenAnswer, facts: ResponseFacts, life: Life): SkipReason | undefined {
	const {request, response, exchange, settings, requestSettings} = given;
	const obstacle =
		obstacleByRules(request, response, facts, settings, requestSettings) ??
		(response.statusCode === 206 ? obstacleToPart(request, response) : undefined) ??
		(request.method === 'POST' ? obstacleToPost(request, response, facts) : undefined);
	if (obstacle) {
		return obstacle;
	}
	if (response.bodySize > settings.maxBodySize) {
		return 'bodyTooLarge';
	}
	return isEverReusable(response, facts, life, exchange.responseTime) ? undefined : 'neverReusable';
}

/** Without the response; and without the stored one either, where the response shows that it does not hold any more. */
function reject(given: GivenAnswer, reason: SkipReason): EvictVerdict | SkipVerdict {
	return isOvertaken(given) ? {kind: 'evict', reason} : {kind: 'skip', ...invalidating(given), reason};
}

/** Whether what is stored has been overtaken by an answer to the same request that is not stored itself (RFC 9111 §4.3.3). A failure overtakes nothing, nor does a refusal. */
function isOvertaken({request, response, stored, plan, settings}: GivenAnswer): boolean {
	const {statusCode} = response;
	const isForwarded = plan.kind === 'revalidate' || plan.kind === 'complete' || plan.kind === 'fetch';
	const isCurrent =
		(statusCode >= 200 && statusCode <= 399 && statusCode !== 206) || statusCode === 404 || statusCode === 410;
	return settings.cacheControl && !settings.readOnly && isForwarded && isCurrent && stored?.method === request.method;
}

function invalidating({request, response, settings}: GivenAnswer): Invalidating {
	const invalidations = invalidationsBy(request, response, settings);
	return invalidations.length === 0 ? {} : {invalidations};
}

function recordOf(
	{request, response, exchange, settings}: GivenAnswer,
	facts: ResponseFacts,
	life: Life,
): StoredResponse {
	const {requestTime, responseTime} = exchange;
	return {
		kind: 'response',
		method: settings.cacheControl && request.method === 'POST' ? 'GET' : request.method,
		url: response.url,
		statusCode: response.statusCode,
		statusMessage: response.statusMessage,
		httpVersion: response.httpVersion,
		rawHeaders: storableFields(response.rawHeaders, {decoded: response.decoded, without: facts.unstorableFields}),
		requestTime,
		responseTime,
		...life,
		createdAt: responseTime,
		bodySize: response.bodySize,
		decoded: response.decoded,
	};
}

/** The request that the answer to a `POST` may answer: the same without what is about its body. */
function toGet({body: _body, headers, ...request}: HttpRequest): HttpRequest {
	const kept = Object.entries(headers).filter(([name]) => !name.startsWith('content-'));
	return {...request, method: 'GET', headers: Object.fromEntries(kept)};
}

function isStandby(plan: Plan): boolean {
	return (plan.kind === 'revalidate' || plan.kind === 'fetch') && plan.standby;
}
