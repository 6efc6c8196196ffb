import {fieldLines, type RawHeaders, withoutFields} from '../http/headers.js';

/** Fields that speak of one connection or one proxy (RFC 9110 §7.6.1, RFC 9111 §3.1), names in lower case. */
const HOP_BY_HOP = [
	'connection',
	'keep-alive',
	'proxy-authenticate',
	'proxy-authentication-info',
	'proxy-authorization',
	'proxy-connection',
	'te',
	'trailer',
	'transfer-encoding',
	'upgrade',
];

/** Fields that speak of the coded form of a body, and so are false of a decoded one. */
const OF_THE_CODED_BODY = ['content-encoding', 'content-length'];

/** What decides about a response's fields besides their names. */
export interface StorableFieldsOptions {
	/** Whether the body is kept decoded. */
	readonly decoded: boolean;
	/** Fields that the response itself keeps out of the store, in lower case. @default none */
	readonly without?: readonly string[];
}

/**
 * The fields of a response that may be stored: all but those that speak of one connection or one proxy, those that `Connection` lists,
 * those that the response's own directives keep out, and for a body that is kept decoded, `Content-Encoding` and `Content-Length`
 * (RFC 9111 §3.1, https://www.rfc-editor.org/rfc/rfc9111#section-3.1).
 */
export function storableFields(rawHeaders: RawHeaders, {decoded, without = []}: StorableFieldsOptions): string[] {
	const names = new Set([...HOP_BY_HOP, ...without]);
	for (const name of fieldLines(rawHeaders, 'connection').join().split(',')) {
		names.add(name.trim().toLowerCase());
	}
	for (const name of decoded ? OF_THE_CODED_BODY : []) {
		names.add(name);
	}
	return withoutFields(rawHeaders, names);
}
