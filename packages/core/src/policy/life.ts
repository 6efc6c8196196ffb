import type {RawHeaders} from '../http/headers.js';
import type {HttpRequest} from '../http/request.js';
import type {StoredResponse} from '../http/response.js';
import type {EffectiveRequestSettings, EffectiveSettings} from './effective-settings.js';
import {expiresAt, MAX_TIME} from './expiration.js';
import {freshnessOf, staleFrom} from './freshness.js';
import {NO_DEMANDS} from './request-directives.js';
import {type ResolvedExpiration, resolveExpiration} from './resolve-expiration.js';
import {type ResponseFacts, responseFacts} from './response-facts.js';
import {type StaleWindows, staleWindows} from './stale-windows.js';
import type {Exchange} from './verdict.js';

/** How long a response lives: see `StoredResponse`. */
export type Life = Pick<StoredResponse, 'expires' | 'keepUntil'>;

/** What of a response its life depends on. */
export interface LivingResponse {
	readonly statusCode: number;
	readonly rawHeaders: RawHeaders;
}

/**
 * When an answer to this request expires, and up to when it may be of use. With `cacheControl` the response's own word comes first, then the settings',
 * then a guess (RFC 9111 §4.2.1); without it only the settings count.
 */
export function lifeOf(
	request: HttpRequest,
	response: LivingResponse,
	exchange: Exchange,
	settings: EffectiveSettings,
	requestSettings: EffectiveRequestSettings,
): Life {
	const {responseTime} = exchange;
	if (!settings.cacheControl) {
		const {expiration} = resolveExpiration(request.url, settings, requestSettings);
		const expires = expiresAt(expiration, responseTime);
		return {expires, keepUntil: keepUntil(expires, settings)};
	}
	const facts = responseFacts({rawHeaders: response.rawHeaders, responseTime}, settings.shared);
	const fallback = fallbackExpiration(request, response.statusCode, facts, settings, requestSettings);
	const expires =
		fallback && !facts.directives.noCache
			? expiresAt(fallback.expiration, responseTime)
			: staleFrom(exchange, facts, freshnessOf(response.statusCode, facts, responseTime));
	return {expires, keepUntil: keepUntil(expires, staleWindows(facts, NO_DEMANDS, settings))};
}

/** With `cacheControl`: the expiration of the settings, if there is one and it is their turn: the response says nothing, and its status is in `allowedCodes`. */
export function fallbackExpiration(
	request: HttpRequest,
	statusCode: number,
	facts: ResponseFacts,
	settings: EffectiveSettings,
	requestSettings: EffectiveRequestSettings,
): ResolvedExpiration | undefined {
	if (facts.explicit || !settings.allowedCodes.has(statusCode)) {
		return undefined;
	}
	const resolved = resolveExpiration(request.url, settings, requestSettings);
	return resolved.source === 'default' ? undefined : resolved;
}

/**
 * Up to when a response that expires at `expires` may still be of use: to the end of the longer of the two stale windows, in epoch milliseconds.
 * `undefined`: there is no such bound, as it never expires or may be served stale for ever.
 */
export function keepUntil(expires: number | undefined, windows: StaleWindows): number | undefined {
	if (expires === undefined) {
		return undefined;
	}
	const until = expires + Math.max(windows.staleIfError, windows.staleWhileRevalidate);
	return until > MAX_TIME ? undefined : until;
}
