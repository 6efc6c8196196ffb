import type {RawHeaders} from '../http/headers.js';
import type {HttpRequest} from '../http/request.js';
import type {HttpResponse} from '../http/response.js';
import type {EffectiveRequestSettings, EffectiveSettings} from './effective-settings.js';
import {lifeOf, type SkipVerdict} from './judge-response.js';
import type {Plan} from './plan-request.js';
import {obstacleTo, type SkipReason} from './storability.js';
import {storableFields} from './storable-fields.js';
import {varyFields} from './vary.js';

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

/**
 * What to do with a redirect that the client followed. It lives as long as a response would, whatever `allowedCodes` says,
 * since the client's user does not see it.
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
	if (!FOLLOWED_STATUSES.has(hop.statusCode)) {
		return skip('statusNotAllowed');
	}
	const vary = varyFields(hop.rawHeaders);
	if (vary === '*') {
		return skip('varyStar');
	}
	const rawHeaders = storableFields(hop.rawHeaders, {decoded: true});
	return {
		kind: 'store',
		rawHeaders,
		...lifeOf(request, responseTime, settings, requestSettings),
		vary,
		reason: 'allowed',
	};
}

function skip(reason: SkipReason): SkipVerdict {
	return {kind: 'skip', reason};
}
