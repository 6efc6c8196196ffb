import type {EffectiveRequestSettings, EffectiveSettings} from './effective-settings.js';
import type {ParsedExpiration} from './expiration.js';
import {matchUrl, type UrlPattern} from './url-patterns.js';

/** An expiration, and the level that gave it. */
export interface ResolvedExpiration {
	readonly expiration: ParsedExpiration;
	/** `settings` is the session's value, or the backend's where the session has none; `default` is no level's. */
	readonly source: 'request' | 'urlPattern' | 'settings' | 'default';
}

const DEFAULT: ResolvedExpiration = {expiration: {kind: 'never'}, source: 'default'};

/**
 * The expiration that holds for a response. Levels, highest first: the request's option, the first URL pattern that matches, the session's `expireAfter`,
 * the backend's. The first level that says anything decides, save that `DO_NOT_CACHE` at any level is a veto. What the session has replaced
 * of its backend's settings is no longer a level.
 *
 * @param url - That of the request that the response answers.
 */
export function resolveExpiration(
	url: string,
	settings: EffectiveSettings,
	requestSettings: EffectiveRequestSettings,
): ResolvedExpiration {
	const levels = [
		level('request', requestSettings.expireAfter),
		level('urlPattern', matchUrl(settings.urlsExpireAfter, url)),
		level('settings', settings.expireAfter),
	].filter(found => found !== undefined);
	return levels.find(found => found.expiration.kind === 'doNotCache') ?? levels[0] ?? DEFAULT;
}

/** Whether `DO_NOT_CACHE` is said at any level: what {@link resolveExpiration} finds, at less cost, since URL patterns are tried only if one of them has it. */
export function isVetoed(url: string, settings: EffectiveSettings, requestSettings: EffectiveRequestSettings): boolean {
	return (
		requestSettings.expireAfter?.kind === 'doNotCache' ||
		settings.expireAfter?.kind === 'doNotCache' ||
		(settings.urlsExpireAfter.some(hasVeto) && matchUrl(settings.urlsExpireAfter, url)?.kind === 'doNotCache')
	);
}

function level(
	source: ResolvedExpiration['source'],
	expiration: ParsedExpiration | undefined,
): ResolvedExpiration | undefined {
	return expiration && {expiration, source};
}

function hasVeto(pattern: UrlPattern): boolean {
	return pattern.expiration.kind === 'doNotCache';
}
