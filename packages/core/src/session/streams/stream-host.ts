import type {RequestOptions, SessionRequest} from '../session-request.js';
import type {SessionResponse} from '../session-response.js';
import type {SessionStream} from './session-stream.js';

/** What a stream asks its session for. @internal */
export interface StreamHost {
	/** @throws what got rejects with for options that it does not accept */
	createRequest(): SessionRequest;
	/** Counts a request that begins. @throws CachedSessionError once the session is closing */
	enter(): void;
	/** Counts a request that has ended. */
	leave(): void;
	/** Sends the request through the interceptors. */
	dispatch(request: SessionRequest): Promise<SessionResponse>;
	/** The stream of the next attempt. */
	tryAgain(request: SessionRequest, options: RequestOptions | undefined, retryCount: number): SessionStream;
}
