/** Reads to the end what nobody takes, so that it is stored. What goes wrong is nobody's either. */
export async function drain(pieces: AsyncIterator<Uint8Array>): Promise<void> {
	try {
		while (!(await pieces.next()).done) {
			// Nobody wants it.
		}
	} catch {
		// Whoever waits for what is stored learns of it there.
	}
}
