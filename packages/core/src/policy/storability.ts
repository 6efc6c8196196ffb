/** What keeps a response out of the store (the write criteria of requests-cache, and RFC 9111 §3), each under its name. */
import type {HttpRequest} from '../http/request.js';
import type {HttpResponse} from '../http/response.js';
import type {EffectiveRequestSettings, EffectiveSettings} from './effective-settings.js';
import type {Plan} from './plan.js';
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
	/** A `beforeCache` hook of got said no. Found by the session. */
	| 'beforeCache'
	/** The plan was that the cache takes no part. */
	| 'bypassed'
	| 'readOnly'
	/** The method is not in `allowedMethods`; with `cacheControl`, it has no responses that may be stored. */
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
	| 'unexpectedNotModified'
	/** A 304 that answers the caller's own condition, and says nothing about what is stored. */
	| 'notModifiedForCaller'
	/** RFC 9111 §5.2.2.5. */
	| 'noStore'
	/** RFC 9111 §5.2.1.5. */
	| 'requestNoStore'
	/** `private`, in a shared cache (RFC 9111 §5.2.2.7). */
	| 'private'
	/** The request was authorised, and nothing lets a shared cache keep the answer (RFC 9111 §3.5). */
	| 'authorization'
	/** `must-understand`, with a status that this cache does not know (RFC 9111 §5.2.2.3). */
	| 'statusNotUnderstood'
	/** The status is an answer to just this request: to its conditions, its range or its sender (RFC 6585 §3 to §6, RFC 9110 §15.5.13 and §15.5.17). */
	| 'statusNeverStored'
	/** A 206 whose `Content-Range` is missing, of another unit or does not fit its body, or which nobody asked for (RFC 9111 §3.3). */
	| 'rangeNotUnderstood'
	/** A 206 while the complete response is stored. */
	| 'completeStored'
	/** It does not say how long it is fresh, and its status does not let that be guessed (RFC 9111 §3). */
	| 'noFreshness'
	/** A redirect for this time only, which does not say how long (RFC 9111 §3). */
	| 'temporaryRedirect'
	/** It is stale at once, and has nothing by which it could be validated. */
	| 'neverReusable'
	/** A `POST` without explicit freshness, or without a `Content-Location` that is its own URL (RFC 9110 §9.3.3). */
	| 'postNotReusable';

/** What forbids storing any answer to this request, if there is something. */
export function obstacleTo(
	request: HttpRequest,
	plan: Plan,
	settings: EffectiveSettings,
	requestSettings: EffectiveRequestSettings,
): SkipReason | undefined {
	if (plan.kind === 'bypass' || !requestSettings.cache) {
		return 'bypassed';
	}
	if (settings.readOnly) {
		return 'readOnly';
	}
	if (!isMethodStorable(request.method, settings)) {
		return 'methodNotAllowed';
	}
	return isVetoed(request.url, settings, requestSettings) ? 'doNotCache' : undefined;
}

/** What forbids storing this answer without `cacheControl`, if there is something. */
export function obstacleInResponse(response: ReceivedResponse, settings: EffectiveSettings): SkipReason | undefined {
	if (!settings.allowedCodes.has(response.statusCode)) {
		return 'statusNotAllowed';
	}
	return response.bodySize > settings.maxBodySize ? 'bodyTooLarge' : undefined;
}

function isMethodStorable(method: string, {cacheControl, allowedMethods}: EffectiveSettings): boolean {
	return cacheControl ? STORABLE_METHODS.has(method) : allowedMethods.has(method);
}

/** Methods whose responses RFC 9110 §9.2.3 lets be stored. */
const STORABLE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST']);
