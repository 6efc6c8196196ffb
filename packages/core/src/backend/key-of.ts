import {InvalidOptionError} from '../errors.js';
import type {HttpRequest} from '../http/request.js';
import type {EffectiveSettings} from '../policy/effective-settings.js';
import {type Awaitable, isPromise} from '../storage/awaitable.js';
import {createKey, type KeySettings, resourceOf} from './cache-key.js';
import {toHttpRequest} from './keyable-request.js';

/**
 * The key of a request under these settings; asks `keyFn` and `identity` where they are functions.
 * @throws what those functions throw, and InvalidOptionError where they give no string
 */
export function keyOf(request: HttpRequest, settings: EffectiveSettings): Awaitable<string> {
	const {identity, keyFn} = settings;
	if (typeof identity !== 'function' && keyFn === undefined) {
		return createKey(request, keySettings(settings, identity));
	}
	const custom = keyFn?.(request);
	const who = typeof identity === 'function' ? identity(request) : identity;
	return isPromise(custom) || isPromise(who)
		? Promise.all([custom, who]).then(([key, id]) => keyFrom(request, settings, key, id))
		: keyFrom(request, settings, custom, who);
}

// Nothing in place of a key or a user must not be taken for a setting that was not made.
function keyFrom(request: HttpRequest, settings: EffectiveSettings, custom: unknown, who: unknown): string {
	const {identity, keyFn} = settings;
	const id = typeof identity === 'function' ? demandText('identity', who) : identity;
	return createKey(request, keySettings(settings, id), keyFn && demandText('keyFn', custom));
}

function demandText(option: string, given: unknown): string {
	if (typeof given !== 'string') {
		throw new InvalidOptionError(option, given, 'a function that gives a string or a promise of one');
	}
	return given;
}

/** What all keys of a URL begin with; asks `keyFn` where there is one. @throws what that throws, and TypeError for a URL that is not absolute */
export async function resourceFor(url: string | URL, settings: EffectiveSettings): Promise<string> {
	const request = toHttpRequest(url);
	const custom = await settings.keyFn?.(request);
	return resourceOf(request.url, settings, custom);
}

/** The settings that shape keys, with the identity that was found for the request at hand. */
export function keySettings(settings: EffectiveSettings, identity: string | false | undefined): KeySettings {
	const {includeHeaders, ignoredParams, secretKey, cacheControl, shared} = settings;
	return {includeHeaders, ignoredParams, secretKey, identity, sharesAuthorized: cacheControl && shared};
}
