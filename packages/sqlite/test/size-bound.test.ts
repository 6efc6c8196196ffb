import {sampleHop, sampleResponse} from '@got-client-cache/contract';
import {afterEach, describe, expect, it, jest} from '@jest/globals';
import type {BaseCache} from 'got-client-cache';
import {CHUNK_SIZE} from '../src/large-bodies.js';
import {RawDatabase} from './raw-database.js';
import {temporaryPlace} from './temporary-place.js';

const place = temporaryPlace();
afterEach(() => {
	jest.restoreAllMocks();
});
const body = Buffer.alloc(10_000, 1);
/** What a record of that body takes, more or less. */
const ONE = 10_800;

async function keysOf(cache: BaseCache): Promise<string[]> {
	const keys: string[] = [];
	for await (const key of cache.keys()) {
		keys.push(key);
	}
	return keys;
}

const bytesOf = async (file: string) =>
	(await RawDatabase.query(file, `SELECT value FROM cache_state WHERE name = 'bytes'`))[0]!['value'];
const sumOf = async (file: string) =>
	(
		await RawDatabase.query(
			file,
			'SELECT sum(cost) AS sum FROM (SELECT cost FROM responses UNION ALL SELECT cost FROM redirects)',
		)
	)[0]!['sum'] ?? 0;

describe('with maxBytes', () => {
	it('the records used longest ago make room, and a read is a use', async () => {
		const {responses} = place.open(place.path('bound'), {maxBytes: 3 * ONE});
		for (const key of ['a.1', 'b.1', 'c.1']) {
			await responses.write(key, sampleResponse(), body);
		}
		await responses.read('a.1');
		await responses.write('d.1', sampleResponse(), body);
		expect(await keysOf(responses)).toEqual(['a.1', 'c.1', 'd.1']);
		await responses.write('c.1', sampleResponse(), body);
		await responses.write('e.1', sampleResponse(), body);
		expect(await keysOf(responses)).toEqual(['c.1', 'd.1', 'e.1']);
	});

	it('both caches count together', async () => {
		const {responses, redirects} = place.open(place.path('bound'), {maxBytes: 3 * ONE});
		await redirects.write('a.1', sampleHop(), body);
		await responses.write('b.1', sampleResponse(), body);
		await redirects.write('c.1', sampleHop(), body);
		await responses.write('d.1', sampleResponse(), body);
		expect([await keysOf(responses), await keysOf(redirects)]).toEqual([['b.1', 'd.1'], ['c.1']]);
	});

	it('what is written together is never more when it is written', async () => {
		const {path: file, responses} = place.open(place.path('bound'), {maxBytes: 20 * ONE});
		for (let round = 0; round < 5; round++) {
			await Promise.all(
				Array.from({length: 30}, (_, index) => responses.write(`a.${round}-${index}`, sampleResponse(), body)),
			);
			expect(await bytesOf(file)).toBeLessThanOrEqual(20 * ONE);
			expect(await bytesOf(file)).toBeGreaterThan(17 * ONE);
		}
	});

	it('records without bodies count too', async () => {
		const {responses} = place.open(place.path('bound'), {maxBytes: 20_000});
		for (let index = 0; index < 100; index++) {
			await responses.write(`a.${index}`, sampleResponse(), new Uint8Array());
		}
		expect(await responses.size()).toBeLessThan(50);
		expect(await responses.size()).toBeGreaterThan(10);
	});

	it.each([
		['a small body', 30_000],
		['a large body', CHUNK_SIZE * 3],
	])(
		'a record with %s that is larger is not kept, nor what it would have replaced, and nothing makes room for it',
		async (_, size) => {
			const {path: file, responses} = place.open(place.path('bound'), {maxBytes: 2 * ONE});
			const pieces = async function* () {
				for (let left = size; left > 0; left -= 1000) {
					yield Buffer.alloc(1000);
				}
			};
			for (const given of [Buffer.alloc(size), pieces()]) {
				await responses.write('a.1', sampleResponse(), body);
				await responses.write('b.1', sampleResponse(), Buffer.from('small'));
				expect(await responses.write('a.1', sampleResponse(), given)).toEqual(expect.any(String));
				expect(await keysOf(responses)).toEqual(['b.1']);
			}
			expect(await RawDatabase.query(file, 'SELECT * FROM large_body_chunk')).toEqual([]);
		},
	);

	it('of zero, nothing is kept', async () => {
		const {responses} = place.open(place.path('bound'), {maxBytes: 0});
		await responses.write('a.1', sampleResponse(), new Uint8Array());
		expect(await responses.size()).toBe(0);
	});

	it('large bodies make room too, and their chunks go at once', async () => {
		const size = CHUNK_SIZE * 2;
		const {path: file, responses} = place.open(place.path('bound'), {maxBytes: size * 3});
		for (let index = 0; index < 10; index++) {
			await responses.write(`a.${index}`, sampleResponse(), Buffer.alloc(size));
		}
		expect(await keysOf(responses)).toEqual(['a.8', 'a.9']);
		await responses.deleteExpired(0);
		expect(await RawDatabase.query(file, 'SELECT count(*) AS n FROM large_body_chunk')).toEqual([{n: 4}]);
	});

	it('uses are known to the next process', async () => {
		const file = place.path('bound');
		const first = place.open(file, {maxBytes: 3 * ONE});
		for (const key of ['a.1', 'b.1', 'c.1']) {
			await first.responses.write(key, sampleResponse(), body);
		}
		await first.close();
		const second = place.open(file, {maxBytes: 3 * ONE});
		await second.responses.read('a.1');
		await second.close();
		const third = place.open(file, {maxBytes: 3 * ONE});
		await third.responses.write('d.1', sampleResponse(), body);
		expect(await keysOf(third.responses)).toEqual(['a.1', 'c.1', 'd.1']);
	});

	it('what another process has written meanwhile is counted', async () => {
		const file = place.path('bound');
		const first = place.open(file, {maxBytes: 3 * ONE});
		const second = place.open(file, {maxBytes: 3 * ONE});
		for (let index = 0; index < 4; index++) {
			await first.responses.write(`a.${index}`, sampleResponse(), body);
			await second.responses.write(`b.${index}`, sampleResponse(), body);
		}
		// Each looks again when it has itself written a little.
		expect(await second.responses.size()).toBeLessThanOrEqual(6);
		for (let index = 4; index < 9; index++) {
			await first.responses.write(`a.${index}`, sampleResponse(), body);
		}
		expect(await first.responses.size()).toBe(3);
	});

	it('those whose time of use has not come yet go first, as a clock that was wrong leaves them', async () => {
		const {path: file, responses} = place.open(place.path('bound'), {maxBytes: 4 * ONE});
		for (const key of ['a.1', 'b.1', 'c.1', 'd.1']) {
			await responses.write(key, sampleResponse(), body);
		}
		await RawDatabase.execute(file, `UPDATE responses SET used = used + 1e15 WHERE key IN ('b.1', 'c.1')`);
		await responses.write('e.1', sampleResponse(), body);
		await responses.write('f.1', sampleResponse(), body);
		expect(await keysOf(responses)).toEqual(['a.1', 'd.1', 'e.1', 'f.1']);
	});

	it('metadata that is renewed counts too', async () => {
		const {path: file, responses} = place.open(place.path('bound'));
		const version = await responses.write('a.1', sampleResponse(), body);
		const before = Number(await bytesOf(file));
		await responses.touch('a.1', version, sampleResponse({statusMessage: 'x'.repeat(5000)}));
		expect(Number(await bytesOf(file))).toBeGreaterThan(before + 4900);
		expect(await bytesOf(file)).toBe(await sumOf(file));
		await responses.touch('a.1', version, sampleResponse());
		expect(await bytesOf(file)).toBe(before);
	});

	it('that has become far smaller, a write makes some room, and the next ones more', async () => {
		const file = place.path('bound');
		const first = place.open(file);
		for (let start = 0; start < 10_000; start += 500) {
			const keys = Array.from({length: 500}, (_, index) => `a.${start + index}`);
			await Promise.all(keys.map(key => first.responses.write(key, sampleResponse(), new Uint8Array())));
		}
		await first.close();
		const {responses} = place.open(file, {maxBytes: 100_000});
		await responses.write('b.1', sampleResponse(), new Uint8Array());
		expect(await responses.size()).toBe(10_001 - 40 * 200);
		await responses.write('b.2', sampleResponse(), new Uint8Array());
		expect(await responses.size()).toBeLessThan(200);
	}, 30_000);

	it('uses that cannot be written down are tried once at a time, however much is read', async () => {
		const {path: file, responses, database} = place.open(place.path('bound'), {maxBytes: 3 * ONE, busyTimeout: 300});
		await responses.write('a.1', sampleResponse(), body);
		await responses.write('b.1', sampleResponse(), body);
		// Due at once.
		jest.spyOn(database.bound, 'isDue', 'get').mockReturnValue(true);
		const other = await RawDatabase.open(file);
		await other.execute('BEGIN IMMEDIATE');
		const change = jest.spyOn(database, 'change');
		for (let round = 0; round < 200; round++) {
			await responses.read('a.1');
		}
		expect(change.mock.calls.length).toBeGreaterThan(0);
		expect(change.mock.calls.length).toBeLessThan(20);
		await other.execute('COMMIT');
		await other.close();
	});

	it('a read writes nothing', async () => {
		const {path: file, responses} = place.open(place.path('bound'), {maxBytes: 3 * ONE});
		await responses.write('a.1', sampleResponse(), body);
		await responses.write('b.1', sampleResponse(), body);
		const used = await RawDatabase.query(file, 'SELECT used FROM responses');
		for (let round = 0; round < 20; round++) {
			await responses.read('a.1');
		}
		expect(await RawDatabase.query(file, 'SELECT used FROM responses')).toEqual(used);
	});
});

describe('without a bound', () => {
	it('everything is kept, and counted all the same', async () => {
		const {path: file, responses, redirects} = place.open(place.path('bound'), {maxBytes: Number.POSITIVE_INFINITY});
		const expectCounted = async () => expect(await bytesOf(file)).toBe(await sumOf(file));
		await Promise.all(
			['a.1', 'b.1', 'c.1', 'd.1'].map(key => responses.write(key, sampleResponse({expires: 5}), body)),
		);
		await redirects.write('a.1', sampleHop(), Buffer.from('x'));
		await expectCounted();
		await responses.write('a.1', sampleResponse(), Buffer.alloc(CHUNK_SIZE * 2));
		await expectCounted();
		await responses.write('a.1', sampleResponse(), Buffer.from('x'));
		await responses.delete('b.1');
		await expectCounted();
		await responses.bulkDelete(['c.1', 'x.1']);
		await responses.deleteExpired(5);
		await expectCounted();
		await responses.clear();
		await redirects.clear();
		expect(await bytesOf(file)).toBe(0);
	});
});
