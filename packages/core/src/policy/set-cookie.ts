/** What must be known of a cookie to set it a second time, long after it was received (RFC 6265 §5.2 and §5.3, https://www.rfc-editor.org/rfc/rfc6265#section-5.2). */

/** What tells a cookie from others. */
export interface CookiePlace {
	readonly name: string;
	/** In lower case, without a dot before it; that of the URL where the cookie names none. */
	readonly domain: string;
	readonly path: string;
}

/** The place that a `Set-Cookie` line from `url` is about. */
export function cookiePlace(line: string, url: URL): CookiePlace {
	const [pair = '', ...attributes] = line.split(';');
	const domain = attributeOf(attributes, 'domain')?.replace(/^\./, '').toLowerCase();
	const path = attributeOf(attributes, 'path');
	return {
		name: pair.slice(0, Math.max(0, pair.indexOf('='))).trim(),
		domain: domain || url.hostname,
		path: path?.startsWith('/') ? path : defaultPath(url.pathname),
	};
}

/**
 * A `Set-Cookie` line as it is to be set now: with what is left of its `Max-Age`. One that takes a cookie away stays as it is.
 * @param receivedAt - epoch milliseconds
 * @param now - epoch milliseconds
 * @returns `undefined` where the cookie has expired since it was received
 */
export function agedCookie(line: string, receivedAt: number, now: number): string | undefined {
	const [, ...attributes] = line.split(';');
	const maxAge = attributeOf(attributes, 'max-age');
	if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) {
		const seconds = Number(maxAge);
		const left = seconds - Math.floor(Math.max(0, now - receivedAt) / 1000);
		if (seconds <= 0) {
			return line;
		}
		return left > 0 ? line.replace(/;\s*max-age\s*=[^;]*/gi, `; Max-Age=${left}`) : undefined;
	}
	// The dates of cookies are read leniently (RFC 6265 §5.1.1).
	const expires = Date.parse(attributeOf(attributes, 'expires') ?? '');
	return expires <= now && expires > receivedAt ? undefined : line;
}

/** The last one counts. */
function attributeOf(attributes: readonly string[], wanted: string): string | undefined {
	const found = attributes.findLast(attribute => attribute.split('=', 1)[0]!.trim().toLowerCase() === wanted);
	return found?.includes('=') ? found.slice(found.indexOf('=') + 1).trim() : undefined;
}

function defaultPath(pathname: string): string {
	const end = pathname.lastIndexOf('/');
	return end <= 0 ? '/' : pathname.slice(0, end);
}
