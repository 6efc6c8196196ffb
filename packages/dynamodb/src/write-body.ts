import {piecesOf} from 'got-client-cache';
import {compress, type Encoding, isCompressible} from './compression.js';
import {inParallel} from './in-parallel.js';

/** Bytes of a part of a body: with its keys it stays below DynamoDB's 400 KB. */
export const PART_SIZE = 384 * 1024;

/** Parts that are sent, or fetched, at a time: what is held of a body in memory is a small multiple of this. */
export const PARTS_AT_ONCE = 4;

/** Where a body can go. */
export interface BodyPlace {
	/** Bytes for which there is room in the record's own item; zero or less: even its metadata are too large for it. */
	readonly room: number;
	/** Bytes that a body may have, as it is given. */
	readonly ceiling: number;
	/** Stores a part; parts may be stored in any order. */
	writePart(bytes: Uint8Array, index: number): Promise<unknown>;
}

/** Where a body went. */
export interface WrittenBody {
	/** In bytes, as it was given. */
	readonly size: number;
	/** How it is stored. */
	readonly encoding: Encoding;
	/** For the record's own item; `undefined`: it is in parts. */
	readonly inline: Uint8Array | undefined;
	/** How many parts it has. */
	readonly parts: number;
}

type Body = Uint8Array | AsyncIterable<Uint8Array>;

/**
 * Puts a body where it fits: as it is into the record's own item, compressed into that, or into parts, compressed where its beginning becomes smaller by that.
 * A body that comes in pieces is not held as a whole. Resolves to `undefined` where it is over the ceiling; there may be parts by then.
 */
export async function writeBody(body: Body, {room, ceiling, writePart}: BodyPlace): Promise<WrittenBody | undefined> {
	const counter = new Counter(room > 0 ? ceiling : -1);
	try {
		const plain = await begin(counter.count(body), Math.max(room, 1));
		if (plain.whole) {
			return {size: counter.size, encoding: undefined, inline: plain.whole, parts: 0};
		}
		const encoding = (await isCompressible(plain.beginning)) ? 'br' : undefined;
		const stored = encoding ? await begin(compress(plain.all()), room) : plain;
		if (stored.whole) {
			return {size: counter.size, encoding, inline: stored.whole, parts: 0};
		}
		let parts = 0;
		await inParallel(piecesOf(stored.all(), PART_SIZE), PARTS_AT_ONCE, (bytes, index) => {
			parts = index + 1;
			return writePart(bytes, index);
		});
		return {size: counter.size, encoding, inline: undefined, parts};
	} catch (error) {
		if (error instanceof CeilingError) {
			return undefined;
		}
		throw error;
	}
}

class CeilingError extends Error {}

class Counter {
	size = 0;
	readonly #ceiling: number;

	constructor(ceiling: number) {
		this.#ceiling = ceiling;
	}

	async *count(body: Body): AsyncGenerator<Uint8Array> {
		for await (const chunk of body instanceof Uint8Array ? [body] : body) {
			this.size += chunk.byteLength;
			this.#check();
			yield chunk;
		}
		this.#check();
	}

	#check(): void {
		if (this.size > this.#ceiling) {
			throw new CeilingError();
		}
	}
}

interface Begun {
	/** The whole of a body that has no more than `room` bytes. */
	readonly whole: Uint8Array | undefined;
	readonly beginning: Uint8Array;
	/** All of it, the beginning included; to be read once. */
	all(): AsyncIterable<Uint8Array>;
}

/** Reads a body until it is known whether it has more than `room` bytes. */
async function begin(body: AsyncIterable<Uint8Array>, room: number): Promise<Begun> {
	const pieces = piecesOf(body, room);
	const first = await pieces.next();
	const beginning = first.value ?? new Uint8Array();
	const second = await pieces.next();
	return {
		whole: second.done ? beginning : undefined,
		beginning,
		async *all() {
			try {
				yield beginning;
				if (!second.done) {
					yield second.value;
				}
				yield* pieces;
			} finally {
				await pieces.return();
			}
		},
	};
}
