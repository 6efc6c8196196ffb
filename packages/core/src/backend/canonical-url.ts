import {canonicalPairs} from './canonical-pairs.js';

/**
 * The URL that a key's resource is made of: in the WHATWG form, without fragment and user info, its query parameters sorted by name, without the `ignored` ones.
 * Nothing else is folded: `/d//e` is not `/d/e`. A bare `?` counts, except where ignoring emptied the query.
 * @throws TypeError where `url` is not an absolute URL
 */
export function canonicalUrl(url: string | URL, ignored: ReadonlySet<string> | undefined): string {
	const bare = withoutUserInfo(url);
	const fragment = bare.indexOf('#');
	const sent = fragment === -1 ? bare : bare.slice(0, fragment);
	const mark = sent.indexOf('?');
	if (mark === -1) {
		return sent;
	}
	const query = canonicalPairs(sent.slice(mark + 1), ignored);
	return query === undefined ? sent.slice(0, mark) : `${sent.slice(0, mark + 1)}${query}`;
}

/** A URL in the WHATWG form without `user:password@`. Throws a TypeError where it is not an absolute URL. */
export function withoutUserInfo(url: string | URL): string {
	const {href} = typeof url === 'string' ? new URL(url) : url;
	// Where there is user info, there is an at sign.
	if (!href.includes('@')) {
		return href;
	}
	const bare = new URL(href);
	bare.username = '';
	bare.password = '';
	return bare.href;
}
