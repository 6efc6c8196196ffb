import type {ClientRequest} from 'node:http';
import type {Options, PlainResponse, Progress, RequestError} from 'got';
import type {CachedResponse} from './cached-response.js';

/** The events of what a session's request methods return, with what their listeners get: got's. On a hit, and where another caller's request gives the answer, only `response` and a last `downloadProgress` happen. */
export interface RequestEvents {
	/** A request goes out. */
	request: [request: ClientRequest];
	/** The answer is there, as the caller will get it; in a promise call with its body. */
	response: [response: CachedResponse];
	/** A redirect is followed: the options of the request that goes on, and the response that says so. */
	redirect: [nextOptions: Options, response: PlainResponse];
	/** Something of the body was sent. */
	uploadProgress: [progress: Progress];
	/** Something of the body was received. */
	downloadProgress: [progress: Progress];
	/** An attempt has failed, and the next one is about to be made. */
	retry: [retryCount: number, error: RequestError];
}
