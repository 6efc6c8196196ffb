/** What to do with an answer: the half of the policy that runs when a response has arrived. */
import type {HttpRequest} from '../http/request.js';
import type {StoredResponse} from '../http/response.js';
import type {EffectiveRequestSettings, EffectiveSettings} from './effective-settings.js';
import {expiresAt, MAX_TIME} from './expiration.js';
import type {FetchPlan, Plan, RevalidatePlan} from './plan-request.js';
import {resolveExpiration} from './resolve-expiration.js';
import {obstacleInResponse, obstacleTo, type ReceivedResponse, type SkipReason} from './storability.js';
import {storableFields} from './storable-fields.js';
import {freshenResponse, type Renewal, speaksOfStored} from './validation.js';
import {storedVaryFields, varyFields} from './vary.js';

export type {ReceivedResponse, SkipReason} from './storability.js';

/** What to do with a response. `reason` names the criterion that decided; logs and events say it. */
export type Verdict = StoreVerdict | FreshenVerdict | UseStoredVerdict | RefetchVerdict | SkipVerdict;

/** Store the response, and give it to the caller. */
export interface StoreVerdict {
	readonly kind: 'store';
	/** The record to write, with the fields that may be stored. */
	readonly response: StoredResponse;
	/** The request fields that choose among the variants; `undefined` without `Vary`. */
	readonly vary: readonly string[] | undefined;
	readonly reason: 'allowed';
}

/** A 304 to our validation: give the caller the stored body under this head. */
export interface FreshenVerdict {
	readonly kind: 'freshen';
	/** The stored response, renewed. */
	readonly response: StoredResponse;
	/** Whether to renew the record in the store too: not with `readOnly`, and not after a 304 with `Vary: *`. */
	readonly persist: boolean;
	readonly reason: 'notModified';
}

/** The server failed, and the stored response stands by: give the caller that one, and leave the store alone. */
export interface UseStoredVerdict {
	readonly kind: 'useStored';
	readonly reason: 'staleIfError';
}

/** A 304 to our validation that speaks of something else than what is stored: send the request once more, as the caller made it, and judge the answer under `plan`. */
export interface RefetchVerdict {
	readonly kind: 'refetch';
	readonly plan: FetchPlan;
	/** `credentialsChanged`: a hook had made the validation another user's. */
	readonly reason: 'etagMismatch' | 'credentialsChanged';
}

/** Give the caller the response as it is, and leave the store alone. */
export interface SkipVerdict {
	readonly kind: 'skip';
	readonly reason: SkipReason;
}

/** When a request was sent and when its response had arrived, in epoch milliseconds. */
export interface Exchange {
	readonly requestTime: number;
	readonly responseTime: number;
}

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
		return {kind: 'useStored', reason: 'staleIfError'};
	}
	const {requestTime, responseTime} = exchange;
	const renewal = {requestTime, responseTime, ...lifeOf(request, responseTime, settings, requestSettings)};
	if (response.statusCode === 304 && plan.kind !== 'bypass') {
		return stored && plan.kind === 'revalidate'
			? judgeNotModified(response, renewal, stored, plan, settings)
			: skip('unexpectedNotModified');
	}
	const obstacle = obstacleTo(request, plan, settings, requestSettings) ?? obstacleInResponse(response, settings);
	if (obstacle) {
		return skip(obstacle);
	}
	const vary = varyFields(response.rawHeaders);
	return vary === '*'
		? skip('varyStar')
		: {
				kind: 'store',
				response: recordOf(request, response, renewal),
				vary: storedVaryFields(vary, response.decoded),
				reason: 'allowed',
			};
}

/** Whether a status says that the server, or the way to it, failed: 500, 502, 503 or 504 (RFC 5861 §4, https://www.rfc-editor.org/rfc/rfc5861#section-4). */
export function isServerFailure(statusCode: number): boolean {
	return statusCode === 500 || (statusCode >= 502 && statusCode <= 504);
}

/**
 * Up to when a response that expires at `expires` may still be of use: to the end of the longer of the two stale windows, in epoch milliseconds.
 * `undefined`: there is no such bound, as it never expires or may be served stale for ever.
 */
export function keepUntil(
	expires: number | undefined,
	settings: Pick<EffectiveSettings, 'staleIfError' | 'staleWhileRevalidate'>,
): number | undefined {
	if (expires === undefined) {
		return undefined;
	}
	const until = expires + Math.max(settings.staleIfError, settings.staleWhileRevalidate);
	return until > MAX_TIME ? undefined : until;
}

function judgeNotModified(
	response: ReceivedResponse,
	renewal: Renewal,
	stored: StoredResponse,
	plan: RevalidatePlan,
	settings: EffectiveSettings,
): FreshenVerdict | RefetchVerdict {
	if (!speaksOfStored(response, stored)) {
		return {
			kind: 'refetch',
			plan: {kind: 'fetch', standby: plan.standby, reason: plan.reason},
			reason: 'etagMismatch',
		};
	}
	return {
		kind: 'freshen',
		response: freshenResponse(stored, response, renewal),
		persist: !settings.readOnly && varyFields(response.rawHeaders) !== '*',
		reason: 'notModified',
	};
}

function recordOf(request: HttpRequest, response: ReceivedResponse, renewal: Renewal): StoredResponse {
	return {
		kind: 'response',
		method: request.method,
		url: response.url,
		statusCode: response.statusCode,
		statusMessage: response.statusMessage,
		httpVersion: response.httpVersion,
		rawHeaders: storableFields(response.rawHeaders, response),
		...renewal,
		createdAt: renewal.responseTime,
		bodySize: response.bodySize,
		decoded: response.decoded,
	};
}

/** When an answer to this request expires, and up to when it may be of use, if it arrives at `responseTime` (epoch milliseconds). */
export function lifeOf(
	request: HttpRequest,
	responseTime: number,
	settings: EffectiveSettings,
	requestSettings: EffectiveRequestSettings,
): Pick<StoredResponse, 'expires' | 'keepUntil'> {
	const {expiration} = resolveExpiration(request.url, settings, requestSettings);
	const expires = expiresAt(expiration, responseTime);
	return {expires, keepUntil: keepUntil(expires, settings)};
}

function isStandby(plan: Plan): boolean {
	return (plan.kind === 'revalidate' || plan.kind === 'fetch') && plan.standby;
}

function skip(reason: SkipReason): SkipVerdict {
	return {kind: 'skip', reason};
}
