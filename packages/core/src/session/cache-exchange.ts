import type {FetchPlan, ForwardPlan, Plan} from '../policy/plan.js';
import {planRequest} from '../policy/plan-request.js';
import {hasOwnConditions} from '../policy/validation.js';
import {type Awaitable, isPromise} from '../storage/awaitable.js';
import type {CacheEngine, IdentifiedRequest} from './cache-engine.js';
import type {Decision} from './decision.js';
import type {Next} from './interceptor.js';
import type {SessionRequest} from './session-request.js';
import {type Finding, type FoundResponse, findStored} from './stores/find-stored.js';
import {goOnFromNetwork} from './streams/go-on-from-network.js';
import type {StreamCall} from './streams/stream-call.js';

/** One request's dealings with the cache: who asks, what is found, and what is to be done about it. */
export class CacheExchange {
	readonly engine: CacheEngine;
	readonly request: SessionRequest;
	readonly identified: IdentifiedRequest;
	readonly next: Next;
	/** What is stored for the request; after {@link plan}. */
	found: FoundResponse | undefined;
	/** Whether what is stored is for requests with other fields; after {@link plan}. */
	hasOtherVariants = false;

	#landingsSeen = 0;

	constructor(engine: CacheEngine, request: SessionRequest, identified: IdentifiedRequest, next: Next) {
		this.engine = engine;
		this.request = request;
		this.identified = identified;
		this.next = next;
	}

	/** Looks the request up, and decides. */
	plan(now: number): Awaitable<Plan> {
		this.#landingsSeen = this.engine.flights.landings;
		const finding = findStored(this.engine, this.identified, this.request, now);
		const planning =
			isPromise(finding) || this.engine.settings.filterFn !== undefined
				? this.#planLater(finding, now)
				: this.#planWith(finding, now);
		return this.request.stream ? this.#openFound(planning, this.request.stream, now) : planning;
	}

	// What is found for a promise call is in memory; a body that is streamed may turn out to be gone when it is read.
	async #openFound(planning: Awaitable<Plan>, call: StreamCall, now: number): Promise<Plan> {
		const plan = await planning;
		const {found} = this;
		if (found === undefined) {
			return plan;
		}
		const body = await this.engine.openBody(found.body, call, (given, fault) =>
			goOnFromNetwork(this, found, given, fault),
		);
		if (body === undefined) {
			return this.#planWith(undefined, now);
		}
		this.found = {...found, body};
		return plan;
	}

	async #planLater(finding: Awaitable<Finding>, now: number): Promise<Plan> {
		const found = await finding;
		const {filterFn} = this.engine.settings;
		const isUsable =
			typeof found !== 'object' || filterFn === undefined || (await filterFn(found.stored, found.request));
		return this.#planWith(isUsable ? found : undefined, now);
	}

	#planWith(found: Finding, now: number): Plan {
		this.hasOtherVariants = found === 'otherVariants';
		this.found = found === 'otherVariants' ? undefined : found;
		const {http, settings} = this.identified;
		return planRequest(http, this.found?.stored, this.engine.settings, settings, now);
	}

	/** Whether a request for the same has ended while the store was asked: it may have stored what is not found yet. */
	get mayHaveMissed(): boolean {
		return this.engine.flights.hasLandedSince(this.identified.key, this.#landingsSeen);
	}

	/** Whether the caller asks for a part, or makes conditions: what answers it answers nobody else. */
	get isOwn(): boolean {
		return hasOwnConditions(this.identified.http);
	}

	/** What was found, where a plan cannot do without. */
	needFound(): FoundResponse {
		if (this.found === undefined) {
			throw new Error('A plan that needs a stored response was made without one');
		}
		return this.found;
	}

	/** What is decided so far, for `Cache-Status`. */
	decide(plan: Plan, outcome?: Pick<Decision, 'verdict' | 'forwardStatus' | 'isShared'>): Decision {
		const {hasOtherVariants} = this;
		return outcome === undefined ? {plan, hasOtherVariants} : {plan, hasOtherVariants, ...outcome};
	}
}

/** The plan without what is asked about the stored response. */
export function toFetch({standby, reason}: ForwardPlan): FetchPlan {
	return {kind: 'fetch', standby, reason};
}
