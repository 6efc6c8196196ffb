import type {EventEmitter} from 'node:events';
import type {Response} from 'got';
import {isPromise} from '../storage/awaitable.js';
import type {CachedResponse} from './cached-response.js';
import type {ClientSession} from './client-session.js';
import {splitRequestOptions} from './got/got-options.js';
import {sendWithGot} from './got/got-transport.js';
import {GOT_MAJOR} from './got/got-version.js';
import {type Interceptor, markedMethods, type Next} from './interceptor.js';
import {presentResponse} from './present-response.js';
import {ResponsePromise} from './response-promise.js';
import {type RequestOptions, SessionRequest} from './session-request.js';

type Resolve = (value: unknown) => void;
type Reject = (reason: unknown) => void;

const soon = Promise.resolve();

/** Starts a request of a session. It is on its way only a microtask later, so that `.json()` can still say what it accepts. */
export function startRequest(
	session: ClientSession,
	url: string | URL,
	options: RequestOptions | undefined,
): ResponsePromise<unknown> {
	return startCreated(session, () => createRequest(session, url, options));
}

/** {@link startRequest}, with a request that `create` makes; what that throws is what the promise rejects with. */
export function startCreated(session: ClientSession, create: () => SessionRequest): ResponsePromise<unknown> {
	let resolve!: Resolve;
	let reject!: Reject;
	let request: SessionRequest;
	let refusal: unknown;
	try {
		request = create();
		session.life.enter();
	} catch (error) {
		refusal = error;
		request = new SessionRequest('', undefined, undefined, session.got.defaults.options);
	}
	const promise = new ResponsePromise<unknown>((onResolve, onReject) => {
		resolve = onResolve;
		reject = onReject;
	}, request);
	if (refusal !== undefined) {
		reject(refusal);
	} else {
		promise.refuse = reject;
		void soon.then(() => run(session, request, promise, resolve, reject));
	}
	return promise;
}

/** @throws what got rejects with for options that it does not accept, and InvalidOptionError for `isStream` */
export function createRequest(
	session: ClientSession,
	url: string | URL,
	options: RequestOptions | undefined,
): SessionRequest {
	const split = options && splitRequestOptions(options, session.requestSettingNames);
	return new SessionRequest(url, split?.init, split?.settings, session.got.defaults.options);
}

async function run(
	session: ClientSession,
	request: SessionRequest,
	promise: ResponsePromise<unknown>,
	resolve: Resolve,
	reject: Reject,
): Promise<void> {
	try {
		request.started = true;
		session.dispatch ??= compose(session);
		const presenting = presentResponse(await session.dispatch(request), request);
		const response = isPromise(presenting) ? await presenting : presenting;
		promise.response = response as Response;
		request.events && tell(request.events, response);
		resolve(request.presentation.resolveBodyOnly ? response.body : response);
	} catch (error) {
		const response = (error as {response?: CachedResponse} | undefined)?.response;
		// got 16 says nothing of a response that is an error.
		GOT_MAJOR < 16 && request.events && response?.rawBody && tell(request.events, response);
		reject(error);
	} finally {
		promise.refuse = undefined;
		session.life.leave();
	}
}

// Told by the session and not by got, whose response need not be the one that the caller gets.
function tell(events: EventEmitter, response: CachedResponse): void {
	if (response.isFromCache) {
		const total = response.rawBody.byteLength;
		events.emit('downloadProgress', {percent: 1, transferred: total, total});
	}
	events.emit('response', response);
}

/** Sends a session's requests through its interceptors. */
export function dispatchOf(session: ClientSession): Next {
	session.dispatch ??= compose(session);
	return session.dispatch;
}

// Wired on first use: constructors in a mix do not see the whole session.
function compose(session: ClientSession): Next {
	const methods = session as unknown as Record<PropertyKey, Interceptor>;
	let next: Next = request => sendWithGot(session.got, request);
	for (const name of markedMethods(session, 'interceptor').toReversed()) {
		const following = next;
		next = request => methods[name]!(request, following);
	}
	return next;
}
