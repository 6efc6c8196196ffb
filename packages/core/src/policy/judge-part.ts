/** Answers with a part of a representation, and to the request for the bytes that a stored part lacks. */
import {type CombinedParts, combineParts} from './combine-parts.js';
import type {GivenAnswer} from './given-answer.js';
import {lifeOf} from './life.js';
import type {FetchPlan} from './plan.js';
import {strongTagOf} from './ranges.js';
import {responseFacts} from './response-facts.js';
import {obstacleTo} from './storability.js';
import {obstacleByRules} from './storing-rules.js';
import {storedVaryFields, varyFields} from './vary.js';
import type {CombineVerdict, RefetchVerdict, SkipVerdict} from './verdict.js';

/**
 * What to do with a 206 while something is stored, and with any answer that should have completed a stored part
 * (RFC 9111 §3.3 and §3.4, https://www.rfc-editor.org/rfc/rfc9111#section-3.4). `undefined`: it is to be judged by itself.
 */
export function judgePart(given: GivenAnswer): CombineVerdict | RefetchVerdict | SkipVerdict | undefined {
	const {response, stored, plan} = given;
	const isPart = response.statusCode === 206;
	if (plan.kind === 'complete') {
		const combined = isPart ? combine(given) : undefined;
		if (combined?.statusCode === 200) {
			return toVerdict(given, combined, 'combined');
		}
		return isPart || response.statusCode === 416 ? refetch() : undefined;
	}
	if (!isPart || !stored || plan.kind === 'bypass' || plan.kind === 'passThrough') {
		return undefined;
	}
	if (stored.statusCode === 200 && !isOtherVersion(given)) {
		return {kind: 'skip', reason: 'completeStored'};
	}
	const combined = combine(given);
	return combined && toVerdict(given, combined, 'received');
}

function combine({response, exchange, stored, settings}: GivenAnswer): CombinedParts | undefined {
	const {rawHeaders} = response;
	const {responseTime} = exchange;
	const {unstorableFields} = responseFacts({rawHeaders, responseTime}, settings.shared);
	return stored && combineParts(stored, response, responseTime, unstorableFields);
}

function toVerdict(given: GivenAnswer, combined: CombinedParts, give: CombineVerdict['give']): CombineVerdict {
	const {request, response, exchange, plan, settings, requestSettings} = given;
	const {pieces, ...head} = combined;
	const {requestTime, responseTime} = exchange;
	const facts = responseFacts({rawHeaders: head.rawHeaders, responseTime}, settings.shared);
	const vary = varyFields(head.rawHeaders);
	const obstacle =
		obstacleTo(request, plan, settings, requestSettings) ??
		obstacleByRules(request, head, facts, settings, requestSettings);
	return {
		kind: 'combine',
		response: {
			kind: 'response',
			method: request.method,
			url: response.url,
			httpVersion: response.httpVersion,
			...head,
			requestTime,
			responseTime,
			createdAt: responseTime,
			...lifeOf(request, head, exchange, settings, requestSettings),
			decoded: false,
		},
		pieces,
		vary: vary === '*' ? undefined : storedVaryFields(vary, false),
		give,
		persist: obstacle === undefined && vary !== '*' && head.bodySize <= settings.maxBodySize,
		reason: 'partsJoined',
	};
}

/** Whether both name their version, and not the same one. A decoded body's tag is that of the coded one, of which a part says nothing. */
function isOtherVersion({response, stored}: GivenAnswer): boolean {
	const known = stored && !stored.decoded ? strongTagOf(stored) : undefined;
	const current = strongTagOf(response);
	return known !== undefined && current !== undefined && known !== current;
}

function refetch(): RefetchVerdict {
	const plan: FetchPlan = {kind: 'fetch', standby: false, reason: 'partStored'};
	return {kind: 'refetch', plan, reason: 'notCombinable'};
}
