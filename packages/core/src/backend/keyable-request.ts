import {type RequestHeaders, requestHeader} from '../http/headers.js';
import type {HttpRequest, RequestBody} from '../http/request.js';
import {textBody} from '../http/text-body.js';

/** A request as one writes it by hand, to make its key or to save a response for it. */
export interface KeyableRequest {
	readonly url: string | URL;
	/** @default 'GET' */
	readonly method?: string | undefined;
	/** In any case. @default none */
	readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>> | undefined;
	/** A body to be sent as JSON. */
	readonly json?: unknown;
	/** A body to be sent as a form. */
	readonly form?: Readonly<Record<string, string>> | undefined;
	/** A body to be sent as it is. */
	readonly body?: string | Uint8Array | undefined;
}

/** The request as the cache sees it. A session adds what is its own: its default headers, the cookies of its jar. @throws TypeError for a URL that is not absolute */
export function toHttpRequest(request: string | URL | KeyableRequest): HttpRequest {
	const keyable: KeyableRequest = typeof request === 'string' || request instanceof URL ? {url: request} : request;
	const {url, method = 'GET'} = keyable;
	const headers: RequestHeaders = Object.fromEntries(
		Object.entries(keyable.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
	);
	const body = toRequestBody(keyable, requestHeader(headers, 'content-type') ?? '');
	return {method: method.toUpperCase(), url: new URL(url).href, headers, ...(body && {body})};
}

function toRequestBody({json, form, body}: KeyableRequest, contentType: string): RequestBody | undefined {
	if (json !== undefined) {
		return {kind: 'json', text: JSON.stringify(json)};
	}
	if (form !== undefined) {
		return {kind: 'form', text: new URLSearchParams(form).toString()};
	}
	if (typeof body === 'string') {
		return textBody(body, contentType);
	}
	return body && {kind: 'bytes', bytes: body};
}
