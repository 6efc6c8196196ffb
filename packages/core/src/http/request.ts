import type {RequestHeaders} from './headers.js';

/** A request as the cache sees it, complete with what the HTTP client adds when it sends (Basic authorization, the jar's cookies, `accept-encoding`). */
export interface HttpRequest {
	/** In upper case. */
	readonly method: string;
	/** Absolute, in the WHATWG form. It may hold user info; nothing that is stored does. */
	readonly url: string;
	readonly headers: RequestHeaders;
	/** `undefined`: none. `stream`: it can be read only once, so it takes no part in a key. */
	readonly body?: RequestBody;
	/** Whether the client undoes content codings. @default true */
	readonly decompress?: boolean;
	/** What identifies the client's TLS certificate, where it has one. */
	readonly clientCertificate?: string | Uint8Array;
}

/** A request's body, in the form in which it takes part in a key. */
export type RequestBody =
	| {readonly kind: 'json'; readonly text: string}
	| {readonly kind: 'form'; readonly text: string}
	| {readonly kind: 'bytes'; readonly bytes: string | Uint8Array}
	| {readonly kind: 'stream'};
