import {sampleResponse} from '@got-client-cache/contract';
import {beforeEach, describe, expect, it} from '@jest/globals';
import type {BaseCache} from 'got-client-cache';
import {CHUNK_SIZE, UPLOAD_GRACE} from '../src/large-bodies.js';
import type {SQLiteBackend} from '../src/sqlite-backend.js';
import {collect, large, largeBodiesOf, piecesOf} from './large-body-samples.js';
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
		expect(await stored.chunkCount()).toBe(3 * Math.ceil(size / CHUNK_SIZE));
	});

	it.each([
		['given whole', (bytes: Buffer) => bytes],
		['that comes in pieces', (bytes: Buffer) => piecesOf(bytes, 10_000)],
	])('begins behind one chunk: one of that size %s is kept with its record', async (_, given) => {
		const bytes = large.subarray(0, CHUNK_SIZE);
		await responses.write(KEY, sampleResponse(), given(bytes));
		expect(bytes.equals(await (await responses.read(KEY))!.body.bytes())).toBe(true);
		expect(await stored.chunkCount()).toBe(0);
	});

	it('is written while it comes, and seen when it has ended', async () => {
		const seen: number[] = [];
		await responses.write(
			KEY,
			sampleResponse(),
			piecesOf(large, CHUNK_SIZE, async start => {
				expect(await responses.contains(KEY)).toBe(false);
				seen.push(start / CHUNK_SIZE - (await stored.chunkCount()));
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
		await stored.execute(`DELETE FROM large_body_chunk WHERE (id & ${2 ** 20 - 1}) >= 2`);
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
		await stored.execute("UPDATE large_body_chunk SET bytes = x'00'");
		expect(await responses.touch(KEY, version, sampleResponse({expires: 5}))).toBe(true);
		for await (const entry of responses.entries()) {
			expect(entry).toMatchObject({key: KEY, version, metadata: {expires: 5}});
		}
	});

	it('takes the place of a small one, and the other way round', async () => {
		await responses.write(KEY, sampleResponse(), Buffer.from('small'));
		await responses.write(KEY, sampleResponse(), large);
		expect(large.equals(await (await responses.read(KEY))!.body.bytes())).toBe(true);
		expect(await stored.query('SELECT * FROM responses_small_body')).toEqual([]);
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
		expect(await stored.chunkCount()).toBe(0);
		expect(await stored.query('SELECT * FROM large_body')).toEqual([]);
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
		await stored.execute('DROP TABLE large_body_chunk');
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
					await stored.age(UPLOAD_GRACE);
					await responses.deleteExpired(0);
				}
			}),
		);
		await expect((async () => writing)()).rejects.toThrow(/swept up/);
		expect(await responses.contains(KEY)).toBe(false);
		expect(await stored.chunkCount()).toBe(0);
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
