import type {StoredMetadata} from '../http/response.js';
import {type EffectiveSettings, NO_REQUEST_SETTINGS} from '../policy/effective-settings.js';
import {expiresAt, type ParsedExpiration} from '../policy/expiration.js';
import {keepUntil, type Life, lifeOf} from '../policy/life.js';
import {responseFacts} from '../policy/response-facts.js';

/**
 * The life of a record that is given a new expiration at `now` (epoch milliseconds). With `cacheControl`, a response that itself says how long it is fresh keeps its own.
 * An index lives as long as what it leads to, so that only in the other mode it can be cut short.
 */
export function resetLife(
	metadata: StoredMetadata,
	expiration: ParsedExpiration,
	settings: EffectiveSettings,
	now: number,
): Life {
	if (metadata.kind === 'vary') {
		const expires = expiresAt(expiration, now);
		const life: Life = {expires, keepUntil: keepUntil(expires, settings)};
		return settings.cacheControl ? longer(metadata, life) : life;
	}
	const {url, method} = metadata;
	const hasOwn = settings.cacheControl && responseFacts(metadata, settings.shared).explicit !== undefined;
	const exchange = hasOwn ? metadata : {requestTime: now, responseTime: now};
	const requestSettings = {...NO_REQUEST_SETTINGS, expireAfter: expiration};
	return lifeOf({method, url, headers: {}}, metadata, exchange, settings, requestSettings);
}

function longer(a: Life, b: Life): Life {
	return {expires: later(a.expires, b.expires), keepUntil: later(a.keepUntil, b.keepUntil)};
}

/** The later of two times, where `undefined` is never. */
function later(a: number | undefined, b: number | undefined): number | undefined {
	return a === undefined || b === undefined ? undefined : Math.max(a, b);
}
