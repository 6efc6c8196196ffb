/** What to do with a request: the half of the policy that runs before anything is sent. A hit passes through here, so it makes no objects on that way. */
import type {HttpRequest} from '../http/request.js';
import type {StoredResponse} from '../http/response.js';
import type {EffectiveRequestSettings, EffectiveSettings} from './effective-settings.js';
import {expiresAt} from './expiration.js';
import {isVetoed} from './resolve-expiration.js';
import {type Conditions, conditionalHeaders, hasOwnConditions} from './validation.js';

/** What to do with a request. `reason` names the criterion that decided; logs and events say it. */
export type Plan = ServePlan | ServeStalePlan | RevalidatePlan | FetchPlan | UnsatisfiablePlan | BypassPlan;

/** Answer from the store. */
export interface ServePlan {
	readonly kind: 'serve';
	readonly reason: ServeReason;
}

/** Answer from the store with a stale response; with `refresh`, renew it behind, by what {@link planRefresh} says. */
export interface ServeStalePlan {
	readonly kind: 'serveStale';
	readonly refresh: boolean;
	readonly reason: StaleReason;
}

/** Send the request with `conditions` added, to learn whether the stored response still holds. */
export interface RevalidatePlan {
	readonly kind: 'revalidate';
	/** Request fields to add, names in lower case. */
	readonly conditions: Conditions;
	/** Whether the stored response may be served if the server fails. */
	readonly standby: boolean;
	readonly reason: ForwardReason;
}

/** Send the request as it is. */
export interface FetchPlan {
	readonly kind: 'fetch';
	/** Whether the stored response may be served if the server fails. */
	readonly standby: boolean;
	readonly reason: ForwardReason;
}

/** Answer 504: nothing usable is stored and nothing may be sent. */
export interface UnsatisfiablePlan {
	readonly kind: 'unsatisfiable';
	readonly reason: 'onlyIfCached';
}

/** Send the request as it is: the cache takes no part, neither now nor when the answer comes. */
export interface BypassPlan {
	readonly kind: 'bypass';
	readonly reason: BypassReason;
}

/** Why a stored response is served as fresh: it has not expired yet, or never does. */
export type ServeReason = 'fresh' | 'neverExpires';

/** The setting that lets a stale response be served. */
export type StaleReason = 'staleWhileRevalidate' | 'staleIfError';

/** Why a request is sent. */
export type ForwardReason =
	/** There is no stored response, or the filter function rejects it. */
	| 'nothingStored'
	/** The stored response is past its expiration. */
	| 'expired'
	/** The stored response is older than this request's own `expireAfter` allows. */
	| 'olderThanExpireAfter'
	/** This request says `EXPIRE_IMMEDIATELY`. */
	| 'expireImmediately'
	| 'alwaysRevalidate'
	| 'refresh'
	| 'forceRefresh'
	/** A stale response was served, and is renewed behind. */
	| 'staleWhileRevalidate';

/** Why the cache takes no part. */
export type BypassReason =
	/** `cache: false`. */
	| 'cacheDisabled'
	/** The method is not in `allowedMethods`. */
	| 'methodNotAllowed'
	/** `DO_NOT_CACHE`, at whatever level. */
	| 'doNotCache'
	/** The request's body can be read only once, so it cannot be part of a key. */
	| 'streamBody'
	/** The caller asks for a range, or makes its request conditional itself. */
	| 'ownConditions';

const FRESH: ServePlan = Object.freeze({kind: 'serve', reason: 'fresh'});
const NEVER_EXPIRES: ServePlan = Object.freeze({kind: 'serve', reason: 'neverExpires'});
const UNSATISFIABLE: UnsatisfiablePlan = Object.freeze({kind: 'unsatisfiable', reason: 'onlyIfCached'});

/**
 * What can be said before the store is read: the cache takes no part, or (with `onlyIfCached` besides) the request cannot be answered.
 * `undefined`: read the store and ask {@link planRequest}.
 */
export function planWithoutStore(
	request: HttpRequest,
	settings: EffectiveSettings,
	requestSettings: EffectiveRequestSettings,
): BypassPlan | UnsatisfiablePlan | undefined {
	const reason = bypassReason(request, settings, requestSettings);
	if (reason === undefined) {
		return undefined;
	}
	return isOnlyIfCached(settings, requestSettings) ? UNSATISFIABLE : {kind: 'bypass', reason};
}

/**
 * What to do with a request for which `stored` is in the store and was not rejected by the filter function.
 *
 * A request's own `expireAfter` also bounds what is served: a stored response that arrived, or was last validated, longer ago is stale for it, and
 * the stale windows then count from that moment. It never makes a stale response fresh.
 * Options that demand that the server is asked (`refresh`, `forceRefresh`, `alwaysRevalidate`, a request's `EXPIRE_IMMEDIATELY`) cannot be met
 * under `onlyIfCached`; together they are unsatisfiable.
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
	const demand = demandToAsk(settings, requestSettings);
	if (stored && !demand) {
		const expires = usableUntil(stored, requestSettings);
		if (expires === undefined) {
			return NEVER_EXPIRES;
		}
		return expires > now ? FRESH : planStale(stored, expires, settings, requestSettings, now);
	}
	if (isOnlyIfCached(settings, requestSettings)) {
		return UNSATISFIABLE;
	}
	if (!stored || demand === 'forceRefresh') {
		return {kind: 'fetch', standby: false, reason: demand ?? 'nothingStored'};
	}
	return forward(stored, isWithin(settings.staleIfError, usableUntil(stored, requestSettings), now), demand!);
}

/** The request behind a `serveStale` plan with `refresh`. Its `standby` says that a server failure leaves the stored response as it is. */
export function planRefresh(stored: StoredResponse): RevalidatePlan | FetchPlan {
	return forward(stored, true, 'staleWhileRevalidate');
}

function bypassReason(
	request: HttpRequest,
	settings: EffectiveSettings,
	requestSettings: EffectiveRequestSettings,
): BypassReason | undefined {
	if (!requestSettings.cache) {
		return 'cacheDisabled';
	}
	if (!settings.allowedMethods.has(request.method)) {
		return 'methodNotAllowed';
	}
	if (isVetoed(request.url, settings, requestSettings)) {
		return 'doNotCache';
	}
	if (request.body?.kind === 'stream') {
		return 'streamBody';
	}
	return hasOwnConditions(request) ? 'ownConditions' : undefined;
}

/** The option, if there is one, by which the server must be asked whatever is stored. */
function demandToAsk(
	settings: EffectiveSettings,
	requestSettings: EffectiveRequestSettings,
): ForwardReason | undefined {
	if (requestSettings.forceRefresh) {
		return 'forceRefresh';
	}
	if (requestSettings.refresh) {
		return 'refresh';
	}
	if (requestSettings.expireAfter?.kind === 'immediately') {
		return 'expireImmediately';
	}
	return settings.alwaysRevalidate ? 'alwaysRevalidate' : undefined;
}

function planStale(
	stored: StoredResponse,
	expires: number,
	settings: EffectiveSettings,
	requestSettings: EffectiveRequestSettings,
	now: number,
): Plan {
	const onlyIfCached = isOnlyIfCached(settings, requestSettings);
	const standby = isWithin(settings.staleIfError, expires, now);
	if (isWithin(settings.staleWhileRevalidate, expires, now)) {
		return {kind: 'serveStale', refresh: !onlyIfCached, reason: 'staleWhileRevalidate'};
	}
	if (onlyIfCached) {
		return standby ? {kind: 'serveStale', refresh: false, reason: 'staleIfError'} : UNSATISFIABLE;
	}
	return forward(stored, standby, expires === stored.expires ? 'expired' : 'olderThanExpireAfter');
}

function forward(stored: StoredResponse, standby: boolean, reason: ForwardReason): RevalidatePlan | FetchPlan {
	const conditions = conditionalHeaders(stored);
	return Object.keys(conditions).length > 0
		? {kind: 'revalidate', conditions, standby, reason}
		: {kind: 'fetch', standby, reason};
}

/** The earlier of the stored response's expiration and the bound that the request sets; `undefined`: there is neither. */
function usableUntil(stored: StoredResponse, requestSettings: EffectiveRequestSettings): number | undefined {
	const bound = requestSettings.expireAfter && expiresAt(requestSettings.expireAfter, stored.responseTime);
	if (bound === undefined || stored.expires === undefined) {
		return bound ?? stored.expires;
	}
	return Math.min(bound, stored.expires);
}

/** Whether `window` milliseconds after `expires` are not over. A window of 0 never is open, not even for a response that is fresh. */
function isWithin(window: number, expires: number | undefined, now: number): boolean {
	return window > 0 && (expires === undefined || now < expires + window);
}

function isOnlyIfCached(settings: EffectiveSettings, requestSettings: EffectiveRequestSettings): boolean {
	return requestSettings.onlyIfCached ?? settings.onlyIfCached;
}
