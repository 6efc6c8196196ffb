import {sampleResponse} from '@got-client-cache/contract';
import {beforeEach, describe, expect, it} from '@jest/globals';
import type {BaseCache, StoredBody} from 'got-client-cache';
import {CHUNK_SIZE, UPLOAD_GRACE} from '../src/large-bodies.js';
import type {SQLiteBackend} from '../src/sqlite-backend.js';
import {RawDatabase} from './raw-database.js';
import {temporaryPlace} from './temporary-place.js';

const place = temporaryPlace();
const KEY = 'large.1';

/** Bytes that differ from chunk to chunk. */
function patternOf(size: number, seed = 1): Buffer {
	const bytes = Buffer.alloc(size);
	for (let start = 0; start < size; start += 1000) {
		bytes.fill((start / 1000 + seed) & 0xff, start, Math.min(start + 1000, size));
	}
	return bytes;
}

async function* piecesOf(bytes: Uint8Array, size: number, before = async (_: number) => {}) {
	for (let start = 0; start < bytes.byteLength; start += size) {
		await before(start);
		yield bytes.subarray(start, start + size);
	}
}

async function collect(body: StoredBody): Promise<Buffer> {
	const pieces: Uint8Array[] = [];
	for await (const piece of body.stream()) {
		pieces.push(piece);
	}
	return Buffer.concat(pieces);
}

const large = patternOf(CHUNK_SIZE * 5 + 12_345);
let backend: SQLiteBackend;
let responses: BaseCache;

beforeEach(() => {
	backend = place.open(place.path('large'));
	({responses} = backend);
});

const query = (sql: string) => RawDatabase.query(backend.path, sql);
const execute = (sql: string) => RawDatabase.execute(backend.path, sql);
const chunkCount = async () => Number((await query('SELECT count(*) AS n FROM large_body_chunk'))[0]!['n']);

/** As if so much time had passed since bodies were left. */
const age = (milliseconds: number) =>
	execute(`UPDATE large_body SET removable = removable - ${milliseconds} WHERE removable IS NOT NULL`);

describe('a large body', () => {
	it.each([
		['one chunk and a byte', CHUNK_SIZE + 1],
		['two whole chunks', CHUNK_SIZE * 2],
		['many chunks', large.byteLength],
	])('of %s is given as it was written, whole or as a stream', async (_, size) => {
		const bytes = large.subarray(0, size);
		await responses.write('a.1', sampleResponse(), bytes);
		await responses.write('a.2', sampleResponse(), piecesOf(bytes, 70_000));
		await responses.write('a.3', sampleResponse(), piecesOf(bytes, size));
		for (const key of ['a.1', 'a.2', 'a.3']) {
			const {body} = (await responses.read(key))!;
			expect(body.size).toBe(size);
			expect((await collect(body)).equals(bytes)).toBe(true);
			expect(bytes.equals(await body.bytes())).toBe(true);
		}
		expect(await chunkCount()).toBe(3 * Math.ceil(size / CHUNK_SIZE));
	});

	it.each([
		['given whole', (bytes: Buffer) => bytes],
		['that comes in pieces', (bytes: Buffer) => piecesOf(bytes, 10_000)],
	])('begins behind one chunk: one of that size %s is kept with its record', async (_, given) => {
		const bytes = large.subarray(0, CHUNK_SIZE);
		await responses.write(KEY, sampleResponse(), given(bytes));
		expect(bytes.equals(await (await responses.read(KEY))!.body.bytes())).toBe(true);
		expect(await chunkCount()).toBe(0);
	});

	it('is written while it comes, and seen when it has ended', async () => {
		const seen: number[] = [];
		await responses.write(
			KEY,
			sampleResponse(),
			piecesOf(large, CHUNK_SIZE, async start => {
				expect(await responses.contains(KEY)).toBe(false);
				seen.push(start / CHUNK_SIZE - (await chunkCount()));
			}),
		);
		// The first two pieces, which tell that it is large, are all that is ever held back.
		expect(Math.max(...seen)).toBeLessThanOrEqual(2);
		expect(await responses.contains(KEY)).toBe(true);
	});

	it('is read while it is used', async () => {
		await responses.write(KEY, sampleResponse(), large);
		const stream = (await responses.read(KEY))!.body.stream()[Symbol.asyncIterator]();
		await stream.next();
		await execute(`DELETE FROM large_body_chunk WHERE (id & ${2 ** 20 - 1}) >= 2`);
		await stream.next();
		await expect(stream.next()).rejects.toMatchObject({code: 'ERR_CACHE_FAULT'});
	});

	it('can be left in the middle', async () => {
		await responses.write(KEY, sampleResponse(), large);
		for await (const _ of (await responses.read(KEY))!.body.stream()) {
			break;
		}
		await backend.close();
	});

	it('is renewed and listed without its chunks', async () => {
		const version = await responses.write(KEY, sampleResponse(), large);
		await execute("UPDATE large_body_chunk SET bytes = x'00'");
		expect(await responses.touch(KEY, version, sampleResponse({expires: 5}))).toBe(true);
		for await (const entry of responses.entries()) {
			expect(entry).toMatchObject({key: KEY, version, metadata: {expires: 5}});
		}
	});

	it('takes the place of a small one, and the other way round', async () => {
		await responses.write(KEY, sampleResponse(), Buffer.from('small'));
		await responses.write(KEY, sampleResponse(), large);
		expect(large.equals(await (await responses.read(KEY))!.body.bytes())).toBe(true);
		expect(await query('SELECT * FROM responses_small_body')).toEqual([]);
		await responses.write(KEY, sampleResponse(), Buffer.from('small again'));
		expect(Buffer.from('small again').equals(await (await responses.read(KEY))!.body.bytes())).toBe(true);
	});
});

describe('a large body that fails', () => {
	async function* failing() {
		yield* piecesOf(large, 100_000);
		throw new Error('cut off');
	}

	it('leaves what was there, and no chunk', async () => {
		const version = await responses.write(KEY, sampleResponse(), Buffer.from('earlier'));
		await expect((async () => responses.write(KEY, sampleResponse(), failing()))()).rejects.toThrow('cut off');
		expect((await responses.read(KEY))?.version).toBe(version);
		expect(await chunkCount()).toBe(0);
		expect(await query('SELECT * FROM large_body')).toEqual([]);
	});

	it('is ended when the database fails', async () => {
		let isEnded = false;
		async function* watched() {
			try {
				yield* piecesOf(large, 100_000);
			} finally {
				isEnded = true;
			}
		}
		await responses.size();
		await execute('DROP TABLE large_body_chunk');
		await expect((async () => responses.write(KEY, sampleResponse(), watched()))()).rejects.toMatchObject({
			code: 'ERR_CACHE_FAULT',
		});
		expect(isEnded).toBe(true);
	});

	it('because it was swept up meanwhile fails, and shows nothing', async () => {
		const writing = responses.write(
			KEY,
			sampleResponse(),
			piecesOf(large, CHUNK_SIZE, async start => {
				if (start === CHUNK_SIZE * 4) {
					await age(UPLOAD_GRACE);
					await responses.deleteExpired(0);
				}
			}),
		);
		await expect((async () => writing)()).rejects.toThrow(/swept up/);
		expect(await responses.contains(KEY)).toBe(false);
		expect(await chunkCount()).toBe(0);
	});
});

describe('the order of changes around a large body', () => {
	it('that is given whole is the one in which they were asked for', async () => {
		const writing = responses.write(KEY, sampleResponse(), large);
		const deleting = responses.delete(KEY);
		const again = responses.write(KEY, sampleResponse(), Buffer.from('later'));
		await Promise.all([writing, again]);
		expect(await deleting).toBe(true);
		expect((await responses.read(KEY))?.body.size).toBe(5);
	});

	it('puts clear behind it, and lets others by', async () => {
		const ends: string[] = [];
		await Promise.all([
			Promise.resolve(responses.write(KEY, sampleResponse(), large)).then(() => ends.push('large')),
			Promise.resolve(responses.write('small.1', sampleResponse(), Buffer.from('x'))).then(() => ends.push('small')),
			Promise.resolve(responses.clear()).then(() => ends.push('clear')),
		]);
		expect(ends).toEqual(['small', 'large', 'clear']);
		expect(await responses.size()).toBe(0);
	});

	it('lets closing wait for one that is given whole', async () => {
		const writing = responses.write(KEY, sampleResponse(), large);
		await backend.close();
		await writing;
		const again = place.open(backend.path);
		expect(large.equals(await (await again.responses.read(KEY))!.body.bytes())).toBe(true);
	});

	it('does not let closing wait for one that is still coming', async () => {
		let close: Promise<void> | undefined;
		const writing = responses.write(
			KEY,
			sampleResponse(),
			piecesOf(large, CHUNK_SIZE, async start => {
				if (start === CHUNK_SIZE * 3) {
					close = backend.close();
					await close;
				}
			}),
		);
		await expect((async () => writing)()).rejects.toMatchObject({code: 'ERR_CACHE_CLOSED'});
		const again = place.open(backend.path);
		expect(await again.responses.size()).toBe(0);
	});
});

describe('a large body whose record has gone', () => {
	it.each<[string, () => unknown]>([
		['replaced by another large one', () => responses.write(KEY, sampleResponse(), patternOf(large.byteLength, 99))],
		['replaced by a small one', () => responses.write(KEY, sampleResponse(), Buffer.from('later'))],
		['removed', () => responses.delete(KEY)],
		['cleared', () => responses.clear()],
	])('because it was %s can be read to its end, for a minute', async (_, change) => {
		await responses.write(KEY, sampleResponse(), large);
		const {body} = (await responses.read(KEY))!;
		const stream = body.stream()[Symbol.asyncIterator]();
		const pieces = [(await stream.next()).value as Uint8Array];
		await change();
		await age(50_000);
		await responses.deleteExpired(0);
		for (let next = await stream.next(); !next.done; next = await stream.next()) {
			pieces.push(next.value);
		}
		expect(Buffer.concat(pieces).equals(large)).toBe(true);
		expect(large.equals(await body.bytes())).toBe(true);
	});

	it('longer than that ago fails while it is read, and never gives the bytes of another', async () => {
		await responses.write(KEY, sampleResponse(), large);
		const {body} = (await responses.read(KEY))!;
		const stream = body.stream()[Symbol.asyncIterator]();
		await stream.next();
		const version = await responses.write(KEY, sampleResponse(), patternOf(large.byteLength, 99));
		await age(60_000);
		await responses.deleteExpired(0);
		await expect(
			(async () => {
				while (!(await stream.next()).done) {}
			})(),
		).rejects.toMatchObject({code: 'ERR_CACHE_FAULT', message: expect.stringContaining(backend.path)});
		await expect(Promise.resolve(body.bytes())).rejects.toMatchObject({code: 'ERR_CACHE_FAULT'});
		expect((await responses.read(KEY))?.version).toBe(version);
		expect(await chunkCount()).toBe(6);
	});
});

describe('what is left of large bodies', () => {
	it.each<[string, () => Promise<unknown>]>([
		['when the database is opened and changed', async () => place.open(backend.path).responses.delete('x.1')],
		['by deleteExpired', async () => responses.deleteExpired(0)],
		['by vacuum', async () => backend.vacuum()],
	])('by a writer that died is swept up %s, not before its time', async (_, sweep) => {
		await responses.write(KEY, sampleResponse(), large);
		// As a writer leaves it that is killed before its body ends.
		const orphan = `INSERT INTO large_body VALUES (77, ${Date.now() + UPLOAD_GRACE});
			INSERT INTO large_body_chunk SELECT (77 << 20) + (id & 3), bytes FROM large_body_chunk WHERE (id & ${2 ** 20 - 1}) < 4`;
		await execute(orphan);
		await age(UPLOAD_GRACE - 5000);
		await sweep();
		expect(await chunkCount()).toBe(10);
		await age(5000);
		await sweep();
		await until(async () => (await chunkCount()) === 6);
		expect(await query('SELECT removable FROM large_body')).toEqual([{removable: null}]);
		expect(large.equals(await (await responses.read(KEY))!.body.bytes())).toBe(true);
	});

	it('with a time far ahead, by a clock that was wrong, is swept up', async () => {
		await responses.size();
		await execute(`INSERT INTO large_body VALUES (77, ${Date.now() + 10 * 86_400_000})`);
		await responses.deleteExpired(0);
		expect(await query('SELECT * FROM large_body')).toEqual([]);
	});
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
	const deadline = performance.now() + 10_000;
	while (!(await isSo())) {
		if (performance.now() > deadline) {
			throw new Error('it does not happen');
		}
		await new Promise(resolve => setTimeout(resolve, 5));
	}
}

describe('a large body that is damaged', () => {
	const first = '(SELECT min(id) FROM large_body_chunk)';

	it.each([
		['a chunk is gone', `DELETE FROM large_body_chunk WHERE id = ${first} + 2`],
		['the last chunk is gone', `DELETE FROM large_body_chunk WHERE id = ${first} + 5`],
		['a chunk is short', `UPDATE large_body_chunk SET bytes = x'00' WHERE id = ${first} + 1`],
		['a chunk is a text', `UPDATE large_body_chunk SET bytes = 'text' WHERE id = ${first}`],
		['all chunks are gone', 'DELETE FROM large_body_chunk'],
		['its size is one that nobody has room for', `UPDATE responses SET size = ${2 ** 50}`],
	])('because %s fails, and its record is removed', async (_, damage) => {
		await responses.write(KEY, sampleResponse(), large);
		await execute(damage);
		const {body} = (await responses.read(KEY))!;
		await expect(Promise.resolve(body.bytes())).rejects.toMatchObject({code: 'ERR_CACHE_FAULT'});
		expect(await responses.read(KEY)).toBeUndefined();
	});

	it('because it has a size that memory has no room for, and the last chunk of it, rejects as a fault when it is wanted whole', async () => {
		await responses.write(KEY, sampleResponse(), large);
		const size = 2 ** 45;
		const last = size / CHUNK_SIZE - 1;
		await execute(`UPDATE responses SET size = ${size};
			INSERT INTO large_body_chunk SELECT large * ${2 ** 20} + ${last}, zeroblob(${CHUNK_SIZE}) FROM responses`);
		const {body} = (await responses.read(KEY))!;
		await expect(Promise.resolve(body.bytes())).rejects.toMatchObject({code: 'ERR_CACHE_FAULT'});
	});

	it.each([
		['a size that is none', `UPDATE responses SET size = 'x'`],
		['a size of nothing', 'UPDATE responses SET size = 0'],
		['a size below nothing', 'UPDATE responses SET size = -1'],
	])('because it has %s counts as none, and is removed', async (_, damage) => {
		await responses.write(KEY, sampleResponse(), large);
		await execute(damage);
		expect(await responses.read(KEY)).toBeUndefined();
		expect(await responses.size()).toBe(0);
	});
});
