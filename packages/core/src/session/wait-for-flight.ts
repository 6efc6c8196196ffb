import type {Options} from 'got';
import {abortError, timeoutError} from './abort-error.js';
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
		const abort = () => reject(abortError(signal, options));
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
