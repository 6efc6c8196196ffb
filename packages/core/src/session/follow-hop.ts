import {fieldValue} from '../http/headers.js';
import type {HttpRequest} from '../http/request.js';
import type {StoredHop, StoredResponse} from '../http/response.js';
import type {Awaitable} from '../storage/awaitable.js';
import {type CookieJar, withCookies} from './got/describe-request.js';
import {GOT_MAJOR} from './got/got-version.js';

/** Where a redirect led. */
export interface HopTarget {
	readonly statusCode: number;
	readonly nextUrl: string;
	readonly nextMethod: string;
}

// What got takes off a request that goes on to another origin.
const originBound = ['host', 'cookie', 'authorization', ...(GOT_MAJOR < 15 ? [] : ['cookie2', 'proxy-authorization'])];

// What got takes off a request together with its body.
const bodyBound =
	GOT_MAJOR < 15
		? ['content-length']
		: [
				'content-encoding',
				'content-language',
				'content-length',
				'content-location',
				'content-type',
				'transfer-encoding',
			];

/**
 * The request that got makes of `request` when it follows a redirect, with the cookies that the jar has for the new URL.
 * @param keepsCookie - whether those of `request` go along where the jar has none
 */
export function followHop(
	request: HttpRequest,
	hop: HopTarget,
	jar?: CookieJar | undefined,
	keepsCookie = true,
): Awaitable<HttpRequest> {
	const {body, ...rest} = request;
	const headers = {...request.headers};
	const leaves = isOtherOrigin(new URL(request.url), new URL(hop.nextUrl));
	const dropsBody = hop.nextMethod !== request.method || (body !== undefined && leaves && staysBehind(request, hop));
	const dropsCookie = jar !== undefined && !keepsCookie;
	const dropped = [...(leaves ? originBound : []), ...(dropsBody ? bodyBound : []), ...(dropsCookie ? ['cookie'] : [])];
	for (const name of dropped) {
		delete headers[name];
	}
	const {nextUrl: url, nextMethod: method} = hop;
	const next: HttpRequest = {...rest, headers, url, method, ...(!dropsBody && body && {body})};
	return jar ? withCookies(next, jar, hop.nextUrl) : next;
}

/** The URLs that redirects led to, as got has them: with the user and the password of the first URL for as long as the origin stays the same. */
export function withUser(first: URL, urls: readonly string[]): URL[] {
	let {username, password} = first;
	let from = first;
	return urls.map(text => {
		const url = new URL(text);
		if (isOtherOrigin(from, url)) {
			[username, password] = ['', ''];
		}
		if (username || password) {
			Object.assign(url, {username, password});
		}
		from = url;
		return url;
	});
}

function isOtherOrigin(from: URL, to: URL): boolean {
	return GOT_MAJOR < 15 ? from.hostname !== to.hostname || from.port !== to.port : from.origin !== to.origin;
}

/** Whether got, from 15 on, leaves a body behind that another origin is not to see. */
function staysBehind({method}: HttpRequest, {statusCode}: HopTarget): boolean {
	return GOT_MAJOR >= 15 && statusCode !== 307 && statusCode !== 308 && !(GOT_MAJOR >= 16 && method === 'QUERY');
}

/** The fragment-less form of where a redirect led, where got has put the fragment of the request to it. */
export function disinherit(nextUrl: string, location: string | undefined): string {
	return GOT_MAJOR < 16 || location?.includes('#') ? nextUrl : nextUrl.replace(/#.*$/s, '');
}

/** Where a redirect leads, for a request to `url`: from 16 on with the fragment of that, where it brings none (RFC 9110 §10.2.2). */
export function inheritFragment<H extends {readonly nextUrl: string}>(hop: H, url: string): H {
	const fragment = url.indexOf('#');
	return GOT_MAJOR < 16 || fragment === -1 || hop.nextUrl.includes('#')
		? hop
		: {...hop, nextUrl: hop.nextUrl + url.slice(fragment)};
}

const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Whether a response sends its caller elsewhere. */
export function isRedirect({statusCode}: Pick<StoredResponse, 'statusCode'>): boolean {
	return redirectStatuses.has(statusCode);
}

/** Whether a redirect leads to a Unix socket: got follows it only from that same socket, so what is stored for a socket is no answer. */
export function leadsToSocket({nextUrl}: StoredHop): boolean {
	return new URL(nextUrl).hostname === 'unix';
}

/** A stored 3xx response as the redirect that got would follow from `url`, or `undefined` where it is none. */
export function toHop(stored: StoredResponse, url: string, methodRewriting: boolean): StoredHop | undefined {
	const field = fieldValue(stored.rawHeaders, 'location');
	// node:http gives bytes as Latin-1; got takes them for UTF-8.
	const location = field && Buffer.from(field, 'latin1').toString();
	if (!isRedirect(stored) || !location || !URL.canParse(location, url)) {
		return undefined;
	}
	const {statusCode, method} = stored;
	const target = new URL(location, url);
	const mayRewrite = statusCode !== 307 && statusCode !== 308;
	const becomesGet =
		(statusCode === 303 && method !== 'GET' && method !== 'HEAD') ||
		(methodRewriting && mayRewrite && !(GOT_MAJOR >= 16 && method === 'HEAD')) ||
		(GOT_MAJOR >= 15 && mayRewrite && method === 'POST' && isOtherOrigin(new URL(url), target));
	return {...stored, kind: 'hop', nextUrl: target.href, nextMethod: becomesGet ? 'GET' : method};
}
