import type {RequestBody} from '../../http/request.js';

/** Forms with more bytes than this are not read before they are sent, and pass the cache by. */
const MAX_BYTES = 1024 * 1024;

/** What of a form is part of the key: its entries in their order, with the names, types and contents of files. The boundary, which is made anew each time, is not. */
export async function describeFormData(form: FormData): Promise<RequestBody> {
	const entries = [...form];
	if (entries.reduce((sum, [, value]) => sum + sizeOf(value), 0) > MAX_BYTES) {
		return {kind: 'stream'};
	}
	const pieces: Uint8Array[] = [Buffer.from('multipart/form-data\0')];
	for (const [name, value] of entries) {
		// Its length tells where an entry ends.
		const content = typeof value === 'string' ? Buffer.from(value) : await contentOf(value);
		if (content === undefined) {
			return {kind: 'stream'};
		}
		const file = typeof value === 'string' ? undefined : [value.name, value.type];
		pieces.push(Buffer.from(`${JSON.stringify([name, content.byteLength, file])}\0`), content);
	}
	return {kind: 'bytes', bytes: Buffer.concat(pieces)};
}

/** `undefined` for a file that cannot be read, which is for got to tell. */
async function contentOf(blob: Blob): Promise<Uint8Array | undefined> {
	try {
		return new Uint8Array(await blob.arrayBuffer());
	} catch {
		return undefined;
	}
}

/** A form with the same entries, which its owner cannot change any more. */
export function copyFormData(form: FormData): FormData {
	const copy = new FormData();
	for (const [name, value] of form) {
		copy.append(name, value);
	}
	return copy;
}

function sizeOf(value: string | Blob): number {
	return typeof value === 'string' ? value.length : value.size;
}
