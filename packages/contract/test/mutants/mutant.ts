import type {BackendContract} from '../../src/describe-backend-contract.js';
import type {Body, PlaceCache} from '../place-cache.js';

/** A store with one fault. */
export interface Mutant {
	/** What it does, after "a store that". */
	readonly fault: string;
	readonly Cache: new (place: string) => PlaceCache;
	/** The titles of cases that must fail for it. */
	readonly kills: readonly string[];
	readonly flags?: Partial<BackendContract>;
}

/** All of a body. */
export async function bytesOfBody(body: Body): Promise<Uint8Array> {
	if (body instanceof Uint8Array) {
		return new Uint8Array(body);
	}
	const pieces: Uint8Array[] = [];
	for await (const piece of body) {
		pieces.push(piece);
	}
	return Buffer.concat(pieces);
}

/** What comes of a body before it fails, as if it were all. */
export async function* untilFailure(body: AsyncIterable<Uint8Array>) {
	try {
		yield* body;
	} catch {
		// Here is the fault.
	}
}
