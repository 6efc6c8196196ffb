import {type Got, HTTPError, type Options, ParseError, type PlainResponse, type Response} from 'got';
import {withoutUserInfo} from '../backend/canonical-url.js';
import type {HttpRequest} from '../http/request.js';
import type {HttpResponse} from '../http/response.js';
import {BytesBody} from '../storage/bytes-body.js';
import {describeSentRequest} from './describe-request.js';
import type {SessionRequest} from './session-request.js';
import type {SessionResponse} from './session-response.js';
import type {Transmission, TransmittedHop} from './transmission.js';

/**
 * Sends a request with got, and gives back whatever response there is: for an `HTTPError` or a `ParseError`, the response that it is about, with the error beside it.
 * @throws got's other errors: those without a response
 */
export async function sendWithGot(got: Got, request: SessionRequest): Promise<SessionResponse> {
	const record = new TransmissionRecord();
	try {
		const promise = send(got, request.options, record);
		promise.on('redirect', (next, response) => record.addHop(next, response));
		return describeResponse(await promise, record, undefined);
	} catch (error) {
		if ((error instanceof HTTPError || error instanceof ParseError) && error.response?.rawBody !== undefined) {
			return describeResponse(error.response, record, error);
		}
		throw error;
	}
}

/** Calls got, which makes its own copy of the options within the call: what only this sending needs is taken back at once. */
function send(got: Got, options: Options, record: TransmissionRecord): GotPromise {
	// got's own types hide the form that takes ready options together with a URL; Unix sockets need the URL set anew.
	const call = got as unknown as (url: URL | undefined, init: undefined, defaults: Options) => GotPromise;
	const {resolveBodyOnly} = options;
	const {beforeRequest} = options.hooks;
	beforeRequest.push(sending => record.addSent(sending as Options));
	options.cache = undefined;
	options.isStream = false;
	options.resolveBodyOnly = false;
	try {
		return call(options.url as URL, undefined, options);
	} finally {
		beforeRequest.pop();
		options.resolveBodyOnly = resolveBodyOnly;
	}
}

interface GotPromise extends Promise<Response> {
	on(event: 'redirect', listener: (next: Options, response: PlainResponse) => void): unknown;
}

/** Watches one got request. */
class TransmissionRecord {
	readonly hops: TransmittedHop[] = [];
	readonly #sent: HttpRequest[] = [];
	#requestTime = Date.now();

	// got calls the hook once more for every retry, which replaces what the failed attempt had sent.
	addSent(options: Options): void {
		this.#requestTime = Date.now();
		this.#sent.length = Math.min(this.#sent.length, this.hops.length);
		this.#sent.push(describeSentRequest(options));
	}

	addHop(next: Options, response: PlainResponse): void {
		this.hops.push({
			...describeHead(response),
			nextUrl: withoutUserInfo(next.url as URL),
			nextMethod: next.method.toUpperCase(),
			responseTime: Date.now(),
		});
	}

	finish(response: Response): Transmission {
		return {
			requestTime: this.#requestTime,
			responseTime: Date.now(),
			hops: this.hops,
			sent: this.#sent,
			// got takes the field out of `headers`, and only there, when it undoes the coding.
			decoded: !('content-encoding' in response.headers) && hasContentEncoding(response.rawHeaders),
		};
	}
}

function describeResponse(
	native: Response,
	record: TransmissionRecord,
	error: HTTPError | ParseError | undefined,
): SessionResponse {
	if (typeof native?.statusCode !== 'number' || native.rawBody === undefined) {
		throw new TypeError('A handler of the got instance returned something other than a got response');
	}
	// What a `beforeRequest` hook answered in place of the network has no raw fields.
	native.rawHeaders ??= Object.entries(native.headers).flatMap(([name, value]) =>
		[value ?? []].flat().flatMap(line => [name, line]),
	);
	const response: SessionResponse = {
		...describeHead(native),
		redirectUrls: native.redirectUrls.map(url => url.href),
		body: new BytesBody(native.rawBody),
		isFromCache: false,
		transmission: record.finish(native),
	};
	return {...response, native: {response: native, described: response, error}};
}

function describeHead(response: PlainResponse): HttpResponse {
	return {
		statusCode: response.statusCode,
		statusMessage: response.statusMessage ?? '',
		httpVersion: response.httpVersion ?? '1.1',
		rawHeaders: response.rawHeaders,
		url: withoutUserInfo(response.url),
	};
}

function hasContentEncoding(rawHeaders: readonly string[]): boolean {
	return rawHeaders.some((name, index) => index % 2 === 0 && name.toLowerCase() === 'content-encoding');
}
