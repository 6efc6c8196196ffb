import {createHmac, hash} from 'node:crypto';

/** SHA-256 of bytes, or of text as UTF-8, in 64 lower-case hexadecimal digits; with a `secretKey`, HMAC-SHA-256 (RFC 2104). */
export function digest(data: string | Uint8Array, secretKey?: string | Uint8Array): string {
	return secretKey === undefined
		? hash('sha256', data, 'hex')
		: createHmac('sha256', secretKey).update(data).digest('hex');
}

/**
 * Several strings as one. Each is preceded by its length, so no two different lists give the same text, whatever their strings hold.
 * Lone surrogates, which UTF-8 cannot tell apart, are the caller's to escape.
 */
export function encodeParts(parts: readonly string[]): string {
	let text = '';
	for (const part of parts) {
		text += `${part.length}:${part}`;
	}
	return text;
}
