import type {Response} from 'got';
import {isPromise} from '../storage/awaitable.js';
import type {ClientSession} from './client-session.js';
import {splitRequestOptions} from './got-options.js';
import {sendWithGot} from './got-transport.js';
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
	const defaults = session.got.defaults.options;
	let resolve!: Resolve;
	let reject!: Reject;
	let request: SessionRequest;
	let refusal: unknown;
	try {
		request = createRequest(session, url, options);
		session.life.enter();
	} catch (error) {
		refusal = error;
		request = new SessionRequest(url, undefined, undefined, defaults);
	}
	const promise = new ResponsePromise<unknown>((onResolve, onReject) => {
		resolve = onResolve;
		reject = onReject;
	}, request);
	if (refusal !== undefined) {
		reject(refusal);
	} else {
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
		resolve(request.presentation.resolveBodyOnly ? response.body : response);
	} catch (error) {
		reject(error);
	} finally {
		session.life.leave();
	}
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
