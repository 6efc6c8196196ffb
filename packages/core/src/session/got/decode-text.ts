import {GOT_MAJOR} from './got-version.js';

const utf16 = new TextDecoder('utf-16le');

/** Bytes as the text that got makes of them, without a copy of the bytes: from 16 on got takes a byte order mark away. @throws TypeError for an encoding that is none */
export function decodeText(bytes: Uint8Array, encoding: BufferEncoding | undefined): string {
	const {buffer, byteOffset, byteLength} = bytes;
	if (GOT_MAJOR >= 16 && byteLength > 1) {
		if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf && isUtf8(encoding)) {
			return Buffer.from(buffer, byteOffset + 3, byteLength - 3).toString();
		}
		if (encoding !== undefined && /^(?:utf-?16le|ucs-?2)$/i.test(encoding)) {
			return utf16.decode(bytes);
		}
	}
	return Buffer.from(buffer, byteOffset, byteLength).toString(encoding);
}

function isUtf8(encoding: BufferEncoding | undefined): boolean {
	return encoding === undefined || /^utf-?8$/i.test(encoding);
}
