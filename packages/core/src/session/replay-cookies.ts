import {type Options, type PromiseCookieJar, RequestError} from 'got';
import {fieldLines} from '../http/headers.js';
import type {EffectiveSettings} from '../policy/effective-settings.js';
import {agedCookie, type CookiePlace, cookiePlace} from '../policy/set-cookie.js';
import type {Awaitable} from '../storage/awaitable.js';
import type {CacheExchange} from './cache-exchange.js';
import type {CookieJar} from './got/describe-request.js';
import type {SessionResponse} from './session-response.js';

/** A jar; tough-cookie's can also say where its cookies are from. */
type Jar = PromiseCookieJar & {
	getCookies?(url: string): Promise<unknown>;
};

/** A cookie that came with a stored response. */
interface ReceivedCookie {
	readonly line: string;
	readonly url: string;
	readonly place: CookiePlace;
}

/**
 * Sets the cookies of a response from the store, and of the stored redirects that led to it, in the caller's jar, as far as the setting `replayCookies` wants that.
 * @throws got's RequestError for a cookie that the jar refuses, unless `ignoreInvalidCookies` is set
 */
export function replayCookies(
	{engine: {settings}, request, identified}: CacheExchange,
	response: SessionResponse,
): Awaitable<SessionResponse> {
	const {presentation} = request;
	const {cookieJar} = presentation;
	if (cookieJar === undefined || !response.isFromCache || settings.replayCookies === 'never' || settings.shared) {
		return response;
	}
	return replay(receivedCookies(response, identified.http.url), cookieJar, presentation, settings).then(() => response);
}

function receivedCookies(response: SessionResponse, firstUrl: string): ReceivedCookie[] {
	const {storedHops = [], cached} = response;
	const now = Date.now();
	const urls = [firstUrl, ...storedHops.map(hop => hop.nextUrl)];
	const messages = [...storedHops, {rawHeaders: response.rawHeaders, createdAt: cached?.createdAt ?? now}];
	return messages.flatMap(({rawHeaders, createdAt}, index) => {
		const url = urls[index]!;
		return fieldLines(rawHeaders, 'set-cookie').flatMap(received => {
			const line = agedCookie(received, createdAt, now);
			return line === undefined ? [] : [{line, url, place: cookiePlace(line, new URL(url))}];
		});
	});
}

async function replay(
	cookies: readonly ReceivedCookie[],
	jar: CookieJar,
	options: Options,
	{replayCookies: rule}: EffectiveSettings,
): Promise<void> {
	try {
		// Before the first one is set: several about the same place are set in their order, as they came.
		const isWanted = await Promise.all(cookies.map(async cookie => rule === 'always' || !(await has(jar, cookie))));
		for (const {line, url} of cookies.filter((_, index) => isWanted[index])) {
			await set(jar, line, url, options.ignoreInvalidCookies);
		}
	} catch (error) {
		const cause = error as Error;
		throw new RequestError(cause.message, cause, options);
	}
}

async function set(jar: CookieJar, line: string, url: string, ignoresInvalid: boolean): Promise<void> {
	try {
		await (jar as Jar).setCookie(line, url);
	} catch (error) {
		if (!ignoresInvalid) {
			throw error;
		}
	}
}

/** Whether the jar has a cookie in that place; one that cannot say where its cookies are from, whether it would send one of that name there. */
async function has(jar: CookieJar, {url, place}: ReceivedCookie): Promise<boolean> {
	const target = new URL(url);
	// As one that sees all: also those for secure connections.
	target.protocol = 'https:';
	target.pathname = place.path;
	const {getCookies, getCookieString} = jar as Jar;
	const known = await getCookies?.call(jar, target.href);
	if (Array.isArray(known)) {
		return known.some(
			({key, domain, path}: Record<string, unknown>) =>
				key === place.name && domain === place.domain && path === place.path,
		);
	}
	const sent = await getCookieString.call(jar, target.href);
	return String(sent ?? '')
		.split(';')
		.some(pair => pair.split('=', 1)[0]!.trim() === place.name);
}
