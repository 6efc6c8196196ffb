import type {IncomingHttpHeaders} from 'node:http';
import type {Method, Options} from 'got';
import {toIncomingHeaders} from '../http/headers.js';
import {ageInSeconds} from '../policy/age.js';
import type {CacheStatus} from '../policy/cache-status.js';
import {withAge} from '../policy/served-head.js';
import {cacheStatusOf} from './cache-status-of.js';
import {withUser} from './follow-hop.js';
import {decodeText} from './got/decode-text.js';
import {GOT_MAJOR} from './got/got-version.js';
import type {SessionRequest} from './session-request.js';
import type {SessionResponse} from './session-response.js';

const NO_BYTES = new Uint8Array();

/**
 * A response that got did not make: a hit, or one that an interceptor changed. It has the members of got's `Response` that do not need a socket.
 * Everything that costs something is made when it is first asked for, and is the caller's own, to change at will.
 */
export class StoredMessage {
	readonly statusCode: number;
	readonly statusMessage: string;
	readonly httpVersion: string;
	readonly url: string;
	readonly isFromCache: boolean;
	readonly cacheKey: string | undefined;
	readonly ip = undefined;
	readonly retryCount = 0;
	readonly complete = true;
	readonly aborted = false;
	/** Set by whoever presents the response. */
	ok = true;
	/** Set by whoever presents the response. */
	body: unknown;

	readonly #request: SessionRequest;
	readonly #response: SessionResponse;
	readonly #bytes: Uint8Array | undefined;
	readonly #servedAt = Date.now();
	#headers: IncomingHttpHeaders | undefined;
	#rawHeaders: string[] | undefined;
	#rawBody: Uint8Array | undefined;
	#redirectUrls: URL[] | undefined;
	#cacheStatus: CacheStatus | undefined;
	#gotRequest: object | undefined;

	/** @param bytes - the body; `undefined` where a stream gives it */
	constructor(response: SessionResponse, bytes: Uint8Array | undefined, request: SessionRequest) {
		this.statusCode = response.statusCode;
		this.statusMessage = response.statusMessage;
		this.httpVersion = response.httpVersion;
		this.url = response.url;
		this.isFromCache = response.isFromCache;
		this.cacheKey = response.cached?.key;
		this.#request = request;
		this.#response = response;
		this.#bytes = bytes;
	}

	get createdAt(): Date {
		return new Date(this.#response.cached?.createdAt ?? this.#servedAt);
	}

	get expires(): Date | undefined {
		const expires = this.#response.cached?.expires;
		return expires === undefined ? undefined : new Date(expires);
	}

	get isExpired(): boolean {
		const expires = this.#response.cached?.expires;
		return expires !== undefined && expires <= Date.now();
	}

	get cacheStatus(): CacheStatus | undefined {
		this.#cacheStatus ??= cacheStatusOf(this.#response, this.#servedAt);
		return this.#cacheStatus;
	}

	// With the age that it had when it was served (RFC 9111 §4).
	get #fields(): readonly string[] {
		const {rawHeaders, stored} = this.#response;
		return stored ? withAge(rawHeaders, ageInSeconds(stored, this.#servedAt)) : rawHeaders;
	}

	get headers(): IncomingHttpHeaders {
		this.#headers ??= toIncomingHeaders(this.#fields) as IncomingHttpHeaders;
		return this.#headers;
	}

	get rawHeaders(): string[] {
		this.#rawHeaders ??= [...this.#fields];
		return this.#rawHeaders;
	}

	get trailers(): Record<string, never> {
		return {};
	}

	get rawTrailers(): string[] {
		return [];
	}

	/** A copy: the store's own bytes never leave it. A `Buffer` in got 14. */
	get rawBody(): Uint8Array | undefined {
		if (this.#bytes === undefined) {
			return undefined;
		}
		this.#rawBody ??= GOT_MAJOR < 15 ? Buffer.from(this.#bytes) : Uint8Array.from(this.#bytes);
		return this.#rawBody;
	}

	get redirectUrls(): URL[] {
		this.#redirectUrls ??= withUser(this.requestUrl, this.#response.redirectUrls);
		return this.#redirectUrls;
	}

	get requestUrl(): URL {
		return new URL(this.#request.options.url as URL);
	}

	get timings(): object {
		const at = this.#servedAt;
		return {start: at, response: at, end: at, phases: {total: 0}};
	}

	/** As much of got's request as its errors, its pagination and its users look at. */
	get request(): object {
		// got's errors take `_onResponse` for the mark of a request, and read `response` from it.
		this.#gotRequest ??= new StoredMessageRequest(this.#finalOptions(), this);
		return this.#gotRequest;
	}

	// As in got, those of the last request of a chain of redirects.
	#finalOptions(): Options {
		const {url, method, redirectUrls} = this.#response;
		if (redirectUrls.length === 0) {
			return this.#request.options;
		}
		const [last] = withUser(this.requestUrl, [...redirectUrls.slice(0, -1), url]).slice(-1);
		return this.#request.derive(options => {
			options.url = last;
			options.method = (method as Method | undefined) ?? options.method;
		}).options;
	}

	/** The body as text, without a copy of the bytes. */
	text(encoding: BufferEncoding | undefined): string {
		return decodeText(this.#bytes ?? NO_BYTES, encoding);
	}
}

// A caller may put something else in place of what it got, as it may with got's own.
for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(StoredMessage.prototype))) {
	if (descriptor.get) {
		const set = function (this: StoredMessage, value: unknown) {
			Object.defineProperty(this, name, {value, writable: true, enumerable: true, configurable: true});
		};
		Object.defineProperty(StoredMessage.prototype, name, {...descriptor, set});
	}
}

class StoredMessageRequest {
	readonly options: Options;
	readonly response: StoredMessage;
	readonly _onResponse = undefined;

	constructor(options: Options, response: StoredMessage) {
		this.options = options;
		this.response = response;
	}

	get requestUrl(): URL {
		return this.response.requestUrl;
	}

	get redirectUrls(): URL[] {
		return this.response.redirectUrls;
	}

	get retryCount(): number {
		return 0;
	}

	get timings(): object {
		return this.response.timings;
	}
}
