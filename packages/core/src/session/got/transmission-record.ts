import type {Options, PlainResponse, RequestError, Response} from 'got';
import {withoutUserInfo} from '../../backend/canonical-url.js';
import type {HttpRequest} from '../../http/request.js';
import type {HttpResponse} from '../../http/response.js';
import type {BodyHandle} from '../../storage/base-cache.js';
import {disinherit} from '../follow-hop.js';
import type {SessionResponse} from '../session-response.js';
import {describeSentRequest} from './describe-request.js';
import type {Transmission, TransmittedHop} from './transmission.js';

/** Watches one got request. */
export class TransmissionRecord {
	readonly hops: TransmittedHop[] = [];
	readonly #sent: HttpRequest[] = [];
	#requestTime = Date.now();

	/** A request goes out. got calls its hook once more for every retry, which replaces what the failed attempt had sent. */
	addSent(options: Options): void {
		this.#requestTime = Date.now();
		this.#sent.length = Math.min(this.#sent.length, this.hops.length);
		this.#sent.push(describeSentRequest(options));
	}

	/** got follows a redirect. */
	addHop(next: Options, response: PlainResponse): void {
		this.hops.push({
			...describeHead(response),
			nextUrl: disinherit(withoutUserInfo(next.url as URL), response.headers.location),
			nextMethod: next.method.toUpperCase(),
			responseTime: Date.now(),
		});
	}

	/**
	 * The response of got, as the interceptors see it.
	 * @param body - of which got may have read nothing yet
	 * @param error - got's own, about this very response
	 */
	describe(native: PlainResponse, body: BodyHandle, error: RequestError | undefined): SessionResponse {
		// What a `beforeRequest` hook answered in place of the network has no raw fields.
		native.rawHeaders ??= Object.entries(native.headers).flatMap(([name, value]) =>
			[value ?? []].flat().flatMap(line => [name, line]),
		);
		const response: SessionResponse = {
			...describeHead(native),
			redirectUrls: native.redirectUrls.map(url => url.href),
			body,
			isFromCache: false,
			transmission: this.#finish(native),
		};
		return {...response, native: {response: native as Response, described: response, error}};
	}

	#finish(response: PlainResponse): Transmission {
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

function describeHead(response: PlainResponse): HttpResponse {
	return {
		statusCode: response.statusCode,
		statusMessage: response.statusMessage ?? '',
		httpVersion: response.httpVersion ?? '1.1',
		rawHeaders: withoutPseudoFields(response.rawHeaders),
		url: withoutUserInfo(response.url),
	};
}

// Those of HTTP/2 come first, and are no header fields (RFC 9113 §8.3).
function withoutPseudoFields(rawHeaders: string[]): string[] {
	return rawHeaders[0]?.startsWith(':')
		? rawHeaders.filter((_, index) => !rawHeaders[index - (index % 2)]?.startsWith(':'))
		: rawHeaders;
}

function hasContentEncoding(rawHeaders: readonly string[]): boolean {
	return rawHeaders.some((name, index) => index % 2 === 0 && name.toLowerCase() === 'content-encoding');
}
