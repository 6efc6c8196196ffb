import {fieldLines, type RawHeaders} from '../http/headers.js';
import type {HttpRequest} from '../http/request.js';
import type {EffectiveSettings} from './effective-settings.js';

/** Methods that change nothing (RFC 9110 §9.2.1; `QUERY` is safe by its own definition). Unknown ones may. */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY']);

/** Whether an answer to this method can make stored responses invalid. */
export function mayInvalidate(method: string): boolean {
	return !SAFE_METHODS.has(method);
}

/** {@link invalidatedUrls}, where the settings let an answer change the store. */
export function invalidationsBy(
	request: HttpRequest,
	response: Answer,
	{cacheControl, readOnly}: Pick<EffectiveSettings, 'cacheControl' | 'readOnly'>,
): readonly string[] {
	return cacheControl && !readOnly ? invalidatedUrls(request, response) : [];
}

/** As much of an answer as invalidation depends on. */
interface Answer {
	readonly statusCode: number;
	readonly rawHeaders: RawHeaders;
}

/**
 * The URLs under which nothing that is stored holds any more after this answer: the request's, and those in `Location` and `Content-Location`
 * that have the same origin (RFC 9111 §4.4, https://www.rfc-editor.org/rfc/rfc9111#section-4.4). Without user info and fragments, each once;
 * none after a safe method or an error.
 */
export function invalidatedUrls(request: HttpRequest, response: Answer): readonly string[] {
	if (!mayInvalidate(request.method) || response.statusCode < 200 || response.statusCode > 399) {
		return [];
	}
	const target = new URL(request.url);
	const urls = new Set([bare(target)]);
	for (const name of ['location', 'content-location']) {
		for (const location of fieldLines(response.rawHeaders, name)) {
			const url = URL.canParse(location, target.href) ? new URL(location, target) : undefined;
			// Another origin's responses are not this one's to drop.
			if (url?.origin === target.origin) {
				urls.add(bare(url));
			}
		}
	}
	return [...urls];
}

function bare(url: URL): string {
	return `${url.origin}${url.pathname}${url.search}`;
}
