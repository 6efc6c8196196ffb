import type {RequestBody} from '../http/request.js';
import {canonicalJson} from './canonical-json.js';
import {canonicalPairs} from './canonical-pairs.js';
import {digest} from './key-digest.js';
import type {IgnoredNames} from './key-settings.js';

/**
 * What stands for a body in a key's selector: its kind and a digest; empty where there is no body.
 * JSON and forms count in canonical form, JSON that has none and anything else as bytes, text as UTF-8.
 * The same text as JSON and as bytes differs, because it was sent under different content types.
 * @throws Error for a stream, which can be read only once: requests with one never ask for a key
 */
export function bodyDigest(body: RequestBody | undefined, ignored: IgnoredNames | undefined): string {
	switch (body?.kind) {
		case undefined:
			return '';
		case 'json': {
			const canonical = canonicalJson(body.text, ignored?.exact);
			return canonical === undefined ? `json-text:${digest(body.text)}` : `json:${digest(canonical)}`;
		}
		case 'form':
			return `form:${digest(canonicalPairs(body.text, ignored?.pairs) ?? '')}`;
		case 'bytes':
			return `bytes:${digest(body.bytes)}`;
		case 'stream':
			throw new Error('A request whose body is a stream has no cache key');
	}
}
