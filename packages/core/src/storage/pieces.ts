/**
 * A body in pieces of `size` bytes each, the last of which may be shorter; an empty body has none. Pieces may share memory with the body that is given.
 * What reads them decides the pace: no more than one piece is held beside what the body itself gives at a time.
 */
export async function* piecesOf(
	body: Uint8Array | AsyncIterable<Uint8Array>,
	size: number,
): AsyncGenerator<Uint8Array, void, undefined> {
	if (body instanceof Uint8Array) {
		for (let start = 0; start < body.byteLength; start += size) {
			yield body.subarray(start, start + size);
		}
		return;
	}
	let held: Uint8Array[] = [];
	let heldBytes = 0;
	for await (const chunk of body) {
		let start = 0;
		while (heldBytes + chunk.byteLength - start >= size) {
			const end = start + size - heldBytes;
			const rest = chunk.subarray(start, end);
			yield held.length === 0 ? rest : Buffer.concat([...held, rest], size);
			held = [];
			heldBytes = 0;
			start = end;
		}
		if (start < chunk.byteLength) {
			held.push(chunk.subarray(start));
			heldBytes += chunk.byteLength - start;
		}
	}
	if (heldBytes > 0) {
		yield Buffer.concat(held, heldBytes);
	}
}
