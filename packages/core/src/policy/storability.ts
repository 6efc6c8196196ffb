/** What keeps a response out of the store (the write criteria of requests-cache), each under its name. */
import type {HttpRequest} from '../http/request.js';
import type {HttpResponse} from '../http/response.js';
import type {EffectiveRequestSettings, EffectiveSettings} from './effective-settings.js';
import type {Plan} from './plan-request.js';
import {isVetoed} from './resolve-expiration.js';

/** A response with the facts about its body that matter for storing. */
export interface ReceivedResponse extends HttpResponse {
	/** Bytes of the body as it would be stored. */
	readonly bodySize: number;
	/** Whether the client undid a content coding, so that the fields that tell of it are false. */
	readonly decoded: boolean;
}

/** Why a response is not stored. */
export type SkipReason =
	/** What was sent is not what the key says: a hook changed who is asking. Found by the session. */
	| 'credentialsChanged'
	/** `filterFn` said no. Found by the session. */
	| 'filterFn'
	/** The plan was that the cache takes no part. */
	| 'bypassed'
	| 'readOnly'
	/** The method is not in `allowedMethods`. */
	| 'methodNotAllowed'
	/** The status is not in `allowedCodes`; or, of a hop, it is no redirect that can be followed without asking again. */
	| 'statusNotAllowed'
	/** `DO_NOT_CACHE`, at whatever level. */
	| 'doNotCache'
	/** The body has more than `maxBodySize` bytes. */
	| 'bodyTooLarge'
	/** `Vary: *`, or more fields than an index holds. */
	| 'varyStar'
	/** A 304 that no validation of ours asked for. */
	| 'unexpectedNotModified';

/** What forbids storing any answer to this request, if there is something. */
export function obstacleTo(
	request: HttpRequest,
	plan: Plan,
	settings: EffectiveSettings,
	requestSettings: EffectiveRequestSettings,
): SkipReason | undefined {
	if (plan.kind === 'bypass') {
		return 'bypassed';
	}
	if (settings.readOnly) {
		return 'readOnly';
	}
	if (!settings.allowedMethods.has(request.method)) {
		return 'methodNotAllowed';
	}
	return isVetoed(request.url, settings, requestSettings) ? 'doNotCache' : undefined;
}

/** What forbids storing this answer, if there is something. */
export function obstacleInResponse(response: ReceivedResponse, settings: EffectiveSettings): SkipReason | undefined {
	if (!settings.allowedCodes.has(response.statusCode)) {
		return 'statusNotAllowed';
	}
	return response.bodySize > settings.maxBodySize ? 'bodyTooLarge' : undefined;
}
