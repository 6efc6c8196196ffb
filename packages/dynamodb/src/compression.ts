import {pipeline, Readable, type Transform} from 'node:stream';
import {promisify} from 'node:util';
import {brotliCompress, constants, createBrotliCompress, createBrotliDecompress} from 'node:zlib';

/** How bytes are stored: as they are, or compressed. */
export type Encoding = 'br' | undefined;

/** Quick rather than small: the next best level saves a few per cent, and takes several times as long. */
const OPTIONS = {params: {[constants.BROTLI_PARAM_QUALITY]: 4}};

/** What is saved must be worth the time of every reader. */
const WORTHWHILE = 0.9;

const compressWhole = promisify(brotliCompress);

/** Whether a body that begins like this becomes smaller by being compressed; those of images and archives do not. */
export async function isCompressible(beginning: Uint8Array): Promise<boolean> {
	const compressed = await compressWhole(beginning, OPTIONS);
	return compressed.byteLength < beginning.byteLength * WORTHWHILE;
}

/** The body compressed, while it comes. */
export function compress(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
	return through(body, createBrotliCompress(OPTIONS));
}

/** The body as it was. Throws where it is damaged, or has more bytes than it should. */
export async function* decompress(body: AsyncIterable<Uint8Array>, size: number): AsyncIterable<Uint8Array> {
	let given = 0;
	for await (const chunk of through(body, createBrotliDecompress())) {
		given += chunk.byteLength;
		if (given > size) {
			throw new RangeError(`more than ${size} bytes`);
		}
		yield chunk;
	}
}

function through(body: AsyncIterable<Uint8Array>, transform: Transform): AsyncIterable<Uint8Array> {
	// What fails, on either side, is thrown where the transform is read.
	return pipeline(Readable.from(body), transform, () => undefined);
}
