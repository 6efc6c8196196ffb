import {sampleResponse} from '@got-client-cache/contract';
import {beforeEach, describe, expect, it} from '@jest/globals';
import type {BaseCache} from 'got-client-cache';
import {until} from '../../../test-support/until.js';
import {CHUNK_SIZE, UPLOAD_GRACE} from '../src/large-bodies.js';
import type {SQLiteBackend} from '../src/sqlite-backend.js';
import {large, largeBodiesOf, patternOf} from './large-body-samples.js';
import {temporaryPlace} from './temporary-place.js';

const place = temporaryPlace();
const KEY = 'large.1';

let backend: SQLiteBackend;
let responses: BaseCache;
let stored: ReturnType<typeof largeBodiesOf>;

beforeEach(() => {
	backend = place.open(place.path('large'));
	({responses} = backend);
	stored = largeBodiesOf(backend);
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
		await stored.age(50_000);
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
		await stored.age(60_000);
		await responses.deleteExpired(0);
		await expect(
			(async () => {
				while (!(await stream.next()).done) {}
			})(),
		).rejects.toMatchObject({code: 'ERR_CACHE_FAULT', message: expect.stringContaining(backend.path)});
		await expect(Promise.resolve(body.bytes())).rejects.toMatchObject({code: 'ERR_CACHE_FAULT'});
		expect((await responses.read(KEY))?.version).toBe(version);
		expect(await stored.chunkCount()).toBe(6);
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
		await stored.execute(orphan);
		await stored.age(UPLOAD_GRACE - 5000);
		await sweep();
		expect(await stored.chunkCount()).toBe(10);
		await stored.age(5000);
		await sweep();
		await until('it is swept up', async () => (await stored.chunkCount()) === 6);
		expect(await stored.query('SELECT removable FROM large_body')).toEqual([{removable: null}]);
		expect(large.equals(await (await responses.read(KEY))!.body.bytes())).toBe(true);
	});

	it('with a time far ahead, by a clock that was wrong, is swept up', async () => {
		await responses.size();
		await stored.execute(`INSERT INTO large_body VALUES (77, ${Date.now() + 10 * 86_400_000})`);
		await responses.deleteExpired(0);
		expect(await stored.query('SELECT * FROM large_body')).toEqual([]);
	});
});

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
		await stored.execute(damage);
		const {body} = (await responses.read(KEY))!;
		await expect(Promise.resolve(body.bytes())).rejects.toMatchObject({code: 'ERR_CACHE_FAULT'});
		expect(await responses.read(KEY)).toBeUndefined();
	});

	it('because it has a size that memory has no room for, and the last chunk of it, rejects as a fault when it is wanted whole', async () => {
		await responses.write(KEY, sampleResponse(), large);
		const size = 2 ** 45;
		const last = size / CHUNK_SIZE - 1;
		await stored.execute(`UPDATE responses SET size = ${size};
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
		await stored.execute(damage);
		expect(await responses.read(KEY)).toBeUndefined();
		expect(await responses.size()).toBe(0);
	});
});
