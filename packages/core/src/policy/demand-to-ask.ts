import type {StoredResponse} from '../http/response.js';
import {currentAge} from './age.js';
import type {EffectiveRequestSettings, EffectiveSettings} from './effective-settings.js';
import type {ForwardReason} from './plan.js';
import {NO_DEMANDS, type RequestDirectives} from './request-directives.js';
import type {ResponseFacts} from './response-facts.js';

/** What in a request demands that the server is asked, whatever is stored. */
export function demandOfRequest(
	settings: EffectiveSettings,
	requestSettings: EffectiveRequestSettings,
	said: RequestDirectives,
): ForwardReason | undefined {
	if (requestSettings.forceRefresh) {
		return 'forceRefresh';
	}
	if (said.noCache) {
		return 'requestNoCache';
	}
	if (requestSettings.refresh) {
		return 'refresh';
	}
	return settings.alwaysRevalidate ? 'alwaysRevalidate' : undefined;
}

/** What in the request or the stored response demands that the server is asked about just this response. */
export function demandOnStored(
	stored: StoredResponse,
	expires: number | undefined,
	said: RequestDirectives,
	facts: ResponseFacts,
	requestSettings: EffectiveRequestSettings,
	now: number,
): ForwardReason | undefined {
	if (requestSettings.expireAfter?.kind === 'immediately' && !facts.explicit) {
		return 'expireImmediately';
	}
	if (facts.directives.noCache) {
		return 'noCache';
	}
	if (said === NO_DEMANDS) {
		return undefined;
	}
	// RFC 8246: while it is fresh, an immutable response is not validated, which is what browsers mean by this directive.
	const isImmutable = facts.directives.immutable && (expires === undefined || expires > now);
	if (said.maxAge !== undefined && !isImmutable && isOlderThan(said.maxAge, stored, facts, now)) {
		return 'requestMaxAge';
	}
	const isTooShort = said.minFresh !== undefined && expires !== undefined && expires - now < said.minFresh * 1000;
	return isTooShort ? 'requestMinFresh' : undefined;
}

function isOlderThan(seconds: number, stored: StoredResponse, facts: ResponseFacts, now: number): boolean {
	return seconds === 0 || currentAge(stored, facts, now) > seconds * 1000;
}
