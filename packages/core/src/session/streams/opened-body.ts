import {createHash} from 'node:crypto';
import {setImmediate as turn} from 'node:timers/promises';
import {CacheFaultError} from '../../errors.js';
import type {BodyHandle, StoredBody} from '../../storage/base-cache.js';
import {BytesBody} from '../../storage/bytes-body.js';
import {piecesOf} from '../../storage/pieces.js';
import {STORE_DEADLINE} from '../stores/store-guard.js';
import {withDeadline} from '../stores/with-deadline.js';
import {OneShotBody} from './one-shot-body.js';

/** A caller gets pieces of no more than this, in bytes. */
const PIECE = 64 * 1024;

/** After so many bytes from memory, others get a turn. */
const TURN = 1024 * 1024;

/** Gives what is missing of a stored body that has failed. @throws the fault, where there is no way */
export type GoOn = (given: GivenBytes, fault: CacheFaultError) => AsyncIterable<Uint8Array>;

/** What has been given of a body so far. */
export class GivenBytes {
	/** How many. */
	size = 0;
	readonly #hash = createHash('sha256');

	/** Counts some more. */
	add(piece: Uint8Array): void {
		this.size += piece.byteLength;
		this.#hash.update(piece);
	}

	/** Whether they are those that another body begins with. */
	equals(other: GivenBytes): boolean {
		return this.size === other.size && this.#hash.copy().digest().equals(other.#hash.copy().digest());
	}
}

/** A stored body of which the first piece has been read: what is left is likely to come as well. */
export class OpenedBody extends OneShotBody implements StoredBody {
	/** The body as it was before, to be read anew. */
	readonly unopened: StoredBody;
	readonly #pieces: AsyncIterable<Uint8Array>;

	/** @internal */
	constructor(unopened: StoredBody, pieces: AsyncIterable<Uint8Array>) {
		super();
		this.unopened = unopened;
		this.#pieces = pieces;
	}

	get size(): number {
		return this.unopened.size;
	}

	/** @internal */
	protected override read(): AsyncIterable<Uint8Array> {
		return this.#pieces;
	}
}

/** Whether a body is read from its store piece by piece, as its caller takes it. */
export function isReadFromStore(body: BodyHandle): body is OpenedBody {
	return body instanceof OpenedBody && !(body.unopened instanceof BytesBody);
}

/**
 * Begins to read a stored body.
 * @param signal - aborted when nobody wants it any more
 * @param goOn - gives what is missing when it fails later on
 * @throws whatever the body fails with at its beginning
 */
export async function openBody(body: StoredBody, signal: AbortSignal, goOn: GoOn): Promise<OpenedBody> {
	if (body instanceof BytesBody) {
		return new OpenedBody(body, body.stream());
	}
	// Nobody will read it: then it is not even begun.
	if (signal.aborted) {
		return new OpenedBody(body, body.stream());
	}
	const pieces = body.stream()[Symbol.asyncIterator]();
	signal.addEventListener('abort', () => void release(pieces), {once: true});
	let first: IteratorResult<Uint8Array>;
	try {
		first = await pieces.next();
		checkPiece(first, 0, body.size);
	} catch (error) {
		if (!signal.aborted) {
			throw error;
		}
		// It was let go.
		first = {done: true, value: undefined};
	}
	return new OpenedBody(body, readOn(first, pieces, body.size, signal, goOn));
}

async function* readOn(
	first: IteratorResult<Uint8Array>,
	pieces: AsyncIterator<Uint8Array>,
	size: number,
	signal: AbortSignal,
	goOn: GoOn,
): AsyncGenerator<Uint8Array> {
	const given = new GivenBytes();
	let next = first;
	let fault: CacheFaultError;
	try {
		while (!next.done) {
			given.add(next.value);
			yield next.value;
			next = await withDeadline('read', pieces.next(), STORE_DEADLINE);
			checkPiece(next, given.size, size);
		}
		return;
	} catch (error) {
		signal.throwIfAborted();
		fault = error instanceof CacheFaultError ? error : new CacheFaultError('read', error);
	} finally {
		void release(pieces);
	}
	yield* goOn(given, fault);
}

/** Ends the reading of a store, whatever that thinks of it. */
async function release(pieces: AsyncIterator<Uint8Array>): Promise<void> {
	try {
		await pieces.return?.();
	} catch {
		// Nobody wants to know.
	}
}

/** @throws where a body is not as long as its store has said, or not bytes */
function checkPiece({done, value}: IteratorResult<unknown>, before: number, size: number): void {
	if (!done && !(value instanceof Uint8Array)) {
		throw new TypeError('it gave a piece of a body that is not bytes');
	}
	const length = before + (done ? 0 : (value as Uint8Array).byteLength);
	if (done ? length < size : length > size) {
		throw new RangeError(`it gave a body of ${size} bytes that has ${done ? 'no more than' : 'at least'} ${length}`);
	}
}

/** A body for a caller's stream: what a store, or an interceptor, may still have in its hands is copied, and comes in pieces. */
export function piecesForCaller(body: BodyHandle): AsyncIterable<Uint8Array> {
	return body instanceof BytesBody || body instanceof OpenedBody ? copied(body.stream()) : body.stream();
}

async function* copied(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	let sinceTurn = 0;
	for await (const whole of pieces) {
		for await (const piece of piecesOf(whole, PIECE)) {
			yield Buffer.from(piece);
			sinceTurn += piece.byteLength;
			if (sinceTurn >= TURN) {
				sinceTurn = 0;
				await turn();
			}
		}
	}
}
