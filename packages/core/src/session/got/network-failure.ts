import {type RequestError, TimeoutError} from 'got';

const networkCodes: ReadonlySet<string> = new Set([
	'ECONNREFUSED',
	'ECONNRESET',
	'ECONNABORTED',
	'EPIPE',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EAI_FAIL',
	'ENETUNREACH',
	'ENETDOWN',
	'EHOSTUNREACH',
	'EHOSTDOWN',
	'EADDRNOTAVAIL',
	'EADDRINUSE',
	'ETIMEDOUT',
	'EPROTO',
	'ERR_HTTP2_GOAWAY_SESSION',
	'ERR_HTTP2_SESSION_ERROR',
	'ERR_HTTP2_STREAM_CANCEL',
	'ERR_HTTP2_STREAM_ERROR',
	'ERR_HTTP_CONTENT_LENGTH_MISMATCH',
]);

/** Whether a request got no answer because the server, or the way to it, failed; not because its caller gave up. A time-out counts: the server was too slow. */
export function isNetworkFailure(error: unknown): boolean {
	return !isAbort(error) && networkCodes.has((error as Partial<RequestError>)?.code ?? '');
}

/** Whether a request ended for reasons of its own caller: aborted, cancelled, or out of its own time. */
export function isOwnEnd(error: unknown): boolean {
	return isAbort(error) || error instanceof TimeoutError;
}

// By name: got 15 has no CancelError any more.
function isAbort(error: unknown): boolean {
	return error instanceof Error && (error.name === 'AbortError' || error.name === 'CancelError');
}
