import {HTTPError, isResponseOk, type Options, ParseError, parseBody, type Response} from 'got';
import {type Awaitable, isPromise} from '../storage/awaitable.js';
import {cacheStatusOf} from './cache-status-of.js';
import type {CachedResponse, CachedResponseFacts} from './cached-response.js';
import {abortError} from './got/abort-error.js';
import {GOT_MAJOR} from './got/got-version.js';
import type {SessionRequest} from './session-request.js';
import type {SessionResponse} from './session-response.js';
import {StoredMessage} from './stored-message.js';

/**
 * What the caller gets for a response that came through the interceptors, as got would have given it:
 * got's own object where it made one and nobody changed anything, otherwise one of the same shape.
 * @throws got's `HTTPError` and `ParseError`, as its options demand
 */
export function presentResponse(response: SessionResponse, request: SessionRequest): Awaitable<CachedResponse> {
	const {native} = response;
	if (native && isUntouched(response, native.described)) {
		addFacts(native.response, response);
		if (native.error) {
			throw native.error;
		}
		return native.response as CachedResponse;
	}
	const bytes = response.body.bytes();
	return isPromise(bytes)
		? bytes.then(whole => presentStored(response, whole, request))
		: presentStored(response, bytes, request);
}

/** Whether the caller gets what got made of a response. */
export function isUntouched(response: SessionResponse, described: SessionResponse): boolean {
	return shown.every(name => response[name] === described[name]);
}

/** What of a response the caller gets to see. */
const shown = ['statusCode', 'statusMessage', 'httpVersion', 'rawHeaders', 'url', 'body', 'isFromCache'] as const;

/** Adds what the cache knows to got's own response. */
export function addFacts(response: Response, described: SessionResponse): void {
	const {cached, transmission} = described;
	const facts: Partial<Mutable<CachedResponseFacts>> = response;
	facts.createdAt = new Date(cached?.createdAt ?? transmission?.responseTime ?? Date.now());
	facts.expires = cached?.expires === undefined ? undefined : new Date(cached.expires);
	facts.cacheKey = cached?.key;
	facts.cacheStatus = cacheStatusOf(described, Date.now());
	Object.defineProperty(response, 'isExpired', isExpired);
}

type Mutable<T> = {-readonly [K in keyof T]: T[K]};

/** One for all responses, so that they stay of one shape. */
const isExpired: PropertyDescriptor = {
	get(this: CachedResponseFacts) {
		return this.expires !== undefined && this.expires.getTime() <= Date.now();
	},
	enumerable: true,
	configurable: true,
};

function presentStored(response: SessionResponse, bytes: Uint8Array, request: SessionRequest): CachedResponse {
	const message = new StoredMessage(response, bytes, request);
	const presented = message as unknown as CachedResponse;
	const options = request.presentation;
	if (options.signal?.aborted) {
		throw abortError(options.signal, options);
	}
	// got counts 2xx as a success whatever its options say; only other statuses need a look at them.
	message.ok = response.statusCode >= 200 && response.statusCode <= 299 ? true : isResponseOk(presented);
	message.body = readBody(message, presented, options);
	if (!message.ok && options.throwHttpErrors) {
		throw new HTTPError(presented);
	}
	return presented;
}

function readBody(message: StoredMessage, response: Response, options: Options): unknown {
	const {responseType, encoding} = options;
	if (!options.decompress && isCoded(response, options)) {
		return message.rawBody;
	}
	if (responseType === 'text') {
		return message.text(encoding);
	}
	try {
		return parseBody(response, responseType, options.parseJson, encoding);
	} catch (error) {
		// As in got: what cannot be parsed is given as text, and for an error page the HTTPError is what counts.
		message.body = message.text(GOT_MAJOR < 16 ? undefined : encoding);
		if (message.ok || !(error instanceof ParseError)) {
			throw error;
		}
		return message.body;
	}
}

// got leaves a body that it was told not to decompress as bytes.
function isCoded({headers, statusCode}: Response, {method}: Options): boolean {
	const field = headers['content-encoding']?.toLowerCase() ?? '';
	if (GOT_MAJOR < 16) {
		return /^(?:gzip|deflate|br|zstd)$/.test(field);
	}
	const hasBody = method !== 'HEAD' && !bodiless.has(statusCode);
	return hasBody && field.split(',').some(coding => /^(?:(?:x-)?gzip|deflate|br|zstd)$/.test(coding.trim()));
}

const bodiless: ReadonlySet<number> = new Set([204, 205, 304]);
