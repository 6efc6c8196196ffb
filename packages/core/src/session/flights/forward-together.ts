import {assertNever} from '../../policy/assert-never.js';
import type {ForwardPlan} from '../../policy/plan.js';
import {planRequest} from '../../policy/plan-request.js';
import {varyValues} from '../../policy/vary.js';
import {serveStored} from '../answer-plan.js';
import type {CacheExchange} from '../cache-exchange.js';
import {isRedirect} from '../follow-hop.js';
import {forward, serveStandby} from '../forward.js';
import type {SessionRequest} from '../session-request.js';
import type {SessionResponse} from '../session-response.js';
import {lead} from './lead-flight.js';
import type {SharedResponse} from './shared-response.js';
import {waitForFlight} from './wait-for-flight.js';

/** Gets the answer from the network; those who ask for the same at the same time share one request. @throws got's errors */
export async function forwardTogether(exchange: CacheExchange, plan: ForwardPlan): Promise<SessionResponse> {
	const {flights} = exchange.engine;
	const {key, settings} = exchange.identified;
	// Who explicitly asks for the server's word gets it, and not that of a request which was under way before; and what answers a range or a condition answers nobody else.
	if (exchange.isOwn || settings.refresh || settings.forceRefresh || plan.reason === 'requestNoCache') {
		return (await forward(exchange, plan)).response;
	}
	let flightKey = key;
	for (;;) {
		const flight = flights.get(flightKey);
		if (!flight) {
			return lead(exchange, plan, flightKey);
		}
		const landing = await waitForFlight(flight, exchange.request.options, endOf(exchange.request));
		switch (landing.kind) {
			case 'shared':
				if (isAnswerTo(exchange, plan, landing.value)) {
					return {
						...landing.value.response,
						// The key does not have all of the URL.
						url: exchange.identified.http.url,
						decision: exchange.decide(plan, {isShared: true}),
					};
				}
				if (!landing.value.vary || flightKey !== key) {
					return (await forward(exchange, plan)).response;
				}
				// Those whom the same other variant would answer share one request for that.
				flightKey = variantFlightKey(exchange, landing.value.vary.fields);
				break;
			case 'stored':
				return answerAnew(exchange, plan);
			case 'released':
				return (await forward(exchange, plan)).response;
			case 'failed':
				if (plan.standby) {
					return (await serveStandby(exchange, plan)).response;
				}
				if (landing.wasStreamed && triesAgain(exchange.request)) {
					break;
				}
				throw landing.error;
			// The one who asked gave up: one of those who waited asks in its place.
			case 'abandoned':
				break;
			default:
				assertNever(landing);
		}
	}
}

/** Whether got tries again what fails: for a stream it does so only where somebody listens. */
function triesAgain({options, isStream, events}: SessionRequest): boolean {
	return options.retry.limit !== 0 && (!isStream || (events?.listenerCount('retry') ?? 0) > 0);
}

/** Aborted when the caller destroys its stream, or cancels its promise. */
function endOf({stream, cancellation}: SessionRequest): AbortSignal {
	const end = new AbortController();
	cancellation.onCancel(() => end.abort());
	return stream?.signal ?? end.signal;
}

// What was found before the answer came is out of date; what is found now may be the answer.
async function answerAnew(exchange: CacheExchange, plan: ForwardPlan): Promise<SessionResponse> {
	const renewed = await exchange.plan(Date.now());
	return renewed.kind === 'serve'
		? serveStored(exchange.needFound(), exchange.decide(plan, {isShared: true}))
		: (await forward(exchange, plan)).response;
}

function variantFlightKey({identified: {key, http}}: CacheExchange, fields: readonly string[]): string {
	return `${key} ${JSON.stringify(varyValues(fields, http.headers))}`;
}

/** Whether the answer to another caller's request is an answer to this one as well. */
function isAnswerTo(
	{engine, identified, request}: CacheExchange,
	plan: ForwardPlan,
	{response, record, vary, isStandby}: SharedResponse,
): boolean {
	if (isStandby && !plan.standby) {
		return false;
	}
	if (isRedirect(response) && request.options.followRedirect !== false) {
		return false;
	}
	if (engine.settings.cacheControl && !isStandby) {
		// Several may only share what each of them could take from the store (RFC 9111 §4).
		const {kind} = planRequest(identified.http, record, engine.settings, identified.settings, Date.now());
		if (kind !== 'serve') {
			return false;
		}
	}
	const values = vary && varyValues(vary.fields, identified.http.headers);
	return values?.every((value, index) => value === vary?.values[index]) ?? true;
}
