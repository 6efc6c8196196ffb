import {AbortError, type Options, type Request, TimeoutError} from 'got';
import type {Flight, Landing} from './single-flight.js';

/**
 * Waits for a request that another caller has sent, no longer than this caller's own `signal` and `timeout.request` allow.
 * @throws got's `AbortError` or `TimeoutError`, as if the caller had sent the request itself
 */
export async function waitForFlight<T>(flight: Flight<T>, options: Options): Promise<Landing<T>> {
	const {signal, timeout} = options;
	flight.followers++;
	if (!signal && timeout.request === undefined) {
		return flight.landing;
	}
	const ends = new AbortController();
	try {
		return await Promise.race([
			flight.landing,
			...(signal ? [rejectOnAbort(signal, options, ends.signal)] : []),
			...(timeout.request === undefined ? [] : [rejectAfter(timeout.request, options, ends.signal)]),
		]);
	} finally {
		ends.abort();
	}
}

function rejectOnAbort(signal: AbortSignal, options: Options, ends: AbortSignal): Promise<never> {
	return new Promise((_, reject) => {
		const abort = () => {
			const isTimeout = (signal.reason as Error | undefined)?.name === 'TimeoutError';
			reject(isTimeout ? timeoutError(signal.reason as Error, options) : new AbortError(unsent(options)));
		};
		if (signal.aborted) {
			abort();
		} else {
			signal.addEventListener('abort', abort, {once: true, signal: ends});
		}
	});
}

function rejectAfter(milliseconds: number, options: Options, ends: AbortSignal): Promise<never> {
	return new Promise((_, reject) => {
		const timer = setTimeout(() => {
			const message = `Timeout awaiting 'request' for ${milliseconds}ms`;
			reject(timeoutError(Object.assign(new Error(message), {code: 'ETIMEDOUT', event: 'request'}), options));
		}, milliseconds);
		ends.addEventListener('abort', () => clearTimeout(timer), {once: true});
	});
}

function timeoutError(cause: Error, options: Options): TimeoutError {
	const error = Object.assign(cause, {event: 'request'}) as unknown as ConstructorParameters<typeof TimeoutError>[0];
	const timings = {start: Date.now(), phases: {}} as ConstructorParameters<typeof TimeoutError>[1];
	return new TimeoutError(error, timings, unsent(options));
}

/** A request that was never sent, for got's errors: they keep its options. */
function unsent(options: Options): Request {
	return {options, _onResponse: undefined, response: undefined} as unknown as Request;
}
