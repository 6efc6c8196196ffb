/** What to do with a request: the half of the policy that runs before anything is sent. A hit passes through here, so it makes no objects on that way. */
import type {HttpRequest} from '../http/request.js';
import type {StoredResponse} from '../http/response.js';
import {answerFromStored} from './answer.js';
import {demandOfRequest, demandOnStored} from './demand-to-ask.js';
import type {EffectiveRequestSettings, EffectiveSettings} from './effective-settings.js';
import {expiresAt} from './expiration.js';
import {planForward, planValidation} from './forward-plan.js';
import type {FetchPlan, ForwardReason, Plan, RevalidatePlan, ServePlan, UnsatisfiablePlan} from './plan.js';
import {isOnlyIfCached, planWithoutStore} from './plan-without-store.js';
import {NO_DEMANDS, type RequestDirectives, requestDirectives} from './request-directives.js';
import {demandsAsking, NO_FACTS, type ResponseFacts, responseFacts} from './response-facts.js';
import {staleWindows} from './stale-windows.js';
import {hasOwnConditions} from './validation.js';

export type {
	BypassPlan,
	BypassReason,
	FetchPlan,
	ForwardReason,
	Plan,
	RevalidatePlan,
	ServePlan,
	ServeReason,
	ServeStalePlan,
	StaleReason,
	UnsatisfiablePlan,
} from './plan.js';
export {planWithoutStore} from './plan-without-store.js';

const FRESH: ServePlan = Object.freeze({kind: 'serve', reason: 'fresh'});
const NEVER_EXPIRES: ServePlan = Object.freeze({kind: 'serve', reason: 'neverExpires'});
const UNSATISFIABLE: UnsatisfiablePlan = Object.freeze({kind: 'unsatisfiable', reason: 'onlyIfCached'});

/** What is known when a request has found something stored. */
interface Situation {
	readonly request: HttpRequest;
	readonly stored: StoredResponse;
	/** What the request's own `Cache-Control` says; nothing without `cacheControl`. */
	readonly said: RequestDirectives;
	/** What the stored response says; nothing without `cacheControl`. */
	readonly facts: ResponseFacts;
	readonly settings: EffectiveSettings;
	readonly requestSettings: EffectiveRequestSettings;
	/** From when on it is stale for this request. */
	readonly expires: number | undefined;
	readonly now: number;
}

/**
 * What to do with a request for which `stored` is in the store and was not rejected by the filter function.
 *
 * A request's own `expireAfter` also bounds what is served: a stored response that arrived, or was last validated, longer ago is stale for it, and
 * the stale windows then count from that moment. It never makes a stale response fresh. With `cacheControl` it has no say over a response that itself says how long it is fresh.
 * What demands that the server is asked (`refresh`, `forceRefresh`, `alwaysRevalidate`, a request's `EXPIRE_IMMEDIATELY`, `no-cache` on either side, `max-age` and `min-fresh` of the request)
 * cannot be met under `onlyIfCached`; together they are unsatisfiable.
 *
 * @param now - Epoch milliseconds.
 */
export function planRequest(
	request: HttpRequest,
	stored: StoredResponse | undefined,
	settings: EffectiveSettings,
	requestSettings: EffectiveRequestSettings,
	now: number,
): Plan {
	const early = planWithoutStore(request, settings, requestSettings);
	if (early) {
		return early;
	}
	const said = settings.cacheControl ? requestDirectives(request.headers) : NO_DEMANDS;
	if (!stored || requestSettings.forceRefresh) {
		const reason = demandOfRequest(settings, requestSettings, said) ?? 'nothingStored';
		return isOnlyIfCached(settings, requestSettings, said) ? UNSATISFIABLE : {kind: 'fetch', standby: false, reason};
	}
	if (said === NO_DEMANDS && isPlainHit(request, stored, settings, requestSettings, now)) {
		return FRESH;
	}
	const facts = settings.cacheControl ? responseFacts(stored, settings.shared) : NO_FACTS;
	const expires = usableUntil(stored, requestSettings, facts);
	const demand =
		demandOfRequest(settings, requestSettings, said) ??
		demandOnStored(stored, expires, said, facts, requestSettings, now);
	const isFresh = expires === undefined || expires > now;
	if (!demand && isFresh && !needsFitting(request, stored, settings)) {
		return expires === undefined ? NEVER_EXPIRES : FRESH;
	}
	const situation: Situation = {request, stored, said, facts, settings, requestSettings, expires, now};
	if (demand) {
		return planDemanded(situation, demand);
	}
	return isFresh ? planFitted(situation) : planStale(situation);
}

/** The common case, in which comparing two times is enough. */
function isPlainHit(
	request: HttpRequest,
	stored: StoredResponse,
	settings: EffectiveSettings,
	requestSettings: EffectiveRequestSettings,
	now: number,
): boolean {
	return (
		stored.expires !== undefined &&
		stored.expires > now &&
		requestSettings.expireAfter === undefined &&
		!requestSettings.refresh &&
		!settings.alwaysRevalidate &&
		!(settings.cacheControl && demandsAsking(stored, settings.shared)) &&
		!needsFitting(request, stored, settings)
	);
}

/** The request behind a `serveStale` plan with `refresh`. Its `standby` says that a server failure leaves the stored response as it is. */
export function planRefresh(stored: StoredResponse, request?: HttpRequest): RevalidatePlan | FetchPlan {
	return planValidation(
		request ?? {method: stored.method, url: stored.url, headers: {}},
		stored,
		true,
		'staleWhileRevalidate',
	);
}

function planDemanded(situation: Situation, demand: ForwardReason): Plan {
	const {request, stored, said, facts, settings, requestSettings, expires, now} = situation;
	if (isOnlyIfCached(settings, requestSettings, said)) {
		return UNSATISFIABLE;
	}
	// Who says `no-cache` wants nothing but the server's word (RFC 9111 §5.2.1.4).
	const standby =
		demand !== 'requestNoCache' && isWithin(staleWindows(facts, said, settings).staleIfError, expires, now);
	return planForward(request, stored, standby, demand);
}

/** A fresh response that may not fit what the caller asks for: conditions, a range, or only a part is stored. */
function planFitted(situation: Situation): Plan {
	const {request, stored, said, settings, requestSettings, expires} = situation;
	const answer = answerFromStored(request, stored);
	if (answer === 'whole') {
		return expires === undefined ? NEVER_EXPIRES : FRESH;
	}
	if (answer !== 'none') {
		return answer;
	}
	if (isOnlyIfCached(settings, requestSettings, said)) {
		return UNSATISFIABLE;
	}
	if (stored.statusCode === 206) {
		return planForward(request, stored, false, 'partStored');
	}
	return {kind: 'fetch', standby: false, reason: 'rangeNotServable'};
}

function planStale(situation: Situation): Plan {
	const {request, stored, said, facts, settings, requestSettings, now} = situation;
	const expires = situation.expires!;
	const onlyIfCached = isOnlyIfCached(settings, requestSettings, said);
	const windows = staleWindows(facts, said, settings);
	const standby = isWithin(windows.staleIfError, expires, now);
	// What must be fitted to the request is not worth being served stale.
	if (!needsFitting(request, stored, settings)) {
		if (isWithin(windows.staleWhileRevalidate, expires, now)) {
			return {kind: 'serveStale', refresh: !onlyIfCached, reason: 'staleWhileRevalidate'};
		}
		if (said.maxStale !== undefined && !facts.forbidsStale && now - expires <= said.maxStale * 1000) {
			return {kind: 'serveStale', refresh: false, reason: 'maxStale'};
		}
		if (onlyIfCached && standby) {
			return {kind: 'serveStale', refresh: false, reason: 'staleIfError'};
		}
	}
	return onlyIfCached
		? UNSATISFIABLE
		: planForward(request, stored, standby, expires === stored.expires ? 'expired' : 'olderThanExpireAfter');
}

/** Whether more than time decides if what is stored answers the request. */
function needsFitting(request: HttpRequest, stored: StoredResponse, {cacheControl}: EffectiveSettings): boolean {
	return cacheControl && (stored.statusCode === 206 || hasOwnConditions(request));
}

/** The earlier of the stored response's expiration and the bound that the request sets; `undefined`: there is neither. */
function usableUntil(
	stored: StoredResponse,
	requestSettings: EffectiveRequestSettings,
	facts: ResponseFacts,
): number | undefined {
	if (requestSettings.expireAfter === undefined || facts.explicit) {
		return stored.expires;
	}
	const bound = expiresAt(requestSettings.expireAfter, stored.responseTime);
	if (bound === undefined || stored.expires === undefined) {
		return bound ?? stored.expires;
	}
	return Math.min(bound, stored.expires);
}

/** Whether `window` milliseconds after `expires` are not over. A window of 0 never is open, not even for a response that is fresh. */
function isWithin(window: number, expires: number | undefined, now: number): boolean {
	return window > 0 && (expires === undefined || now < expires + window);
}
