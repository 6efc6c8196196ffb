import {answerFromStored} from '../policy/answer.js';
import type {ForwardPlan, PassThroughPlan} from '../policy/plan.js';
import type {UseStoredVerdict, Verdict} from '../policy/verdict.js';
import {serveAnswer} from './answer-plan.js';
import {type Answer, applyVerdict, shareable} from './apply-verdict.js';
import {type CacheExchange, toFetch} from './cache-exchange.js';
import {isNetworkFailure} from './got/network-failure.js';
import {outgoingRequest} from './got/outgoing-request.js';
import {judgeAnswer, type NetworkAnswer, receiveAnswer} from './judge-answer.js';
import type {SessionResponse} from './session-response.js';
import {cancelBody} from './streams/live-body.js';

/** Sends the request, judges the response, and does what the verdict says. @throws got's errors, unless a stored response stands by */
export async function forward(exchange: CacheExchange, wanted: ForwardPlan | PassThroughPlan): Promise<Answer> {
	const {engine, found} = exchange;
	// got starts from the first URL, and the conditions are about the last one.
	const plan = 'conditions' in wanted && found && found.hops.length > 0 ? toFetch(wanted) : wanted;
	let response: SessionResponse;
	try {
		response = await exchange.next(outgoingRequest(exchange, plan));
	} catch (error) {
		if (plan.kind !== 'passThrough' && plan.standby && isNetworkFailure(error)) {
			return serveStandby(exchange, plan);
		}
		throw error;
	}
	if (plan.kind === 'revalidate' && response.statusCode === 304 && response.redirectUrls.length > 0) {
		// The conditions went along to another URL, which knows nothing of what is stored.
		cancelBody(response.body);
		return forward(exchange, toFetch(plan));
	}
	const {answer, verdict} = await judge(exchange, plan, response);
	engine.logDecision(answer.request, plan.reason, verdict);
	if (!givesReceived(verdict)) {
		cancelBody(response.body);
	}
	// The server spoke of something else than what is stored: ask for the whole.
	return verdict.kind === 'refetch' ? forward(exchange, verdict.plan) : applyVerdict(exchange, answer, verdict);
}

/** @throws what a filter function or a `beforeCache` hook throws; then nobody reads the body any more */
async function judge(
	exchange: CacheExchange,
	plan: ForwardPlan | PassThroughPlan,
	response: SessionResponse,
): Promise<{readonly answer: NetworkAnswer; readonly verdict: Verdict}> {
	try {
		const answer = await receiveAnswer(exchange, plan, response);
		return {answer, verdict: await judgeAnswer(exchange, answer)};
	} catch (error) {
		cancelBody(response.body);
		throw error;
	}
}

/** Whether the caller gets what came. */
function givesReceived({kind}: Verdict): boolean {
	return kind !== 'refetch' && kind !== 'freshen' && kind !== 'useStored';
}

/** The stored response in place of one that did not come. */
export async function serveStandby(exchange: CacheExchange, plan: ForwardPlan): Promise<Answer> {
	const found = exchange.needFound();
	const fitting = answerFromStored(exchange.identified.http, found.stored);
	const answer = typeof fitting === 'object' ? fitting : undefined;
	const verdict: UseStoredVerdict = {kind: 'useStored', reason: 'staleIfError'};
	const response = await serveAnswer(found, answer, exchange.decide(plan, {verdict}));
	return shareable(exchange, response, found.stored, found.vary, true);
}
