import type {HttpRequest} from '../http/request.js';
import type {StoredResponse} from '../http/response.js';
import type {Duration, Expiration} from './expiration.js';

/**
 * What may be said of caching, to a backend, to a session, and (for the members of {@link RequestSettings}) to a single request.
 * A session's value wins over its backend's, a request's over both. Names are those of requests-cache and aiohttp-client-cache, in camelCase.
 */
export interface CacheSettings {
	/** How long responses stay fresh. @default unset: they never expire; with `cacheControl`, RFC 9111 alone decides */
	readonly expireAfter?: Expiration | undefined;
	/**
	 * Expirations by URL: an object of globs, or a list of `[glob or RegExp, expiration]` pairs. The first match wins, and wins over `expireAfter`.
	 * A glob sees the URL without its scheme, `*` stands for any characters, and its end is open (`example.com/static` matches `https://example.com/static/a.css`);
	 * a RegExp sees the whole URL. Neither sees user info or a fragment.
	 * @default none
	 */
	readonly urlsExpireAfter?: UrlExpirations | undefined;
	/** Final statuses that may be stored, at least one. Redirects that the client follows are no final responses and need no place here. @default [200] */
	readonly allowedCodes?: readonly number[] | undefined;
	/** Methods whose responses may be stored and served, at least one, in any case. @default ['GET', 'HEAD'] */
	readonly allowedMethods?: readonly string[] | undefined;
	/** Request headers that are part of the key: all (`true`) or a list. With all, `user-agent` is one of them. @default false */
	readonly includeHeaders?: boolean | readonly string[] | undefined;
	/**
	 * Names that take no part in the key, wherever they stand: in the query, the headers, a JSON body or a form. `meta.ts` is the member `ts` of the JSON member `meta`.
	 * What is left out is also left out of the URLs that the cache lists.
	 * @default none
	 */
	readonly ignoredParams?: readonly string[] | undefined;
	/** Asked before a response is stored and before it is served: `false` keeps it out. It may return a promise. @default none */
	readonly filterFn?: FilterFunction | undefined;
	/** Makes the key, in place of method, URL, headers and body. Users are told apart all the same, see `identity`. @default the built-in key */
	readonly keyFn?: KeyFunction | undefined;
	/**
	 * Who is asking: a string, or a function of the request that gives one. It replaces the digest of the request's credentials where tokens or cookies rotate.
	 * `false`: all requests are one user's.
	 * @default a digest of the credentials: Authorization, API-key headers, URL user info, client certificate, cookies
	 */
	readonly identity?: string | false | IdentityFunction | undefined;
	/** Makes the digest of the credentials an HMAC with this key, so that whoever has the store cannot try passwords against it. @default none */
	readonly secretKey?: string | Uint8Array | undefined;
	/** Serve a stale response when the server fails (RFC 5861 §4): always (`true`), or for so long after it went stale; 0 is `false`. @default false */
	readonly staleIfError?: boolean | Duration | undefined;
	/** Serve a stale response at once and renew it behind (RFC 5861 §3): always (`true`), or for so long after it went stale; 0 is `false`. @default false */
	readonly staleWhileRevalidate?: boolean | Duration | undefined;
	/**
	 * Let the server decide, by RFC 9111: what its responses say about caching comes before `expireAfter` and `urlsExpireAfter`, which are left for responses
	 * that do not say how long they are fresh; `allowedCodes` is about those only, and `allowedMethods` about none. `DO_NOT_CACHE` stays a veto.
	 * The caller's own conditions and ranges are answered from what is stored, and unsafe methods make it go.
	 * @default false
	 */
	readonly cacheControl?: boolean | undefined;
	/**
	 * With `cacheControl`: whether the cache serves several users, so that the rules for shared caches hold: `s-maxage`, `proxy-revalidate`, `private` and `CDN-Cache-Control` count,
	 * and `Authorization` tells users apart no more, as what it was sent for is stored only where the server allows that (RFC 9111 §3.5). Cookies and API keys still do, see `identity`.
	 * @default false
	 */
	readonly shared?: boolean | undefined;
	/** Ask the server before every use of a stored response. @default false */
	readonly alwaysRevalidate?: boolean | undefined;
	/**
	 * Never send anything: answer with 504 unless a response is stored that is fresh, or stale within `staleIfError` or `staleWhileRevalidate` (RFC 9111 §5.2.1.7).
	 * @default false
	 */
	readonly onlyIfCached?: boolean | undefined;
	/** Serve what is stored, and store nothing. @default false */
	readonly readOnly?: boolean | undefined;
	/**
	 * With got's `cookieJar`: whether a response from the cache sets its cookies (`Set-Cookie`) in the jar again, those of stored redirects on the way to it too. `'always'`, as a response of the network would;
	 * `'ifAbsent'`, those for which the jar has none of the same name, domain and path; or `'never'`. What has expired since it was received is not set, and nothing is with `shared`.
	 * @default 'ifAbsent'
	 */
	readonly replayCookies?: 'never' | 'ifAbsent' | 'always' | undefined;
	/** Bodies of more bytes pass through, unstored; `Infinity` sets no bound. @default 104,857,600 (100 MB) */
	readonly maxBodySize?: number | undefined;
}

/** What a single request may say, among its got options. */
export interface RequestSettings {
	/** How long the response of this request stays fresh. A stored one that is older than this is stale for this request. */
	readonly expireAfter?: Expiration | undefined;
	/** Ask the server whether the stored response still holds, then use it. @default false */
	readonly refresh?: boolean | undefined;
	/** Ignore what is stored; store the new response. @default false */
	readonly forceRefresh?: boolean | undefined;
	/** Never send this request, see {@link CacheSettings.onlyIfCached}. @default the session's */
	readonly onlyIfCached?: boolean | undefined;
	/** `false`: neither served from the cache nor stored, as with got's own option. @default unset: the cache takes part */
	readonly cache?: false | undefined;
}

/** See {@link CacheSettings.urlsExpireAfter}. */
export type UrlExpirations =
	| Readonly<Record<string, Expiration>>
	| ReadonlyArray<readonly [pattern: string | RegExp, expiration: Expiration]>;

/** See {@link CacheSettings.filterFn}. */
export type FilterFunction = (response: StoredResponse, request: HttpRequest) => boolean | Promise<boolean>;

/** See {@link CacheSettings.keyFn}. */
export type KeyFunction = (request: HttpRequest) => string | Promise<string>;

/** See {@link CacheSettings.identity}. */
export type IdentityFunction = (request: HttpRequest) => string | Promise<string>;
