import {describe, expect, it} from '@jest/globals';
import fc from 'fast-check';
import {piecesOf} from '../../src/storage/pieces.js';

async function* inChunks(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
	yield* chunks;
}

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Buffer[]> {
	const collected: Buffer[] = [];
	for await (const piece of pieces) {
		collected.push(Buffer.from(piece));
	}
	return collected;
}

describe('piecesOf', () => {
	it('gives the same bytes in pieces of one size, whatever chunks they came in', async () => {
		const chunk = fc.uint8Array({maxLength: 20});
		await fc.assert(
			fc.asyncProperty(fc.array(chunk, {maxLength: 8}), fc.integer({min: 1, max: 16}), async (chunks, size) => {
				const whole = Buffer.concat(chunks);
				for (const body of [inChunks(chunks), whole]) {
					const pieces = await collect(piecesOf(body, size));
					expect(Buffer.concat(pieces)).toEqual(whole);
					expect(pieces.map(({byteLength}) => byteLength)).toEqual(
						Array.from({length: Math.ceil(whole.length / size)}, (_, index) =>
							Math.min(size, whole.length - index * size),
						),
					);
				}
			}),
		);
	});

	it('takes from the body only what the next piece needs', async () => {
		let taken = 0;
		async function* body() {
			for (;;) {
				taken++;
				yield new Uint8Array(4);
			}
		}
		const pieces = piecesOf(body(), 8);
		await pieces.next();
		expect(taken).toBe(2);
		await pieces.next();
		expect(taken).toBe(4);
		await pieces.return();
	});

	it('throws what the body throws, after the pieces that were whole', async () => {
		async function* body() {
			yield new Uint8Array(5);
			throw new Error('cut off');
		}
		const seen: number[] = [];
		await expect(async () => {
			for await (const piece of piecesOf(body(), 4)) {
				seen.push(piece.byteLength);
			}
		}).rejects.toThrow('cut off');
		expect(seen).toEqual([4]);
	});
});
