import type {ForwardReason, Plan} from './plan.js';
import type {Verdict} from './verdict.js';

/** What a cache did with a request, as the `Cache-Status` field has it (RFC 9211 §2, https://www.rfc-editor.org/rfc/rfc9211#section-2). */
export interface CacheStatus {
	/** The cache's name. */
	readonly cache: string;
	/** Answered from the store, without sending the request. */
	readonly hit: boolean;
	/** Why the request was sent. Missing where it was not. */
	readonly fwd?: ForwardCause;
	/** The status that the server gave, where the caller sees another. */
	readonly fwdStatus?: number;
	/** How long the response stays fresh, in whole seconds; below 0 where it is stale. Missing where that is not known, or for ever. */
	readonly ttl?: number;
	/** Whether the server's answer was stored. Missing where there was none. */
	readonly stored?: boolean;
	/** Present and `true`: the request was not sent itself, but shared the answer to another one. */
	readonly collapsed?: true;
	/** The key under which the response is stored. */
	readonly key?: string;
	/** The criterion that decided: the plan's reason, or that for which the answer was not stored. */
	readonly detail: string;
	/** As the text of a `Cache-Status` field. */
	toString(): string;
}

/** Why a request was sent (RFC 9211 §2.2). */
export type ForwardCause = 'bypass' | 'method' | 'uri-miss' | 'vary-miss' | 'request' | 'stale' | 'partial';

/** What is known of an answer besides plan and verdict. */
export interface AnswerFacts {
	/** The name to go by. @default 'got-client-cache' */
	readonly cache?: string;
	/** Epoch milliseconds. */
	readonly now: number;
	/** When the response that the caller gets goes stale, in epoch milliseconds; `undefined`: never, or not known. */
	readonly expires?: number | undefined;
	/** The status that the server gave. */
	readonly forwardStatus?: number | undefined;
	/** The status that the caller gets. */
	readonly status?: number | undefined;
	/** Whether something is stored for the URL, but for requests with other fields. */
	readonly hasOtherVariants?: boolean | undefined;
	/** Whether the answer is another request's. */
	readonly isShared?: boolean | undefined;
	/** Whether the store did not take what it was given. */
	readonly hasStoreFailed?: boolean | undefined;
	readonly key?: string | undefined;
}

const CAUSES: Readonly<Record<Exclude<ForwardReason, 'nothingStored'>, ForwardCause>> = {
	expired: 'stale',
	noCache: 'stale',
	staleWhileRevalidate: 'stale',
	olderThanExpireAfter: 'request',
	expireImmediately: 'request',
	alwaysRevalidate: 'request',
	refresh: 'request',
	forceRefresh: 'request',
	requestNoCache: 'request',
	requestMaxAge: 'request',
	requestMinFresh: 'request',
	partStored: 'partial',
	rangeNotServable: 'partial',
};

/**
 * What was done with a request.
 *
 * @param verdict - On the answer, where one was judged.
 */
export function cacheStatus(plan: Plan, verdict: Verdict | undefined, facts: AnswerFacts): CacheStatus {
	const {cache = 'got-client-cache', now, expires, forwardStatus, status, key} = facts;
	const fwd = forwardCause(plan, facts.hasOtherVariants ?? false);
	return withText({
		cache,
		hit: fwd === undefined && plan.kind !== 'unsatisfiable',
		...(fwd && {fwd}),
		...(fwd && forwardStatus !== undefined && forwardStatus !== status && {fwdStatus: forwardStatus}),
		...(expires !== undefined && {ttl: Math.floor((expires - now) / 1000)}),
		...(fwd && verdict && {stored: isStored(verdict) && !facts.hasStoreFailed}),
		...(facts.isShared && {collapsed: true}),
		...(key !== undefined && {key}),
		detail: verdict && decides(verdict) ? verdict.reason : plan.reason,
	});
}

/** A status as the text of a `Cache-Status` field (RFC 9211 §2, RFC 9651 §4.1). */
export function formatCacheStatus(status: CacheStatus): string {
	const {cache, hit, fwd, fwdStatus, ttl, stored, collapsed, key, detail} = status;
	return [
		asItem(cache),
		hit && 'hit',
		fwd !== undefined && `fwd=${fwd}`,
		fwdStatus !== undefined && `fwd-status=${fwdStatus}`,
		ttl !== undefined && `ttl=${ttl}`,
		stored && 'stored',
		collapsed && 'collapsed',
		key !== undefined && `key=${asString(key)}`,
		`detail=${asItem(detail)}`,
	]
		.filter(part => part !== false && part !== undefined)
		.join('; ');
}

/** Not enumerable, so that a status is otherwise plain data. */
function withText(status: Omit<CacheStatus, 'toString'>): CacheStatus {
	return Object.defineProperty(status, 'toString', {value: () => formatCacheStatus(status)});
}

function forwardCause(plan: Plan, hasOtherVariants: boolean): ForwardCause | undefined {
	switch (plan.kind) {
		case 'revalidate':
		case 'fetch':
		case 'complete':
			if (plan.reason === 'nothingStored') {
				return hasOtherVariants ? 'vary-miss' : 'uri-miss';
			}
			return CAUSES[plan.reason];
		case 'passThrough':
			return 'method';
		case 'bypass':
			if (plan.reason === 'requestNoStore') {
				return 'request';
			}
			return plan.reason === 'methodNotAllowed' ? 'method' : 'bypass';
		default:
			return undefined;
	}
}

function isStored(verdict: Verdict): boolean {
	return verdict.kind === 'store' || ('persist' in verdict && verdict.persist);
}

/** Whether a verdict says more than the plan: why the answer was not stored, or not used. */
function decides({kind}: Verdict): boolean {
	return kind === 'skip' || kind === 'evict' || kind === 'useStored';
}

function asItem(text: string): string {
	return /^[A-Za-z*][!#$%&'*+.^_`|~\dA-Za-z:/-]*$/.test(text) ? text : asString(text);
}

/** A structured string holds ASCII without control characters; other characters become question marks. */
function asString(text: string): string {
	return `"${text.replace(/[^\x20-\x7E]/g, '?').replace(/["\\]/g, '\\$&')}"`;
}
