import {redactUrl} from '../backend/redaction.js';
import type {HttpRequest} from '../http/request.js';
import type {StoredResponse} from '../http/response.js';
import {isServerFailure, judgeResponse, type SkipVerdict, type Verdict} from '../policy/judge-response.js';
import type {ForwardPlan, PassThroughPlan} from '../policy/plan.js';
import {type Hooked, runBeforeCache} from './before-cache.js';
import type {CacheExchange} from './cache-exchange.js';
import type {TransmittedHop} from './got/transmission.js';
import {requestChain, wasSentAsDescribed} from './request-chain.js';
import type {SessionResponse} from './session-response.js';
import {bodySizeOf} from './streams/body-size.js';

/** An answer of the network, with all that must be known to judge it and to keep it. */
export interface NetworkAnswer {
	readonly plan: ForwardPlan | PassThroughPlan;
	readonly response: SessionResponse;
	/** As it is to be kept. */
	readonly kept: Hooked<SessionResponse>;
	/** The redirects that led to it, as they are to be kept. */
	readonly hops: ReadonlyArray<Hooked<TransmittedHop>>;
	/** The requests that led to it. */
	readonly chain: readonly HttpRequest[];
	/** The one that it answers. */
	readonly request: HttpRequest;
	/** In bytes, as far as it is known by now: 0 for a body that is on its way and does not say how long it is. */
	readonly bodySize: number;
}

/** Puts together what is known of an answer. */
export async function receiveAnswer(
	{identified, request}: CacheExchange,
	plan: ForwardPlan | PassThroughPlan,
	response: SessionResponse,
): Promise<NetworkAnswer> {
	const {options} = request;
	const hops = (response.transmission?.hops ?? []).map(hop => runBeforeCache(hop, options));
	const kept = runBeforeCache(response, options, response.native?.response);
	const chain = await requestChain(identified.http, response, options.cookieJar);
	return {plan, response, kept, hops, chain, request: chain.at(-1)!, bodySize: await bodySizeOf(response, request)};
}

/** What to do with an answer: the policy's word, unless the filter function or a hook that changed the request stand against it. */
export async function judgeAnswer(exchange: CacheExchange, answer: NetworkAnswer): Promise<Verdict> {
	const {engine, identified} = exchange;
	const {plan, kept, request, bodySize} = answer;
	const {statusCode, statusMessage, httpVersion, rawHeaders, transmission} = kept;
	const url = redactUrl(kept.url, engine.settings.ignoredParams);
	const decoded = transmission?.decoded ?? false;
	const received = {statusCode, statusMessage, httpVersion, rawHeaders, url, bodySize, decoded};
	const now = Date.now();
	const times = transmission ?? {requestTime: now, responseTime: now};
	const stored = storedFor(exchange, answer);
	const verdict = judgeResponse(request, received, times, stored, plan, engine.settings, identified.settings);
	if (!isStandingFor(exchange, answer, verdict)) {
		return withoutTrust(plan, verdict);
	}
	return kept.isRefused ? refuse(verdict, stored) : filter(exchange, request, verdict);
}

/** What was found, where the answer is one about it: redirects may have led elsewhere. A failure anywhere on the way lets it stand in. */
function storedFor({found}: CacheExchange, {plan, response, chain}: NetworkAnswer): StoredResponse | undefined {
	const isSameTarget = chain.length === 1 && found?.hops.length === 0;
	const isFailure = plan.kind !== 'passThrough' && plan.standby && isServerFailure(response.statusCode);
	return isSameTarget || isFailure ? found?.stored : undefined;
}

/** Whether the verdict may count: what it would have written or given was asked for by the user whose key it has. */
function isStandingFor({engine}: CacheExchange, {response, chain}: NetworkAnswer, verdict: Verdict): boolean {
	const isAboutRecords = verdict.kind === 'store' || verdict.kind === 'freshen' || verdict.kind === 'combine';
	const {transmission} = response;
	if (!isAboutRecords || !transmission) {
		return true;
	}
	const vary = verdict.kind === 'freshen' ? undefined : verdict.vary;
	const isTrusted = wasSentAsDescribed(chain, transmission.sent, engine, vary);
	if (!isTrusted) {
		engine.warnOfChangedCredentials(response.url);
	}
	return isTrusted;
}

/** In place of a verdict on an answer that was another user's. */
function withoutTrust(plan: ForwardPlan | PassThroughPlan, verdict: Verdict): Verdict {
	const reason = 'credentialsChanged';
	return verdict.kind === 'store' || plan.kind === 'passThrough'
		? skip(verdict, reason)
		: {kind: 'refetch', plan: {kind: 'fetch', standby: false, reason: plan.reason}, reason};
}

/** In place of a verdict on an answer that a `beforeCache` hook does not want stored: what is stored has been overtaken by it. */
function refuse(verdict: Verdict, stored: StoredResponse | undefined): Verdict {
	const reason = 'beforeCache';
	switch (verdict.kind) {
		case 'store':
			return stored ? {kind: 'evict', reason} : skip(verdict, reason);
		case 'freshen':
			return {...verdict, persist: false, evict: true};
		case 'combine':
			return {...verdict, persist: false};
		default:
			return verdict;
	}
}

async function filter({engine}: CacheExchange, request: HttpRequest, verdict: Verdict): Promise<Verdict> {
	const {filterFn} = engine.settings;
	if (filterFn === undefined || (verdict.kind !== 'store' && verdict.kind !== 'combine')) {
		return verdict;
	}
	const target = verdict.kind === 'store' ? (verdict.storeAs ?? request) : request;
	if (await filterFn(verdict.response, target)) {
		return verdict;
	}
	return verdict.kind === 'store' ? skip(verdict, 'filterFn') : {...verdict, persist: false};
}

function skip(verdict: Verdict, reason: SkipVerdict['reason']): SkipVerdict {
	const invalidations = 'invalidations' in verdict ? verdict.invalidations : undefined;
	return {kind: 'skip', reason, ...(invalidations && {invalidations})};
}
