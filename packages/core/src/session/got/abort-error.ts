import {AbortError, type Options, type Request, TimeoutError} from 'got';

type TimeoutCause = ConstructorParameters<typeof TimeoutError>[0];
type Timings = ConstructorParameters<typeof TimeoutError>[1];

/** got's error for a request whose caller has aborted its `signal`, where got had no part in it. */
export function abortError(signal: AbortSignal, options: Options): AbortError | TimeoutError {
	const isTimeout = (signal.reason as Error | undefined)?.name === 'TimeoutError';
	return isTimeout ? timeoutError(signal.reason as Error, options) : new AbortError(unsentRequest(options));
}

/** got's error for a request that ran out of time, where got had no part in it. */
export function timeoutError(cause: Error, options: Options): TimeoutError {
	const timings = {start: Date.now(), phases: {}} as Timings;
	return new TimeoutError(cause as unknown as TimeoutCause, timings, unsentRequest(options));
}

/** A request that was never sent, for got's errors: they keep its options. */
export function unsentRequest(options: Options): Request {
	return {options, _onResponse: undefined, response: undefined} as unknown as Request;
}
