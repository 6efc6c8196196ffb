import {fieldValue} from '../http/headers.js';
import type {HttpRequest} from '../http/request.js';
import type {StoredHop, StoredResponse} from '../http/response.js';
import type {Awaitable} from '../storage/awaitable.js';
import {type CookieJar, withCookies} from './describe-request.js';

/** Where a redirect led. */
export interface HopTarget {
	readonly nextUrl: string;
	readonly nextMethod: string;
}

// What got takes off a request that goes on to another origin.
const originBound = ['host', 'cookie', 'authorization'];

/** The request that got makes of `request` when it follows a redirect, with the cookies that the jar has for the new URL. */
export function followHop(request: HttpRequest, hop: HopTarget, jar?: CookieJar | undefined): Awaitable<HttpRequest> {
	const {body, ...rest} = request;
	const headers = {...request.headers};
	if (isOtherOrigin(new URL(request.url), new URL(hop.nextUrl))) {
		for (const name of originBound) {
			delete headers[name];
		}
	}
	const keepsBody = body !== undefined && hop.nextMethod === request.method;
	const next: HttpRequest = {...rest, headers, url: hop.nextUrl, method: hop.nextMethod, ...(keepsBody && {body})};
	return jar ? withCookies(next, jar, hop.nextUrl) : next;
}

function isOtherOrigin(from: URL, to: URL): boolean {
	return from.hostname !== to.hostname || from.port !== to.port;
}

const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Whether a response sends its caller elsewhere. */
export function isRedirect({statusCode}: Pick<StoredResponse, 'statusCode'>): boolean {
	return redirectStatuses.has(statusCode);
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
	const isSafe = method === 'GET' || method === 'HEAD';
	const becomesGet = (statusCode === 303 && !isSafe) || (methodRewriting && statusCode !== 307 && statusCode !== 308);
	return {...stored, kind: 'hop', nextUrl: new URL(location, url).href, nextMethod: becomesGet ? 'GET' : method};
}
