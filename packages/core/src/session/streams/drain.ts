import type {StreamCall} from './stream-call.js';

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

/** Reads to the end, for those who wait, what its caller has given up. */
export async function drainForOthers(pieces: AsyncIterator<Uint8Array>, call: StreamCall): Promise<void> {
	await drain(pieces);
	// Where an interceptor has put something else in the place of the body that others wait for, nobody reads that.
	call.end();
}
