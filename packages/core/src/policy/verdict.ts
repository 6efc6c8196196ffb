import type {HttpRequest} from '../http/request.js';
import type {StoredResponse} from '../http/response.js';
import type {AnswerPlan, FetchPlan} from './plan.js';
import type {SkipReason} from './storability.js';

/** What to do with a response. `reason` names the criterion that decided; logs, events and `Cache-Status` say it. */
export type Verdict =
	| StoreVerdict
	| FreshenVerdict
	| CombineVerdict
	| UseStoredVerdict
	| RefetchVerdict
	| EvictVerdict
	| SkipVerdict;

/** Stored responses that an answer makes invalid. */
export interface Invalidating {
	/** URLs, without user info and fragments: everything stored under them must go, before anything is stored. Missing where there are none (RFC 9111 §4.4). */
	readonly invalidations?: readonly string[];
}

/** Store the response, and give it to the caller. */
export interface StoreVerdict extends Invalidating {
	readonly kind: 'store';
	/** The record to write, with the fields that may be stored. */
	readonly response: StoredResponse;
	/** The request fields that choose among the variants; `undefined` without `Vary`. */
	readonly vary: readonly string[] | undefined;
	/** The request under whose key to store it, where that is not the one it answers: of a `POST`, the `GET` that it may answer (RFC 9110 §9.3.3). */
	readonly storeAs?: HttpRequest;
	readonly reason: 'allowed';
}

/** A 304 to our validation, or a `HEAD` that says the same: give the caller the stored body under this head. */
export interface FreshenVerdict {
	readonly kind: 'freshen';
	/** The stored response, renewed. */
	readonly response: StoredResponse;
	/** Whether to renew the record in the store too: not with `readOnly`, not after a 304 with `Vary: *`, and not if it may not be stored any more. */
	readonly persist: boolean;
	/** Present and `true`: with its new fields the record may not be stored any more, and must go. */
	readonly evict?: true;
	/** What the caller gets in place of the whole renewed response, as its own conditions and range have it. */
	readonly answer?: AnswerPlan;
	/** `headMatches`: a `HEAD` found the stored `GET` unchanged (RFC 9111 §4.3.5). */
	readonly reason: 'notModified' | 'headMatches';
}

/** The response is a part that belongs to the stored one: store both joined (RFC 9111 §3.4). */
export interface CombineVerdict {
	readonly kind: 'combine';
	/** The record to write in place of the stored one: a 200 if nothing is missing any more, else a 206. */
	readonly response: StoredResponse;
	/** What the new body is put together of, in order. */
	readonly pieces: readonly BodyPiece[];
	readonly vary: readonly string[] | undefined;
	/** What the caller gets: `combined`: the record; `received`: the part, as it came. */
	readonly give: 'combined' | 'received';
	/** Whether to write it: not with `readOnly`. */
	readonly persist: boolean;
	readonly reason: 'partsJoined';
}

/** Bytes of one of two bodies: from `start` up to, and not with, `end`. */
export interface BodyPiece {
	readonly from: 'stored' | 'received';
	readonly start: number;
	readonly end: number;
}

/** The server failed, and the stored response stands by: give the caller that one, and leave the store alone. */
export interface UseStoredVerdict {
	readonly kind: 'useStored';
	/** What the caller gets in place of the whole stored response, as its own conditions and range have it. */
	readonly answer?: AnswerPlan;
	readonly reason: 'staleIfError';
}

/** What came answers what the cache asked, and not what the caller did: send the request once more, as the caller made it, and judge the answer under `plan`. */
export interface RefetchVerdict {
	readonly kind: 'refetch';
	readonly plan: FetchPlan;
	/** `etagMismatch`: a 304 speaks of something else than what is stored; `credentialsChanged`: a hook had made the validation another user's; `notCombinable`: the bytes that came do not complete the stored ones. */
	readonly reason: 'etagMismatch' | 'credentialsChanged' | 'notCombinable';
}

/** Give the caller the response as it is, and delete the stored one, which it has overtaken and cannot replace. */
export interface EvictVerdict {
	readonly kind: 'evict';
	/** Why the response is not stored itself; `headDiffers`: a `HEAD` shows that the stored `GET` is out of date (RFC 9111 §4.3.5); `notModifiedForCaller`: the caller has a newer one. */
	readonly reason: SkipReason | 'headDiffers';
}

/** Give the caller the response as it is, and leave the store alone. */
export interface SkipVerdict extends Invalidating {
	readonly kind: 'skip';
	readonly reason: SkipReason;
}

/** When a request was sent and when its response had arrived, in epoch milliseconds. */
export interface Exchange {
	readonly requestTime: number;
	readonly responseTime: number;
}
