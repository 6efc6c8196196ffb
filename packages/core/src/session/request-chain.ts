import {identityDigest} from '../backend/identity.js';
import {includedHeaders} from '../backend/included-headers.js';
import {keySettings} from '../backend/key-of.js';
import type {RequestHeaders} from '../http/headers.js';
import type {HttpRequest} from '../http/request.js';
import {varyValues} from '../policy/vary.js';
import type {CacheEngine} from './cache-engine.js';
import {followHop, inheritFragment} from './follow-hop.js';
import type {CookieJar} from './got/describe-request.js';
import type {SessionResponse} from './session-response.js';

/** The requests that led to a response: the first one, and one more for every redirect, each as the cache will see it when it follows the stored redirects. */
export async function requestChain(
	first: HttpRequest,
	{transmission}: SessionResponse,
	jar: CookieJar | undefined,
): Promise<HttpRequest[]> {
	const chain = [first];
	for (const [index, hop] of (transmission?.hops ?? []).entries()) {
		const from = chain[index]!;
		const next = await followHop(from, inheritFragment(hop, from.url));
		const sent = transmission?.sent[index + 1];
		// The jar may know more cookies by now; what counts is what it gave when the request was sent.
		chain.push(jar && sent ? {...next, headers: withCookie(next.headers, sent.headers['cookie'])} : next);
	}
	return chain;
}

function withCookie({cookie: _cookie, ...headers}: RequestHeaders, cookie: RequestHeaders[string]): RequestHeaders {
	return cookie === undefined ? headers : {...headers, cookie};
}

// got adds these by itself, depending on the body.
const addedByGot: ReadonlySet<string> = new Set([
	'content-type',
	'content-length',
	'transfer-encoding',
	'accept-encoding',
]);

/**
 * Whether the requests that really went out said the same of their user, of the headers in the key, and of the fields in `vary`, as those under whose keys their responses will be stored.
 * A hook that adds a token as the last thing, to the headers or to the URL, makes them differ; with the setting `identity`, who is asking does not depend on them.
 */
export function wasSentAsDescribed(
	described: readonly HttpRequest[],
	sent: readonly HttpRequest[],
	{settings}: CacheEngine,
	vary: readonly string[] | undefined,
): boolean {
	return described.every((request, index) => {
		const real = sent[index];
		return (
			real !== undefined &&
			saysSameUser(request, real, settings) &&
			headersInKey(request, settings) === headersInKey(real, settings) &&
			isSameChoice(vary, request, real)
		);
	});
}

// What was asked says who asks as well as a header does: `?access_token=`.
function saysSameUser(request: HttpRequest, real: HttpRequest, settings: CacheEngine['settings']): boolean {
	if (settings.identity !== undefined) {
		return true;
	}
	if (request.url !== real.url || request.method !== real.method) {
		return false;
	}
	// Who is authorised counts here in a shared cache too: by that it is decided what may be stored.
	const forKeys = {...keySettings(settings, undefined), sharesAuthorized: false};
	return identityDigest(request, forKeys) === identityDigest(real, forKeys);
}

function headersInKey(request: HttpRequest, settings: CacheEngine['settings']): string {
	const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !addedByGot.has(name)));
	return JSON.stringify(includedHeaders({...request, headers}, settings));
}

function isSameChoice(vary: readonly string[] | undefined, request: HttpRequest, real: HttpRequest): boolean {
	const fields = (vary ?? []).filter(field => !addedByGot.has(field));
	const values = varyValues(fields, real.headers);
	return varyValues(fields, request.headers).every((value, index) => value === values[index]);
}
