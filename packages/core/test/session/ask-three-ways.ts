import got, {type RequestError, type Response} from 'got';
import {CachedSession, type CachedSessionOptions} from '../../src/index.js';

/** How a call ended: one of the two. */
export interface Outcome {
	readonly value?: unknown;
	readonly error?: RequestError;
}

/** The same call by got itself, and twice by a session: without anything stored, then with what the first call stored. */
export interface ThreeOutcomes {
	readonly plain: Outcome;
	readonly miss: Outcome;
	readonly hit: Outcome;
}

/** How a promise ends. */
export async function outcomeOf(promise: PromiseLike<unknown>): Promise<Outcome> {
	return promise.then(
		value => ({value}),
		(error: unknown) => ({error: error as RequestError}),
	);
}

/** Makes a call in three ways, to be compared. got takes the place of the session in the first one, so the call must use nothing else of it. */
export async function askThreeWays(
	call: (client: CachedSession) => PromiseLike<unknown>,
	options: CachedSessionOptions = {},
): Promise<ThreeOutcomes> {
	const plain = await outcomeOf(call(got as unknown as CachedSession));
	await using session = new CachedSession(options);
	const miss = await outcomeOf(call(session));
	const hit = await outcomeOf(call(session));
	return {plain, miss, hit};
}

// What speaks of one connection is not stored, and only what comes from a store has an age.
const ofOneAnswer = new Set(['connection', 'keep-alive', 'transfer-encoding', 'date', 'age']);

/** What of a response must be the same whether got, a miss or a hit gave it. */
export function comparable(response: unknown): object {
	const {statusCode, statusMessage, httpVersion, url, requestUrl, redirectUrls, ok} = response as Response;
	const {complete, aborted, body, rawBody, headers, rawHeaders, request} = response as Response;
	return {
		statusCode,
		statusMessage,
		httpVersion,
		url,
		requestUrl: String(requestUrl),
		redirectUrls: redirectUrls.map(String),
		ok,
		complete,
		aborted,
		body,
		// An error may be about a response of which the body did not come.
		rawBody: rawBody && Buffer.from(rawBody),
		headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !ofOneAnswer.has(name))),
		rawHeaders: rawHeaders.filter(
			(_, index) => !ofOneAnswer.has(String(rawHeaders[index - (index % 2)]).toLowerCase()),
		),
		options: comparableOptions(request.options),
	};
}

function comparableOptions(options: Response['request']['options']): object {
	const {method, responseType, throwHttpErrors, followRedirect, headers} = options;
	return {
		url: String(options.url),
		method,
		responseType,
		throwHttpErrors,
		followRedirect,
		userAgent: headers['user-agent'],
	};
}

/** What of an error must be the same whether got, a miss or a hit gave it. */
export function comparableError(error: RequestError | undefined): object {
	if (error === undefined) {
		throw new Error('it did not reject');
	}
	const {name, message, code, response, options, request, timings} = error;
	return {
		class: error.constructor,
		name,
		message,
		code,
		response: response && comparable(response),
		options: comparableOptions(options),
		sameRequest: response === undefined || request === response.request,
		hasTimings: timings !== undefined,
	};
}
