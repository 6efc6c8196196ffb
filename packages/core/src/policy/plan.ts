import type {ContentRange} from '../http/byte-range.js';

/** What to do with a request. `reason` names the criterion that decided; logs, events and `Cache-Status` say it. */
export type Plan =
	| ServePlan
	| ServeStalePlan
	| AnswerPlan
	| ForwardPlan
	| PassThroughPlan
	| UnsatisfiablePlan
	| BypassPlan;

/** An answer from the store that is not simply what is stored. */
export type AnswerPlan = NotModifiedPlan | ServePartialPlan | RangeNotSatisfiablePlan;

/** Send the request, and keep the answer if it may be kept. */
export type ForwardPlan = RevalidatePlan | CompletePlan | FetchPlan;

/** Answer from the store. */
export interface ServePlan {
	readonly kind: 'serve';
	readonly reason: ServeReason;
}

/** Answer from the store with a stale response; with `refresh`, renew it behind, by what `planRefresh` says. */
export interface ServeStalePlan {
	readonly kind: 'serveStale';
	readonly refresh: boolean;
	readonly reason: StaleReason;
}

/** Answer the caller's own conditional request with a 304, whose fields are `notModifiedHead` of the stored response (RFC 9111 §4.3.2). */
export interface NotModifiedPlan {
	readonly kind: 'notModified';
	/** The condition that the stored response meets. */
	readonly reason: 'etagMatches' | 'notModifiedSince';
}

/** Answer with a 206: `part` of the stored body, under `partialHead` of the stored response (RFC 9110 §15.3.7). */
export interface ServePartialPlan {
	readonly kind: 'servePartial';
	readonly part: BodyPart;
	readonly reason: 'rangeStored';
}

/** Answer with a 416, whose fields are `unsatisfiedRangeHead` (RFC 9110 §15.5.17). */
export interface RangeNotSatisfiablePlan {
	readonly kind: 'rangeNotSatisfiable';
	/** Bytes of the whole. */
	readonly total: number;
	readonly reason: 'rangeBeyondEnd';
}

/** Some bytes of a stored body. */
export interface BodyPart {
	/** Where they start in the body as it is stored. */
	readonly offset: number;
	/** How many they are; above 0. */
	readonly length: number;
	/** Which bytes of the whole representation they are. */
	readonly contentRange: ContentRange;
}

/** Send the request with `conditions` added, to learn whether the stored response still holds. */
export interface RevalidatePlan {
	readonly kind: 'revalidate';
	/** Request fields to set, names in lower case. */
	readonly conditions: Conditions;
	/** Whether the stored response may be served if the server fails. */
	readonly standby: boolean;
	readonly reason: ForwardReason;
}

/** Send the request with `conditions` added, which ask for the bytes that the stored part lacks; the verdict will be `combine` where they come (RFC 9111 §3.3). */
export interface CompletePlan {
	readonly kind: 'complete';
	/** `range` and `if-range`. */
	readonly conditions: Conditions;
	readonly standby: false;
	readonly reason: 'partStored';
}

/** Send the request as it is. */
export interface FetchPlan {
	readonly kind: 'fetch';
	/** Whether the stored response may be served if the server fails. */
	readonly standby: boolean;
	readonly reason: ForwardReason;
}

/** Send the request as it is, without a look at the store; but judge the answer, which may make stored responses invalid, or be stored for later requests. */
export interface PassThroughPlan {
	readonly kind: 'passThrough';
	readonly reason: 'methodNotCacheable';
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

/** Request fields that make a request conditional or partial, names in lower case (RFC 9110 §13.1 and §14.2). */
export type Conditions = Readonly<Record<string, string>>;

/** Why a stored response is served as fresh: it has not expired yet, or never does. */
export type ServeReason = 'fresh' | 'neverExpires';

/** What lets a stale response be served: a setting or a directive of that name; `maxStale` is the request's directive. */
export type StaleReason = 'staleWhileRevalidate' | 'staleIfError' | 'maxStale';

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
	| 'staleWhileRevalidate'
	/** The stored response says `no-cache` (RFC 9111 §5.2.2.4). */
	| 'noCache'
	/** The request says `no-cache` (RFC 9111 §5.2.1.4). */
	| 'requestNoCache'
	/** The stored response is older than the request's `max-age` allows (RFC 9111 §5.2.1.1). */
	| 'requestMaxAge'
	/** The stored response stays fresh for less time than the request's `min-fresh` demands (RFC 9111 §5.2.1.3). */
	| 'requestMinFresh'
	/** Only a part is stored, which is not the one asked for. */
	| 'partStored'
	/** The range asked for cannot be taken from what is stored: it has another unit, it is several, or the body was kept decoded. */
	| 'rangeNotServable';

/** Why the cache takes no part. */
export type BypassReason =
	/** `cache: false`. */
	| 'cacheDisabled'
	/** The method is not in `allowedMethods`. */
	| 'methodNotAllowed'
	/** `DO_NOT_CACHE`, at whatever level. */
	| 'doNotCache'
	/** The request says `no-store` (RFC 9111 §5.2.1.5). */
	| 'requestNoStore'
	/** The request's body can be read only once, so it cannot be part of a key. */
	| 'streamBody'
	/** The caller asks for a range, or makes its request conditional itself; with `cacheControl`, by a condition that only the server can judge. */
	| 'ownConditions';
