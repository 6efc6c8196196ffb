import type {RawHeaders} from '../http/headers.js';
import type {HttpRequest} from '../http/request.js';
import type {HttpResponse, StoredHop} from '../http/response.js';
import type {EffectiveRequestSettings, EffectiveSettings} from './effective-settings.js';
import {type Life, lifeOf} from './life.js';
import type {Plan} from './plan.js';
import {planRequest} from './plan-request.js';
import {NO_FACTS, type ResponseFacts, responseFacts} from './response-facts.js';
import {obstacleTo, type SkipReason} from './storability.js';
import {storableFields} from './storable-fields.js';
import {isEverReusable, obstacleByRules} from './storing-rules.js';
import {varyFields} from './vary.js';
import type {SkipVerdict} from './verdict.js';

/** What to do with a redirect that the client followed. */
export type HopVerdict = StoreHopVerdict | SkipVerdict;

/** Store the redirect. */
export interface StoreHopVerdict {
	readonly kind: 'store';
	/** The fields that may be stored. */
	readonly rawHeaders: RawHeaders;
	/** See `StoredResponse.expires`. */
	readonly expires: number | undefined;
	/** See `StoredResponse.keepUntil`. */
	readonly keepUntil: number | undefined;
	/** The request fields that choose among the variants; `undefined` without `Vary`. */
	readonly vary: readonly string[] | undefined;
	readonly reason: 'allowed';
}

/** Those that a client follows with no choice left to it (RFC 9110 §15.4). */
const FOLLOWED_STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Those that hold for good, so that they may be reused without saying for how long (RFC 9110 §15.1). */
const PERMANENT_STATUSES: ReadonlySet<number> = new Set([301, 308]);

/**
 * What to do with a redirect that the client followed. It lives as long as a response would, whatever `allowedCodes` says,
 * since the client's user does not see it. With `cacheControl`, one that is only for this time (302, 303, 307) is not stored unless it says for how long.
 *
 * @param request - The request that the redirect answers.
 * @param hop - The redirect, of which no body is kept.
 * @param responseTime - When it arrived, in epoch milliseconds.
 * @param plan - The plan under which the request was sent.
 */
export function judgeHop(
	request: HttpRequest,
	hop: Pick<HttpResponse, 'statusCode' | 'rawHeaders'>,
	responseTime: number,
	plan: Plan,
	settings: EffectiveSettings,
	requestSettings: EffectiveRequestSettings,
): HopVerdict {
	const obstacle = obstacleTo(request, plan, settings, requestSettings);
	if (obstacle) {
		return skip(obstacle);
	}
	if (settings.cacheControl && request.method === 'POST') {
		return skip('postNotReusable');
	}
	if (!FOLLOWED_STATUSES.has(hop.statusCode)) {
		return skip('statusNotAllowed');
	}
	const vary = varyFields(hop.rawHeaders);
	if (vary === '*') {
		return skip('varyStar');
	}
	const hopSettings = settings.cacheControl ? {...settings, allowedCodes: PERMANENT_STATUSES} : settings;
	const exchange = {requestTime: responseTime, responseTime};
	const facts = settings.cacheControl
		? responseFacts({rawHeaders: hop.rawHeaders, responseTime}, settings.shared)
		: NO_FACTS;
	const life = lifeOf(request, hop, exchange, hopSettings, requestSettings);
	const ruledOut = settings.cacheControl
		? obstacleInHop(request, hop, facts, life, responseTime, hopSettings, requestSettings)
		: undefined;
	if (ruledOut) {
		return skip(ruledOut);
	}
	const rawHeaders = storableFields(hop.rawHeaders, {decoded: true, without: facts.unstorableFields});
	return {kind: 'store', rawHeaders, ...life, vary, reason: 'allowed'};
}

/**
 * Whether a stored redirect may be followed without asking: if it would be served as fresh to this request.
 *
 * @param now - Epoch milliseconds.
 */
export function mayFollow(
	request: HttpRequest,
	hop: StoredHop,
	settings: EffectiveSettings,
	requestSettings: EffectiveRequestSettings,
	now: number,
): boolean {
	return planRequest(request, {...hop, kind: 'response'}, settings, requestSettings, now).kind === 'serve';
}

function obstacleInHop(
	request: HttpRequest,
	hop: Pick<HttpResponse, 'statusCode' | 'rawHeaders'>,
	facts: ResponseFacts,
	life: Life,
	responseTime: number,
	settings: EffectiveSettings,
	requestSettings: EffectiveRequestSettings,
): SkipReason | undefined {
	const obstacle = obstacleByRules(request, hop, facts, settings, requestSettings);
	if (obstacle) {
		return obstacle === 'noFreshness' ? 'temporaryRedirect' : obstacle;
	}
	return isEverReusable(hop, facts, life, responseTime) ? undefined : 'neverReusable';
}

function skip(reason: SkipReason): SkipVerdict {
	return {kind: 'skip', reason};
}
