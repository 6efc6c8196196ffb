import {createKey, type KeySettings} from '../../src/backend/cache-key.js';
import type {RequestHeaders} from '../../src/http/headers.js';
import type {HttpRequest} from '../../src/http/request.js';

/** What a session has when nothing is set. */
export const defaults: KeySettings = {
	includeHeaders: false,
	ignoredParams: [],
	secretKey: undefined,
	identity: undefined,
};

/** A GET of one URL, with the given differences. */
export function get(differences: Partial<HttpRequest> = {}): HttpRequest {
	return {method: 'GET', url: 'https://example.com/items', headers: {}, ...differences};
}

/** The key of a GET that differs as said, under settings that differ as said. */
export function keyWith(differences: Partial<HttpRequest>, settings: Partial<KeySettings> = {}): string {
	return createKey(get(differences), {...defaults, ...settings});
}

/** The key of a GET with these headers. */
export function keyWithHeaders(headers: RequestHeaders, settings: Partial<KeySettings> = {}): string {
	return keyWith({headers}, settings);
}

/** The key of a GET of this URL. */
export function keyOfUrl(url: string, settings: Partial<KeySettings> = {}): string {
	return keyWith({url}, settings);
}
