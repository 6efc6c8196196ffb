import {assertNever} from '../../policy/assert-never.js';
import type {ForwardPlan, PassThroughPlan} from '../../policy/plan.js';
import type {CacheExchange} from '../cache-exchange.js';
import type {SessionRequest} from '../session-request.js';

type GotOptions = SessionRequest['options'];

/** The request as the plan wants it sent. */
export function outgoingRequest({request, isOwn}: CacheExchange, plan: ForwardPlan | PassThroughPlan): SessionRequest {
	const standby = plan.kind !== 'passThrough' && plan.standby;
	const isConditional = plan.kind !== 'passThrough' && ('conditions' in plan || isOwn);
	if (!isConditional && !standby) {
		return request;
	}
	return request.derive(options => {
		if (isConditional) {
			keepNotModified(options);
		}
		addConditions(options, plan);
		if (standby) {
			// Retries would keep the caller waiting for what the stored response can stand in for. A `calculateDelay` need not heed the limit.
			options.retry = {...options.retry, limit: 0, calculateDelay: () => 0};
		}
	});
}

function addConditions(options: GotOptions, plan: ForwardPlan | PassThroughPlan): void {
	switch (plan.kind) {
		case 'revalidate':
		case 'complete':
			options.headers = {...options.headers, ...plan.conditions};
			if (plan.kind === 'complete' && options.decompress) {
				// A part of a coded body cannot be decoded.
				options.headers['accept-encoding'] = 'identity';
			}
			return;
		case 'fetch':
		case 'passThrough':
			return;
		default:
			assertNever(plan);
	}
}

/** got 14 takes a 304 with `Location` for a redirect. */
function keepNotModified(options: GotOptions): void {
	const {followRedirect} = options;
	options.followRedirect = response =>
		response.statusCode !== 304 && (typeof followRedirect === 'function' ? followRedirect(response) : followRedirect);
}
