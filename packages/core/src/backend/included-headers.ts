import type {HttpRequest} from '../http/request.js';
import {isCredentialHeader} from './credential-fields.js';
import {headerEntries} from './header-entries.js';
import {ignoredNames, type KeySettings} from './key-settings.js';

/** What `includeHeaders: true` leaves out, besides credentials. */
const neverWithAll: ReadonlySet<string> = new Set([
	// For one connection only (RFC 9110 §7.6.1), or about how the message is framed.
	...['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'expect'],
	// Derived from what the key has already.
	...['host', 'content-length', 'cookie'],
	// They say how an answer may come about, or which part of it is wanted, and must find the record that is there.
	...['cache-control', 'pragma', 'range'],
	...['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since', 'if-range'],
]);

/**
 * The request headers that are part of the selector, as names in lower case and values in turn, by name: with `includeHeaders: true` all that describe the wanted
 * response, with a list those on it. `ignoredParams` are left out; an empty header is not an absent one.
 *
 * With `true`, credentials are left to the identity, and `accept-encoding` is one of them only where the client does not decode (`decompress: false`).
 * A list is taken at its word: `['authorization']` splits records by that header even under `identity: false`.
 */
export function includedHeaders(
	{headers, decompress}: HttpRequest,
	{includeHeaders, ignoredParams}: Pick<KeySettings, 'includeHeaders' | 'ignoredParams'>,
): string[] {
	if (includeHeaders === false) {
		return [];
	}
	const ignored = ignoredNames(ignoredParams)?.headers;
	const values = new Map<string, string>();
	for (const [name, value] of headerEntries(headers)) {
		const isWanted = includeHeaders === true ? describesResponse(name, decompress) : includeHeaders.includes(name);
		if (isWanted && !ignored?.has(name)) {
			values.set(name, value);
		}
	}
	const parts: string[] = [];
	for (const name of [...values.keys()].sort()) {
		parts.push(name, values.get(name)!);
	}
	return parts;
}

function describesResponse(name: string, decompress: boolean | undefined): boolean {
	if (name === 'accept-encoding') {
		return decompress === false;
	}
	return !neverWithAll.has(name) && !isCredentialHeader(name);
}
