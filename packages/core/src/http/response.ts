import type {RawHeaders} from './headers.js';

/** The head of a response: everything but its body. */
export interface HttpResponse {
	readonly statusCode: number;
	readonly statusMessage: string;
	readonly httpVersion: string;
	readonly rawHeaders: RawHeaders;
	/** The URL that gave this response, without user info. */
	readonly url: string;
}

/** A response in the store: facts, and when it stops being fresh. */
export interface StoredResponse extends HttpResponse {
	readonly kind: 'response';
	/** The method of the request that it answers. */
	readonly method: string;
	/** Epoch milliseconds at which the request was sent (RFC 9111 §4.2.3, `request_time`); a validation renews it. */
	readonly requestTime: number;
	/** Epoch milliseconds at which the response arrived (RFC 9111 §4.2.3, `response_time`); a validation renews it. */
	readonly responseTime: number;
	/** Epoch milliseconds at which the body was received; a validation leaves it. */
	readonly createdAt: number;
	/** Epoch milliseconds from which it is stale; `undefined`: never. */
	readonly expires: number | undefined;
	/** Epoch milliseconds up to which a stale record may still be of use; stores with a TTL of their own keep it so long. `undefined`: no such bound is known. */
	readonly keepUntil: number | undefined;
	/** Bytes of the body as it is stored. */
	readonly bodySize: number;
	/** `true`: the body was kept decoded, and `Content-Encoding` and `Content-Length` were left out. */
	readonly decoded: boolean;
}

/** A redirect in the store. Its `rawHeaders` hold `Location`. */
export interface StoredHop extends Omit<StoredResponse, 'kind'> {
	readonly kind: 'hop';
	/** The URL that the client went on to, without user info. */
	readonly nextUrl: string;
	/** The method that the client went on with. */
	readonly nextMethod: string;
}

/** Stands under a key whose responses have `Vary`: says which request fields choose among them (RFC 9111 §4.1). */
export interface StoredVaryIndex {
	readonly kind: 'vary';
	/** Field names in lower case, sorted: the union of the `Vary` fields seen. */
	readonly fields: readonly string[];
	/** Random; part of every variant's key, so that removing the index drops all variants. */
	readonly generation: string;
	/** The URL that the variants belong to, without user info. */
	readonly url: string;
	readonly createdAt: number;
	/** That of the longest-lived variant. */
	readonly expires: number | undefined;
	/** That of the longest-lived variant. */
	readonly keepUntil: number | undefined;
}

/** What a store keeps beside a body. */
export type StoredMetadata = StoredResponse | StoredHop | StoredVaryIndex;
