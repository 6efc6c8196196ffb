import type {ClientSession} from '../client-session.js';
import {splitRequestOptions} from '../got/got-options.js';
import type {RequestOptions, SessionRequest} from '../session-request.js';
import {createRequest, dispatchOf} from '../start-request.js';
import {SessionStream} from './session-stream.js';
import type {StreamHost} from './stream-host.js';

/** `session.stream`: makes a stream, with a shortcut for every method, as `got.stream` has. */
export interface StreamFunction {
	/**
	 * Sends a request, or answers it without, and gives the body as a stream: what `got.stream(url, options)` does, through the session's interceptors.
	 * @returns at once; what goes wrong, be it with the options, becomes an `error` event
	 */
	(url: string | URL, options?: RequestOptions): SessionStream;
	/** With the method GET. */
	get(url: string | URL, options?: RequestOptions): SessionStream;
	/** With the method POST. Without `body`, `json` or `form` the body is what is written into the stream. */
	post(url: string | URL, options?: RequestOptions): SessionStream;
	/** With the method PUT. Without `body`, `json` or `form` the body is what is written into the stream. */
	put(url: string | URL, options?: RequestOptions): SessionStream;
	/** With the method PATCH. Without `body`, `json` or `form` the body is what is written into the stream. */
	patch(url: string | URL, options?: RequestOptions): SessionStream;
	/** With the method HEAD. */
	head(url: string | URL, options?: RequestOptions): SessionStream;
	/** With the method DELETE. As in got, what is written into the stream is its body, so that it must be ended. */
	delete(url: string | URL, options?: RequestOptions): SessionStream;
}

/** Makes a session's `stream`. */
export function streamFunctionOf(session: ClientSession): StreamFunction {
	const stream = (url: string | URL, options?: RequestOptions) =>
		// An empty object, so that there are options of its own from the start.
		startStream(session, () => createRequest(session, url, options ?? {}));
	const withMethod =
		(method: NonNullable<RequestOptions['method']>) =>
		(url: string | URL, options?: RequestOptions): SessionStream =>
			stream(url, {...options, method});
	return Object.assign(stream, {
		get: withMethod('GET'),
		post: withMethod('POST'),
		put: withMethod('PUT'),
		patch: withMethod('PATCH'),
		head: withMethod('HEAD'),
		delete: withMethod('DELETE'),
	});
}

/** Makes a stream for the request that `create` makes; what that throws becomes its `error` event. */
export function startStream(session: ClientSession, create: () => SessionRequest): SessionStream {
	const makeHost = (enter: () => void, createRequest: () => SessionRequest): StreamHost => ({
		createRequest,
		enter,
		leave: () => session.life.leave(),
		dispatch: request => dispatchOf(session)(request),
		tryAgain(request, changes, retryCount) {
			const again = () => session.life.enterAgain();
			return new SessionStream(
				makeHost(again, () => changed(session, request, changes)),
				retryCount,
			);
		},
	});
	return new SessionStream(makeHost(() => session.life.enter(), create));
}

function changed(session: ClientSession, request: SessionRequest, changes: RequestOptions = {}): SessionRequest {
	const {init, settings} = splitRequestOptions(changes, session.requestSettingNames);
	return request.derive(options => options.merge(init), {...request.settings, ...settings});
}
