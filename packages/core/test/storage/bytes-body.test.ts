import {describe, expect, it} from '@jest/globals';
import {BytesBody, collectBody} from '../../src/storage/bytes-body.js';

async function* inPieces(...pieces: Uint8Array[]): AsyncGenerator<Uint8Array> {
	yield* pieces;
}

describe('BytesBody', () => {
	it('gives the very bytes, whole and in pieces', async () => {
		const bytes = new Uint8Array([1, 2, 3]);
		const body = new BytesBody(bytes);
		expect(body.size).toBe(3);
		expect(body.bytes()).toBe(bytes);
		expect(await collectBody(body.stream())).toEqual(Buffer.from(bytes));
		expect(await collectBody(body.stream())).toEqual(Buffer.from(bytes));
	});
});

describe('collectBody', () => {
	it('copies bytes within the call', async () => {
		const bytes = new Uint8Array([1, 2, 3]);
		const collecting = collectBody(bytes);
		bytes.fill(0);
		expect(await collecting).toEqual(Uint8Array.of(1, 2, 3));
	});

	it('joins pieces in their order', async () => {
		const pieces = inPieces(new Uint8Array([1]), new Uint8Array(), new Uint8Array([2, 3]));
		expect([...(await collectBody(pieces))]).toEqual([1, 2, 3]);
		expect([...(await collectBody(inPieces()))]).toEqual([]);
	});

	it('rejects with what the body throws', async () => {
		async function* failing() {
			yield new Uint8Array([1]);
			throw new Error('cut off');
		}
		await expect(collectBody(failing())).rejects.toThrow('cut off');
	});
});
