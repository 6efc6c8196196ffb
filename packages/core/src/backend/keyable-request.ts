import type {HttpRequest, RequestBody} from '../http/request.js';

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
	const {
		url,
		method = 'GET',
		headers = {},
		...rest
	}: KeyableRequest = typeof request === 'string' || request instanceof URL ? {url: request} : request;
	const body = toRequestBody(rest);
	return {
		method: method.toUpperCase(),
		url: new URL(url).href,
		headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
		...(body && {body}),
	};
}

function toRequestBody({json, form, body}: Pick<KeyableRequest, 'json' | 'form' | 'body'>): RequestBody | undefined {
	if (json !== undefined) {
		return {kind: 'json', text: JSON.stringify(json)};
	}
	if (form !== undefined) {
		return {kind: 'form', text: new URLSearchParams(form).toString()};
	}
	return body === undefined ? undefined : {kind: 'bytes', bytes: body};
}
