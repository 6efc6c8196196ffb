import type {StoredBody} from 'got-client-cache';
import {CHUNK_SIZE} from '../src/large-bodies.js';
import type {SQLiteBackend} from '../src/sqlite-backend.js';
import {RawDatabase} from './raw-database.js';

/** Bytes that differ from chunk to chunk. */
export function patternOf(size: number, seed = 1): Buffer {
	const bytes = Buffer.alloc(size);
	for (let start = 0; start < size; start += 1000) {
		bytes.fill((start / 1000 + seed) & 0xff, start, Math.min(start + 1000, size));
	}
	return bytes;
}

/** Bytes in pieces. @param before - called before each of them, with where it begins */
export async function* piecesOf(bytes: Uint8Array, size: number, before = async (_: number) => {}) {
	for (let start = 0; start < bytes.byteLength; start += size) {
		await before(start);
		yield bytes.subarray(start, start + size);
	}
}

/** What is read of a body piece by piece. */
export async function collect(body: StoredBody): Promise<Buffer> {
	const pieces: Uint8Array[] = [];
	for await (const piece of body.stream()) {
		pieces.push(piece);
	}
	return Buffer.concat(pieces);
}

/** A body of six chunks, the last of them not full. */
export const large = patternOf(CHUNK_SIZE * 5 + 12_345);

/** What is in a database of large bodies. */
export function largeBodiesOf(backend: SQLiteBackend) {
	const query = (sql: string) => RawDatabase.query(backend.path, sql);
	const execute = (sql: string) => RawDatabase.execute(backend.path, sql);
	return {
		query,
		execute,
		chunkCount: async () => Number((await query('SELECT count(*) AS n FROM large_body_chunk'))[0]!['n']),
		/** As if so much time had passed since bodies were left. */
		age: (milliseconds: number) =>
			execute(`UPDATE large_body SET removable = removable - ${milliseconds} WHERE removable IS NOT NULL`),
	};
}
