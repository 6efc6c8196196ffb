import type {HttpRequest} from '../http/request.js';
import type {EffectiveSettings} from '../policy/effective-settings.js';
import {type Awaitable, isPromise} from '../storage/awaitable.js';
import {createKey, type KeySettings} from './cache-key.js';

/** The key of a request under these settings; asks `keyFn` and `identity` where they are functions. @throws what those functions throw */
export function keyOf(request: HttpRequest, settings: EffectiveSettings): Awaitable<string> {
	const {identity, keyFn} = settings;
	if (typeof identity !== 'function' && keyFn === undefined) {
		return createKey(request, keySettings(settings, identity));
	}
	const custom = keyFn?.(request);
	const who = typeof identity === 'function' ? identity(request) : identity;
	if (isPromise(custom) || isPromise(who)) {
		return Promise.all([custom, who]).then(([key, id]) => createKey(request, keySettings(settings, id), key));
	}
	return createKey(request, keySettings(settings, who), custom);
}

/** The settings that shape keys, with the identity that was found for the request at hand. */
export function keySettings(settings: EffectiveSettings, identity: string | false | undefined): KeySettings {
	const {includeHeaders, ignoredParams, secretKey} = settings;
	return {includeHeaders, ignoredParams, secretKey, identity};
}
