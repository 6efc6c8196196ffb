import type {RequestError, Response} from 'got';
import type {HttpResponse, StoredHop, StoredResponse} from '../http/response.js';
import type {BodyHandle} from '../storage/base-cache.js';
import type {Decision} from './decision.js';
import type {Transmission} from './got/transmission.js';

/** A response on its way back through a session's interceptors. An interceptor may return a changed copy: `{...response, statusCode: 200}`. */
export interface SessionResponse extends HttpResponse {
	/** The URLs that were redirected to, in order; the last of them is `url`. */
	readonly redirectUrls: readonly string[];
	/** The method of the request that it answers, where redirects that the cache followed may have changed it. */
	readonly method?: string | undefined;
	/** In a promise call got has read it by now. In a stream call it may still be on its way: whoever reads it without giving another one in its place keeps it from the caller. */
	readonly body: BodyHandle;
	readonly isFromCache: boolean;
	/** Where it is kept, and until when. Missing where the cache took no part. */
	readonly cached?: CachedFacts | undefined;
	/** What in the store it was made of: the caller gets an `Age` that is counted from it, in place of one among `rawHeaders`. Missing where nothing was. */
	readonly stored?: StoredResponse | undefined;
	/** The stored redirects that led to it, where it is from the store. @internal */
	readonly storedHops?: readonly StoredHop[] | undefined;
	/** What the cache decided about the request and the answer. Missing where no cache took part. @internal */
	readonly decision?: Decision | undefined;
	/** What went over the network for it. Missing on a response that was not fetched for this request. */
	readonly transmission?: Transmission | undefined;
	/** What got made of it, which the caller gets unless an interceptor changed something. */
	readonly native?: NativeResponse | undefined;
}

/** A response of got. */
export interface NativeResponse {
	/** got's own object. */
	readonly response: Response;
	/** As it was described to the interceptors. */
	readonly described: SessionResponse;
	/** got's `HTTPError` or `ParseError` for this very response, thrown to the caller after the last interceptor. */
	readonly error: RequestError | undefined;
}

/** What the cache knows of a response. All times are epoch milliseconds. */
export interface CachedFacts {
	readonly key: string;
	readonly createdAt: number;
	readonly expires: number | undefined;
}
