/**
 * Keys, `<resource>.<selector>`: which requests may share a record. Here the parts come together. What makes two URLs, bodies or users the same is in
 * `canonical-url`, `canonical-body` and `identity`; whether a record is good enough to serve is no question of keys.
 *
 * The format is `1-<64 digits>.<64 digits>`, the digits lower-case hexadecimal and `1` its version: safe as a file name, in a Redis hash tag and in a sort key.
 * What is stored lives under such keys, so a change of anything that is hashed needs a new version.
 */

import {LRUCache} from 'lru-cache';
import {requestHeader} from '../http/headers.js';
import type {HttpRequest} from '../http/request.js';
import {bodyDigest} from './canonical-body.js';
import {canonicalUrl} from './canonical-url.js';
import {identityDigest} from './identity.js';
import {includedHeaders} from './included-headers.js';
import {digest, encodeParts} from './key-digest.js';
import {ignoredNames, type KeySettings} from './key-settings.js';

export type {KeySettings} from './key-settings.js';

const FORMAT = '1-';

/**
 * The key of a request. Its resource is {@link resourceOf} its URL. Its selector is a digest of method, included headers, a `Host` that is not the URL's, body,
 * {@link identityDigest} and `decompress: false`; an HMAC with a `secretKey`, for passwords are sent in bodies too.
 *
 * @param custom - what `keyFn` gave. It replaces everything but the identity, method included; its resource is never a URL's.
 * @throws Error where the body is a stream
 */
export function createKey(request: HttpRequest, settings: KeySettings, custom?: string): string {
	const identity = identityDigest(request, settings);
	if (custom !== undefined) {
		return keyOf(customResource(custom), ['custom', identity], settings.secretKey);
	}
	const ignored = ignoredNames(settings.ignoredParams);
	const url = canonicalUrl(request.url, ignored?.pairs);
	const parts = [
		'request',
		request.method,
		request.decompress === false ? 'coded' : '',
		overriddenHost(request, url),
		bodyDigest(request.body, ignored),
		identity,
		...includedHeaders(request, settings),
	];
	return keyOf(urlResource(url), parts, settings.secretKey);
}

/**
 * What all keys of a URL begin with, whatever their method, headers, body and user: `BaseCache.keysOf` takes it. Fragment, user info, the order of different
 * query parameters and `ignoredParams` make no difference. It is a plain SHA-256 with a `secretKey` too, so that a backend finds what sessions with keys of their own stored.
 *
 * @param custom - what `keyFn` gave for the URL: the resource that {@link createKey} makes of it, whatever the URL
 * @throws TypeError where `url` is not an absolute URL
 */
export function resourceOf(url: string | URL, settings: Pick<KeySettings, 'ignoredParams'>, custom?: string): string {
	return custom === undefined
		? urlResource(canonicalUrl(url, ignoredNames(settings.ignoredParams)?.pairs))
		: customResource(custom);
}

/** The resource of a key, or the whole of a string that is not a key. */
export function resourceOfKey(key: string): string {
	const dot = key.indexOf('.');
	return dot === -1 ? key : key.slice(0, dot);
}

/**
 * The key of a response under a `Vary` index: of the same resource as `indexKey`, and unlike any other, by the index's random `generation` and by the
 * {@link digestVaryValues | digests} of the values that selected it, in the order of the index's fields.
 */
export function variantKey(indexKey: string, generation: string, digests: readonly string[]): string {
	return keyOf(resourceOfKey(indexKey), ['variant', indexKey, generation, ...digests]);
}

/** What is stored of the values that `Vary` names, which may be secrets (`Vary: Cookie`): one digest each, an HMAC with a `secretKey`. */
export function digestVaryValues(values: readonly string[], secretKey: KeySettings['secretKey']): string[] {
	return values.map(value => digest(encodeParts(['vary', value]), secretKey));
}

function urlResource(canonical: string): string {
	return `${FORMAT}${digest(canonical)}`;
}

/** No URL begins with `#`. JSON escapes lone surrogates, which UTF-8 would make all alike. */
function customResource(custom: string): string {
	return `${FORMAT}${digest(`#${JSON.stringify(custom)}`)}`;
}

function keyOf(resource: string, selectorParts: readonly string[], secretKey?: KeySettings['secretKey']): string {
	return `${resource}.${selectorOf(encodeParts(selectorParts), secretKey)}`;
}

/** Requests that differ in nothing but their URL have one selector. */
const knownSelectors = new LRUCache<string, string>({max: 256});

function selectorOf(text: string, secretKey: KeySettings['secretKey']): string {
	// Secrets, which make HMACs, are not kept here; what is long is hardly ever asked for again.
	if (secretKey !== undefined || text.length > 200) {
		return digest(text, secretKey);
	}
	let selector = knownSelectors.get(text);
	if (selector === undefined) {
		selector = digest(text);
		knownSelectors.set(text, selector);
	}
	return selector;
}

/** A `Host` header that asks another virtual host than the URL's; empty where there is none. */
function overriddenHost({headers}: HttpRequest, url: string): string {
	const host = requestHeader(headers, 'host')?.toLowerCase();
	if (host === undefined) {
		return '';
	}
	const start = url.indexOf('//') + 2;
	return url.startsWith(host, start) && url[start + host.length] === '/' ? '' : `host ${host}`;
}
