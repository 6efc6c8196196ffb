import {fieldValue} from '../../http/headers.js';
import type {ForwardPlan} from '../../policy/plan.js';
import {BytesBody} from '../../storage/bytes-body.js';
import type {CacheExchange} from '../cache-exchange.js';
import {forward} from '../forward.js';
import {abortError} from '../got/abort-error.js';
import {cancelError} from '../got/cancellation.js';
import {GOT_MAJOR} from '../got/got-version.js';
import {isNetworkFailure, isOwnEnd} from '../got/network-failure.js';
import {onAbort} from '../got/on-abort.js';
import type {SessionRequest} from '../session-request.js';
import type {SessionResponse} from '../session-response.js';
import type {KeepOutcome} from '../streams/kept-body.js';
import {isReadFromStore} from '../streams/opened-body.js';
import type {StreamCall} from '../streams/stream-call.js';
import type {SharedResponse} from './shared-response.js';
import type {Flight, Landing} from './single-flight.js';

/**
 * Sends a request for which others may wait. When its own caller gives up while they do, it goes on for them.
 * @throws got's errors
 */
export async function lead(exchange: CacheExchange, plan: ForwardPlan, key: string): Promise<SessionResponse> {
	const {request, engine} = exchange;
	const flight = engine.flights.open(key);
	/** The caller goes. @returns whether others wait, so that it goes on until they have gone as well */
	const leave = (end: () => void): boolean => {
		if (flight.hasLanded || flight.followers === 0) {
			return false;
		}
		flight.handOver(() => {
			// Nobody must wait any more for what is ended here.
			engine.flights.close(key, flight, {kind: 'abandoned'});
			end();
		});
		return true;
	};
	const flying = () => fly(exchange, plan, key, flight);
	return request.stream
		? leadStream(request, request.stream, flight, leave, flying)
		: leadPromise(request, leave, flying);
}

type Leave = (end: () => void) => boolean;
type Flying = () => Promise<SessionResponse>;

function leadPromise(request: SessionRequest, leave: Leave, flying: Flying): Promise<SessionResponse> {
	const {presentation, cancellation} = request;
	const {signal} = presentation;
	if (!signal && GOT_MAJOR !== 14) {
		return flying();
	}
	return new Promise((resolve, reject) => {
		const leaveWith = (error: () => unknown, end: () => void): boolean => {
			const goesOn = leave(end);
			if (goesOn) {
				// Its caller hears nothing of it any more.
				request.events?.removeAllListeners();
				reject(error());
			}
			return goesOn;
		};
		if (GOT_MAJOR === 14) {
			cancellation.onLeave = () =>
				leaveWith(
					() => cancelError(presentation),
					() => cancellation.end(),
				);
		}
		const done = signal && new AbortController();
		if (signal && done) {
			leaveOnAbort(request, signal, end => leaveWith(() => abortError(signal, request.options), end), done.signal);
		}
		const finish = () => {
			done?.abort();
			request.sharedSignal = undefined;
		};
		flying().then(resolve, reject).finally(finish);
	});
}

/** Has an abort of the caller's signal end the request upstream, unless the caller leaves it to others. @param until - ends that */
function leaveOnAbort(request: SessionRequest, signal: AbortSignal, leave: Leave, until: AbortSignal): void {
	const ends = new AbortController();
	request.sharedSignal = ends.signal;
	onAbort(signal, () => leave(() => ends.abort()) || ends.abort(signal.reason), until);
}

async function leadStream(
	request: SessionRequest,
	call: StreamCall,
	flight: Flight<SharedResponse>,
	leave: Leave,
	flying: Flying,
): Promise<SessionResponse> {
	const {signal} = request.presentation;
	call.onLeave = () => {
		const goesOn = leave(() => call.end());
		if (goesOn) {
			void flight.landing.then(() => call.end());
		}
		return goesOn;
	};
	if (!signal) {
		return flying();
	}
	leaveOnAbort(request, signal, () => call.onLeave?.() ?? false, call.signal);
	try {
		return await flying();
	} finally {
		request.sharedSignal = undefined;
	}
}

async function fly(
	exchange: CacheExchange,
	plan: ForwardPlan,
	key: string,
	flight: Flight<SharedResponse>,
): Promise<SessionResponse> {
	const {flights} = exchange.engine;
	const close = (landing: Landing<SharedResponse>) => flights.close(key, flight, landing);
	try {
		const {response, shared, keeping} = await forward(exchange, plan);
		if (keeping) {
			// It is stored while its caller reads it, if that does not take too long: it may even be without end.
			keeping.onStall(() => close({kind: flight.isHandedOver ? 'abandoned' : 'released'}));
			if (isEndless(response)) {
				close({kind: 'released'});
			}
			void keeping.outcome.then(outcome => close(landingOfKept(outcome, exchange)));
		} else if (shared && flight.followers > 0 && !isReadFromStore(response.body)) {
			close({kind: 'shared', value: await detach(shared)});
		} else {
			close({kind: response.cached ? 'stored' : 'released'});
		}
		return response;
	} catch (error) {
		close(landingOfFailure(error, exchange));
		throw error;
	}
}

/** Whether a response is of a kind that goes on for as long as somebody listens. */
function isEndless({rawHeaders}: SessionResponse): boolean {
	return /^(text\/event-stream|multipart\/x-mixed-replace)\b/i.test(fieldValue(rawHeaders, 'content-type') ?? '');
}

function landingOfKept(outcome: KeepOutcome, exchange: CacheExchange): Landing<SharedResponse> {
	switch (outcome.kind) {
		case 'kept':
			return {kind: 'stored'};
		case 'lost':
			return {kind: 'released'};
		case 'aborted':
			return {kind: 'abandoned'};
		case 'failed':
			return landingOfFailure(outcome.error, exchange);
	}
}

function landingOfFailure(error: unknown, {request}: CacheExchange): Landing<SharedResponse> {
	// What its caller will try again is not lost for the others.
	if (isOwnEnd(error) || request.stream?.retry) {
		return {kind: 'abandoned'};
	}
	return isNetworkFailure(error) ? {kind: 'failed', error, wasStreamed: request.isStream} : {kind: 'released'};
}

// The leader's response is its own to change: the others get a copy, made by nobody's got and without anybody's error.
async function detach({response, ...facts}: SharedResponse): Promise<SharedResponse> {
	const {native: _native, transmission: _transmission, ...rest} = response;
	const bytes = Uint8Array.from(await response.body.bytes());
	const rawHeaders = [...response.rawHeaders];
	return {response: {...rest, rawHeaders, body: new BytesBody(bytes), isFromCache: true}, ...facts};
}
