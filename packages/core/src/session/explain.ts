import {ageInSeconds} from '../policy/age.js';
import {cacheStatus} from '../policy/cache-status.js';
import type {Plan} from '../policy/plan.js';
import type {CacheEngine} from './cache-engine.js';
import {CacheExchange} from './cache-exchange.js';
import type {SessionRequest} from './session-request.js';

/** What a session would do with a request, and why. */
export interface Explanation {
	/** What it would do: `serve`, `serveStale`, `notModified`, `servePartial` and `rangeNotSatisfiable` send nothing, nor does `unsatisfiable`, the answer of which is a 504. */
	readonly plan: Plan['kind'];
	/** The criterion that decides. */
	readonly reason: Plan['reason'];
	/** The key of what is stored, or under which the answer would be stored. `undefined` where the store would not be asked. */
	readonly key: string | undefined;
	/** What is stored for the request, be it of use or not. */
	readonly stored: ExplainedRecord | undefined;
	/** What the `Cache-Status` field would say up to the moment when something is sent (RFC 9211). */
	readonly cacheStatus: string;
}

/** A stored response, without what it says. */
export interface ExplainedRecord {
	readonly statusCode: number;
	/** When the body was received. */
	readonly createdAt: Date;
	/** When it stops being fresh; `undefined`: never. */
	readonly expires: Date | undefined;
	/** How old it is, in whole seconds, since its origin made it or last confirmed it (RFC 9111 §4.2.3). */
	readonly age: number;
}

/** What would happen to a request. Reads the store, as the request would; sends and changes nothing. */
export async function explain(engine: CacheEngine, request: SessionRequest): Promise<Explanation> {
	const identified = await engine.identify(request);
	const exchange = new CacheExchange(engine, request, identified, neverSend);
	const now = Date.now();
	const plan = engine.disabledPlan ?? identified.early ?? (await exchange.plan(now));
	const {found, hasOtherVariants} = exchange;
	const key = found?.key ?? (identified.key === '' ? undefined : identified.key);
	const expires = found?.stored.expires;
	return {
		plan: plan.kind,
		reason: plan.reason,
		key,
		stored: found && {
			statusCode: found.stored.statusCode,
			createdAt: new Date(found.stored.createdAt),
			expires: expires === undefined ? undefined : new Date(expires),
			age: ageInSeconds(found.stored, now),
		},
		cacheStatus: String(cacheStatus(plan, undefined, {now, expires, hasOtherVariants, key: found?.key})),
	};
}

async function neverSend(): Promise<never> {
	throw new Error('What is only explained is not sent');
}
