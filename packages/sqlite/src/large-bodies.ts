import {randomInt} from 'node:crypto';
import {piecesOf} from 'got-client-cache';
import type {Parameter, Row} from './connection.js';
import {CHUNK_SLOTS} from './tables.js';

/** Bytes of a chunk; only the last one of a body may have fewer. Bodies of more than this are kept in chunks. */
export const CHUNK_SIZE = 256 * 1024;

/** Milliseconds for which a body that is being written may stand still; then whoever cleans up may take it for one whose writer has died. */
export const UPLOAD_GRACE = 600_000;

/** Milliseconds after which a body that is being written says again that it is. */
const HEARTBEAT = 60_000;

/** A body whose time to be removed lies further ahead than this has it from a clock that was wrong. */
const CLOCK_TRUST = 86_400_000;

/** Chunks that are removed by one statement: others get their turn in between. */
const SWEEP_BATCH = 8;

const BEGIN = 'INSERT INTO large_body (id, removable) VALUES (?, ?)';
const PUT = 'INSERT INTO large_body_chunk (id, bytes) SELECT ?, ? FROM large_body WHERE id = ? AND removable > 0';
const BEAT = 'UPDATE large_body SET removable = ? WHERE id = ? AND removable > 0';
const GET = 'SELECT bytes FROM large_body_chunk WHERE id = ?';
const FIND_REMOVABLE = 'SELECT id FROM large_body WHERE removable <= ? OR removable > ? LIMIT 1';
const CONDEMN = 'UPDATE large_body SET removable = 0 WHERE id = ? AND (removable <= ? OR removable > ?)';
const ABANDON = 'UPDATE large_body SET removable = 0 WHERE id = ? AND removable > 0';
const REMOVE_CHUNKS = `DELETE FROM large_body_chunk WHERE id IN (SELECT id FROM large_body_chunk WHERE id >= ? AND id < ? LIMIT ${SWEEP_BATCH})`;
const REMOVE = 'DELETE FROM large_body WHERE id = ? AND removable = 0';

/** What large bodies need of a database. */
export interface StatementRunner {
	/** The rows of a query. */
	all(sql: string, parameters: readonly Parameter[]): Promise<readonly Row[]>;
	/** Changes the database, in turn; resolves to the number of rows changed. */
	run(sql: string, parameters: readonly Parameter[]): Promise<number>;
}

/** Where the chunks of a body are, and how many bytes they have. */
export interface LargeBody {
	readonly id: number;
	readonly size: number;
}

/**
 * Writes a body chunk by chunk, never holding more than one and what the body gives at a time. It belongs to no record yet;
 * if none takes it, it is swept up after {@link UPLOAD_GRACE}, and at once if the body fails.
 *
 * @param maxSize of a larger body nothing is kept
 * @returns `undefined` where the body is larger than `maxSize`
 */
export async function storeLargeBody(
	database: StatementRunner,
	body: Uint8Array | AsyncIterable<Uint8Array>,
	maxSize: number,
): Promise<LargeBody | undefined> {
	// Random, so that an id is not used again while somebody may still be reading what it stood for.
	const id = randomInt(1, 2 ** 32);
	let beat = Date.now();
	await database.run(BEGIN, [id, beat + UPLOAD_GRACE]);
	try {
		let size = 0;
		let count = 0;
		for await (const chunk of piecesOf(body, CHUNK_SIZE)) {
			size += chunk.byteLength;
			if (size > maxSize || count === CHUNK_SLOTS) {
				await abandonLargeBody(database, id);
				return undefined;
			}
			if ((await database.run(PUT, [id * CHUNK_SLOTS + count++, chunk, id])) === 0) {
				throw new Error('its body took too long and was swept up');
			}
			if (Date.now() - beat >= HEARTBEAT) {
				beat = Date.now();
				await database.run(BEAT, [beat + UPLOAD_GRACE, id]);
			}
		}
		return {id, size};
	} catch (error) {
		await abandonLargeBody(database, id);
		throw error;
	}
}

/** Removes a body that no record will have. What cannot be removed now is swept up later. */
export async function abandonLargeBody(database: StatementRunner, id: number): Promise<void> {
	try {
		if ((await database.run(ABANDON, [id])) > 0) {
			await removeChunks(database, id);
		}
	} catch {
		// The fault that matters is the one that led here.
	}
}

/** Chunk `index` of a body; `undefined`: it is gone, or no chunk. */
export async function readChunk(database: StatementRunner, id: number, index: number): Promise<Uint8Array | undefined> {
	const [row] = await database.all(GET, [id * CHUNK_SLOTS + index]);
	const bytes = row?.['bytes'];
	return bytes instanceof Uint8Array ? bytes : undefined;
}

/**
 * Removes bodies that belong to no record any more, or whose writers have died, a few chunks at a time. Several processes may do this at once.
 *
 * @param now epoch milliseconds
 */
export async function sweepLargeBodies(database: StatementRunner, now: number): Promise<void> {
	const due = [now, now + CLOCK_TRUST];
	for (;;) {
		const [row] = await database.all(FIND_REMOVABLE, due);
		if (row === undefined) {
			return;
		}
		const id = Number(row['id']);
		// From here on nobody adds a chunk to it, and no record can take it.
		if ((await database.run(CONDEMN, [id, ...due])) === 0) {
			// Whoever writes it has said so meanwhile, or has taken it. What else there is can wait until the next time.
			return;
		}
		await removeChunks(database, id);
	}
}

async function removeChunks(database: StatementRunner, id: number): Promise<void> {
	const range = [id * CHUNK_SLOTS, (id + 1) * CHUNK_SLOTS];
	let removed: number;
	do {
		removed = await database.run(REMOVE_CHUNKS, range);
	} while (removed === SWEEP_BATCH);
	await database.run(REMOVE, [id]);
}
