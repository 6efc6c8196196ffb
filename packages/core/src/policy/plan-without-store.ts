import type {HttpRequest} from '../http/request.js';
import type {EffectiveRequestSettings, EffectiveSettings} from './effective-settings.js';
import type {BypassPlan, BypassReason, PassThroughPlan, UnsatisfiablePlan} from './plan.js';
import {hasConditionsForServer} from './preconditions.js';
import {NO_DEMANDS, type RequestDirectives, requestDirectives} from './request-directives.js';
import {isVetoed} from './resolve-expiration.js';
import {hasOwnConditions} from './validation.js';

const UNSATISFIABLE: UnsatisfiablePlan = Object.freeze({kind: 'unsatisfiable', reason: 'onlyIfCached'});
const PASS_THROUGH: PassThroughPlan = Object.freeze({kind: 'passThrough', reason: 'methodNotCacheable'});

/**
 * What can be said before the store is read: the cache takes no part or only looks at the answer, or (with `onlyIfCached` besides) the request cannot be answered.
 * `undefined`: read the store and ask `planRequest`.
 */
export function planWithoutStore(
	request: HttpRequest,
	settings: EffectiveSettings,
	requestSettings: EffectiveRequestSettings,
): BypassPlan | PassThroughPlan | UnsatisfiablePlan | undefined {
	const said = settings.cacheControl ? requestDirectives(request.headers) : NO_DEMANDS;
	const reason = bypassReason(request, settings, requestSettings, said);
	const isCacheable = !settings.cacheControl || isCacheableMethod(request.method);
	if (reason === undefined && isCacheable) {
		return undefined;
	}
	if (isOnlyIfCached(settings, requestSettings, said)) {
		return UNSATISFIABLE;
	}
	return isCacheable ? {kind: 'bypass', reason: reason!} : PASS_THROUGH;
}

/** Whether nothing may be sent: as the request's directive has it, else its option, else the setting. */
export function isOnlyIfCached(
	settings: EffectiveSettings,
	requestSettings: EffectiveRequestSettings,
	said: RequestDirectives,
): boolean {
	return said.onlyIfCached || (requestSettings.onlyIfCached ?? settings.onlyIfCached);
}

/** Whether RFC 9111 lets a request of this method be answered from a store. */
function isCacheableMethod(method: string): boolean {
	return method === 'GET' || method === 'HEAD';
}

function bypassReason(
	request: HttpRequest,
	settings: EffectiveSettings,
	requestSettings: EffectiveRequestSettings,
	said: RequestDirectives,
): BypassReason | undefined {
	if (!requestSettings.cache) {
		return 'cacheDisabled';
	}
	if (!settings.cacheControl && !settings.allowedMethods.has(request.method)) {
		return 'methodNotAllowed';
	}
	if (isVetoed(request.url, settings, requestSettings)) {
		return 'doNotCache';
	}
	if (said.noStore) {
		return 'requestNoStore';
	}
	if (request.body?.kind === 'stream') {
		return 'streamBody';
	}
	const hasConditions = settings.cacheControl ? hasConditionsForServer(request) : hasOwnConditions(request);
	return hasConditions ? 'ownConditions' : undefined;
}
