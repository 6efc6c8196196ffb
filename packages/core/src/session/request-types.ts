import type {Response} from 'got';
import type {CachedResponse} from './cached-response.js';
import type {RequestOptions} from './session-request.js';

/** Bytes as got gives them: a `Buffer` in got 14, a `Uint8Array` from 15 on. */
export type GotBytes = Response['rawBody'];

/** The body that got gives for a `responseType`. */
export type BodyOf<R> = R extends 'json' ? unknown : R extends 'buffer' ? GotBytes : string;

/** The body that got gives for these options. */
export type ResponseBody<O> = 'responseType' extends keyof O ? BodyOf<NonNullable<O['responseType']>> : string;

/** What a request with these options resolves to: the response, or with `resolveBodyOnly` its body. */
export type RequestResult<O> = 'resolveBodyOnly' extends keyof O
	? O['resolveBodyOnly'] extends true
		? ResponseBody<O>
		: true extends O['resolveBodyOnly']
			? ResponseBody<O> | CachedResponse<ResponseBody<O>>
			: CachedResponse<ResponseBody<O>>
	: CachedResponse<ResponseBody<O>>;

/** Options of a request for JSON, whose body can be given a type: `session.get<User>(url, {responseType: 'json'})`. */
export type JsonOptions = RequestOptions & {readonly responseType: 'json'; readonly resolveBodyOnly?: false};

/** Options of a request for JSON that resolves to the body. */
export type JsonBodyOptions = RequestOptions & {readonly responseType: 'json'; readonly resolveBodyOnly: true};
