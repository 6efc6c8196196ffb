import type {Options} from 'got';
import {abortError, timeoutError} from '../got/abort-error.js';
import {onAbort} from '../got/on-abort.js';
import type {Flight, Landing} from './single-flight.js';

/**
 * Waits for a request that another caller has sent, no longer than this caller's own `signal` and `timeout.request` allow.
 * @param ended - of a stream: aborted when that is destroyed
 * @throws got's `AbortError` or `TimeoutError`, as if the caller had sent the request itself
 */
export async function waitForFlight<T>(
	flight: Flight<T>,
	options: Options,
	ended?: AbortSignal | undefined,
): Promise<Landing<T>> {
	const {signal, timeout} = options;
	const ends = new AbortController();
	flight.join();
	try {
		return await Promise.race([
			flight.landing,
			...[signal, ended].flatMap(given => (given ? [rejectOnAbort(given, options, ends.signal)] : [])),
			...(timeout.request === undefined ? [] : [rejectAfter(timeout.request, options, ends.signal)]),
		]);
	} finally {
		ends.abort();
		flight.leave();
	}
}

function rejectOnAbort(signal: AbortSignal, options: Options, ends: AbortSignal): Promise<never> {
	return new Promise((_, reject) => {
		onAbort(signal, () => reject(abortError(signal, options)), ends);
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
