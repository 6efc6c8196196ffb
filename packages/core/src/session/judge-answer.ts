import {redactUrl} from '../backend/redaction.js';
import type {HttpRequest} from '../http/request.js';
import type {StoredResponse} from '../http/response.js';
import {isServerFailure, judgeResponse, type SkipVerdict, type Verdict} from '../policy/judge-response.js';
import type {ForwardPlan, PassThroughPlan} from '../policy/plan.js';
import type {CacheExchange} from './cache-exchange.js';
import {requestChain, wasSentAsDescribed} from './request-chain.js';
import type {SessionResponse} from './session-response.js';

/** An answer of the network, with all that must be known to judge it and to keep it. */
export interface NetworkAnswer {
	readonly plan: ForwardPlan | PassThroughPlan;
	readonly response: SessionResponse;
	/** The requests that led to it. */
	readonly chain: readonly HttpRequest[];
	/** The one that it answers. */
	readonly request: HttpRequest;
	readonly bytes: Uint8Array;
}

/** Puts together what is known of an answer. */
export async function receiveAnswer(
	{identified, request}: CacheExchange,
	plan: ForwardPlan | PassThroughPlan,
	response: SessionResponse,
): Promise<NetworkAnswer> {
	const chain = await requestChain(identified.http, response, request.options.cookieJar);
	return {plan, response, chain, request: chain.at(-1)!, bytes: await response.body.bytes()};
}

/** What to do with an answer: the policy's word, unless the filter function or a hook that changed the request stand against it. */
export async function judgeAnswer(exchange: CacheExchange, answer: NetworkAnswer): Promise<Verdict> {
	const {engine, identified} = exchange;
	const {plan, response, request, bytes} = answer;
	const {statusCode, statusMessage, httpVersion, rawHeaders, transmission} = response;
	const url = redactUrl(response.url, engine.settings.ignoredParams);
	const decoded = transmission?.decoded ?? false;
	const received = {statusCode, statusMessage, httpVersion, rawHeaders, url, bodySize: bytes.byteLength, decoded};
	const now = Date.now();
	const times = transmission ?? {requestTime: now, responseTime: now};
	const stored = storedFor(exchange, answer);
	const verdict = judgeResponse(request, received, times, stored, plan, engine.settings, identified.settings);
	return isStandingFor(exchange, answer, verdict) ? filter(exchange, request, verdict) : withoutTrust(plan, verdict);
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
