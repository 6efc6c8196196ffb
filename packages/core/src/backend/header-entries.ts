import type {RequestHeaders} from '../http/headers.js';

/**
 * The request headers that are sent: names in lower case, each value as one text (RFC 9110 §5.3; cookies as in RFC 9113 §8.2.3).
 * In plain JavaScript a value may be a number, or `null` for a header that is not sent.
 */
export function headerEntries(headers: RequestHeaders): Array<readonly [name: string, value: string]> {
	const entries: Array<readonly [string, string]> = [];
	for (const [field, value] of Object.entries(headers)) {
		if (value !== undefined && value !== null) {
			const name = field.toLowerCase();
			const text = typeof value === 'object' ? value.join(name === 'cookie' ? '; ' : ', ') : String(value);
			entries.push([name, text]);
		}
	}
	return entries;
}
