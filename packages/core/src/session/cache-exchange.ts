import {keyOf} from '../backend/key-of.js';
import {redactUrl} from '../backend/redaction.js';
import type {HttpRequest} from '../http/request.js';
import type {StoredResponse} from '../http/response.js';
import {assertNever} from '../policy/assert-never.js';
import {judgeResponse, type ReceivedResponse, type StoreVerdict, type Verdict} from '../policy/judge-response.js';
import {type FetchPlan, type Plan, planRequest, type RevalidatePlan} from '../policy/plan-request.js';
import {varyValues} from '../policy/vary.js';
import {type Awaitable, isPromise} from '../storage/awaitable.js';
import type {CacheEngine, IdentifiedRequest} from './cache-engine.js';
import {type FoundResponse, findStored} from './find-stored.js';
import type {Next} from './interceptor.js';
import {keepHops, keepResponse, renewResponse} from './keep-response.js';
import {isNetworkFailure} from './network-failure.js';
import {requestChain, wasSentAsDescribed} from './request-chain.js';
import type {SessionRequest} from './session-request.js';
import type {SessionResponse} from './session-response.js';
import type {SharedResponse} from './shared-response.js';

/** A plan that sends something. */
export type ForwardPlan = RevalidatePlan | FetchPlan;

/** An answer from the network, and what of it is good for others who asked the same meanwhile. */
export interface Answer {
	readonly response: SessionResponse;
	readonly shared: SharedResponse | undefined;
}

const NO_URLS: readonly string[] = Object.freeze([]);

/** One request's dealings with the cache: what is found for it, what is sent for it, and what is kept of the answer. */
export class CacheExchange {
	readonly engine: CacheEngine;
	readonly request: SessionRequest;
	readonly identified: IdentifiedRequest;
	readonly next: Next;
	/** What is stored for the request; after {@link plan}. */
	found: FoundResponse | undefined;

	constructor(engine: CacheEngine, request: SessionRequest, identified: IdentifiedRequest, next: Next) {
		this.engine = engine;
		this.request = request;
		this.identified = identified;
		this.next = next;
	}

	#landingsSeen = 0;

	/** Looks the request up, and decides. */
	plan(now: number): Awaitable<Plan> {
		this.#landingsSeen = this.engine.flights.landings;
		const finding = findStored(this.engine, this.identified, this.request, now);
		return isPromise(finding) || this.engine.settings.filterFn !== undefined
			? this.#planLater(finding, now)
			: this.#planWith(finding, now);
	}

	async #planLater(finding: Awaitable<FoundResponse | undefined>, now: number): Promise<Plan> {
		const found = await finding;
		const {filterFn} = this.engine.settings;
		const isUsable = found === undefined || filterFn === undefined || (await filterFn(found.stored, found.request));
		return this.#planWith(isUsable ? found : undefined, now);
	}

	#planWith(found: FoundResponse | undefined, now: number): Plan {
		this.found = found;
		const {http, settings} = this.identified;
		return planRequest(http, found?.stored, this.engine.settings, settings, now);
	}

	/** Whether a request for the same has ended while the store was asked: it may have stored what is not found yet. */
	get mayHaveMissed(): boolean {
		return this.engine.flights.hasLandedSince(this.identified.key, this.#landingsSeen);
	}

	/** What was found, as a response; `stored`: its renewed head. */
	serve(stored: StoredResponse = this.#needFound().stored): SessionResponse {
		const {body, hops, key, request} = this.#needFound();
		return {
			statusCode: stored.statusCode,
			statusMessage: stored.statusMessage,
			httpVersion: stored.httpVersion,
			rawHeaders: stored.rawHeaders,
			url: request.url,
			redirectUrls: hops.length === 0 ? NO_URLS : hops.map(hop => hop.nextUrl),
			method: request.method,
			body,
			isFromCache: true,
			cached: {key, createdAt: stored.createdAt, expires: stored.expires},
		};
	}

	/** Sends the request, judges the response, and does what the verdict says. @throws got's errors, unless a stored response stands by */
	async forward(wanted: ForwardPlan): Promise<Answer> {
		// got starts from the first URL, and the conditions are about the last one.
		const plan = wanted.kind === 'revalidate' && this.#needFound().hops.length > 0 ? toFetch(wanted) : wanted;
		let response: SessionResponse;
		try {
			response = await this.next(this.#outgoing(plan));
		} catch (error) {
			if (plan.standby && isNetworkFailure(error)) {
				return this.#answer(this.serve(), this.#needFound().vary, true);
			}
			throw error;
		}
		if (plan.kind === 'revalidate' && response.statusCode === 304 && response.redirectUrls.length > 0) {
			// The conditions went along to another URL, which knows nothing of what is stored.
			return this.forward(toFetch(plan));
		}
		const chain = await requestChain(this.identified.http, response, this.request.options.cookieJar);
		const bytes = await response.body.bytes();
		const verdict = await this.#judge(plan, response, chain, bytes.byteLength);
		this.engine.logDecision(chain.at(-1)!, plan.reason, verdict);
		switch (verdict.kind) {
			case 'store':
				return this.#store(verdict, response, chain, bytes, plan);
			case 'freshen':
				return this.#freshen(verdict.response, verdict.persist);
			// The server failed, and what is stored may stand in for it.
			case 'useStored':
				return this.#answer(this.serve(), this.#needFound().vary, true);
			// The server spoke of something else than what is stored: ask for the whole.
			case 'refetch':
				return this.forward(verdict.plan);
			case 'skip':
				return {response, shared: undefined};
			default:
				return assertNever(verdict);
		}
	}

	// The request as the plan wants it sent.
	#outgoing(plan: ForwardPlan): SessionRequest {
		if (plan.kind === 'fetch' && !plan.standby) {
			return this.request;
		}
		return this.request.derive(options => {
			if (plan.kind === 'revalidate') {
				options.headers = {...options.headers, ...plan.conditions};
				const {followRedirect} = options;
				// got 14 takes a 304 with `Location` for a redirect.
				options.followRedirect = response =>
					response.statusCode !== 304 &&
					(typeof followRedirect === 'function' ? followRedirect(response) : followRedirect);
			}
			if (plan.standby) {
				// Retries would keep the caller waiting for what the stored response can stand in for.
				options.retry = {...options.retry, limit: 0};
			}
		});
	}

	async #judge(
		plan: ForwardPlan,
		response: SessionResponse,
		chain: readonly HttpRequest[],
		bodySize: number,
	): Promise<Verdict> {
		const {engine, found} = this;
		const {transmission} = response;
		const request = chain.at(-1)!;
		const received: ReceivedResponse = {
			statusCode: response.statusCode,
			statusMessage: response.statusMessage,
			httpVersion: response.httpVersion,
			rawHeaders: response.rawHeaders,
			url: redactUrl(response.url, engine.settings.ignoredParams),
			bodySize,
			decoded: transmission?.decoded ?? false,
		};
		const now = Date.now();
		const times = transmission ?? {requestTime: now, responseTime: now};
		const verdict = judgeResponse(
			request,
			received,
			times,
			found?.stored,
			plan,
			engine.settings,
			this.identified.settings,
		);
		if (verdict.kind !== 'store' && verdict.kind !== 'freshen') {
			return verdict;
		}
		const vary = verdict.kind === 'store' ? verdict.vary : undefined;
		if (transmission && !wasSentAsDescribed(chain, transmission.sent, engine, vary)) {
			engine.warnOfChangedCredentials(response.url);
			return verdict.kind === 'store'
				? {kind: 'skip', reason: 'credentialsChanged'}
				: {
						kind: 'refetch',
						plan: {kind: 'fetch', standby: false, reason: plan.reason},
						reason: 'credentialsChanged',
					};
		}
		const {filterFn} = engine.settings;
		const isWanted =
			verdict.kind === 'freshen' || filterFn === undefined || (await filterFn(verdict.response, request));
		return isWanted ? verdict : {kind: 'skip', reason: 'filterFn'};
	}

	async #store(
		verdict: StoreVerdict,
		response: SessionResponse,
		chain: readonly HttpRequest[],
		bytes: Uint8Array,
		plan: ForwardPlan,
	): Promise<Answer> {
		const {engine, identified} = this;
		const request = chain.at(-1)!;
		const requestKey = chain.length === 1 ? identified.key : await keyOf(request, engine.settings);
		const key = await keepResponse(engine, requestKey, request, verdict, bytes);
		await keepHops(engine, identified, chain, response.transmission?.hops ?? [], plan);
		const {createdAt, expires} = verdict.response;
		const kept = key === undefined ? response : {...response, cached: {key, createdAt, expires}};
		return this.#answer(kept, verdict.vary);
	}

	async #freshen(renewed: StoredResponse, persist: boolean): Promise<Answer> {
		const {key, version, vary} = this.#needFound();
		if (persist) {
			await renewResponse(this.engine, this.identified.key, key, version, renewed);
		}
		return this.#answer(this.serve(renewed), vary);
	}

	// After redirects, others would have to check the `Vary` of every hop: they look for themselves.
	#answer(response: SessionResponse, fields: readonly string[] | undefined, isStandby = false): Answer {
		if ((response.transmission?.hops ?? response.redirectUrls).length > 0) {
			return {response, shared: undefined};
		}
		const vary = fields && {fields, values: varyValues(fields, this.identified.http.headers)};
		return {response, shared: {response, vary, isStandby}};
	}

	#needFound(): FoundResponse {
		if (this.found === undefined) {
			throw new Error('A plan that needs a stored response was made without one');
		}
		return this.found;
	}
}

function toFetch({standby, reason}: RevalidatePlan): FetchPlan {
	return {kind: 'fetch', standby, reason};
}
