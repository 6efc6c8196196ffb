import type {RequestError} from 'got';
import type {RequestEvents} from '../request-events.js';
import type {RequestOptions} from '../session-request.js';
import type {SessionStream} from './session-stream.js';

/** Makes the stream of the next attempt. @param options - merged into those of the request */
export type CreateRetryStream = (options?: RequestOptions) => SessionStream;

/** The events of a {@link SessionStream}, beside those of every duplex stream of Node. */
export interface StreamEvents extends Omit<RequestEvents, 'retry'> {
	/**
	 * The attempt has failed, this stream is destroyed, and got would try again. Only with a listener are there such further attempts, as in got:
	 * it calls `createRetryStream`, and uses what that gives in place of this stream.
	 */
	retry: [retryCount: number, error: RequestError, createRetryStream: CreateRetryStream];
	/** The body failed, or there is none: got's errors, or whatever an interceptor threw. */
	error: [error: Error];
	data: [chunk: Buffer | string];
	end: [];
	close: [];
}
