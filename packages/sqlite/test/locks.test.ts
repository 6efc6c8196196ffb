import {sampleHop, sampleResponse} from '@got-client-cache/contract';
import {afterEach, beforeEach, describe, expect, it, jest} from '@jest/globals';
import type {SQLiteBackend} from '../src/sqlite-backend.js';
import {RawDatabase} from './raw-database.js';
import {temporaryPlace} from './temporary-place.js';
import {spyOnDriver} from './tested-driver.js';

const place = temporaryPlace();
const body = Buffer.from('body');

async function until(isSo: () => boolean): Promise<void> {
	while (!isSo()) {
		await new Promise(resolve => setImmediate(resolve));
	}
}

describe('while another connection holds the lock for writing', () => {
	let file: string;
	let other: RawDatabase;

	beforeEach(async () => {
		const backend = place.open(place.path('locked'));
		await backend.responses.write('a.1', sampleResponse(), body);
		({path: file} = backend);
		other = await RawDatabase.open(file);
		await other.execute('BEGIN IMMEDIATE');
	});

	afterEach(() => other.close());

	const open = (busyTimeout?: number): SQLiteBackend => place.open(file, {busyTimeout});

	it('reads and lists go on, behind writes that wait', async () => {
		const {responses, redirects} = open();
		await responses.size();
		const writes = ['a.2', 'a.3', 'a.4', 'a.5', 'a.6'].map(key => responses.write(key, sampleResponse(), body));
		expect((await responses.read('a.1'))?.body.bytes()).toEqual(body);
		expect(await redirects.read('a.1')).toBeUndefined();
		expect(await responses.size()).toBe(1);
		await other.execute('COMMIT');
		await Promise.all(writes);
		expect(await responses.size()).toBe(6);
	});

	it('changes wait, and happen in the order in which they were asked for', async () => {
		const {responses} = open();
		const {version} = (await responses.read('a.1'))!;
		const changes = Promise.all([
			responses.touch('a.1', version, sampleHop()),
			responses.write('a.1', sampleResponse(), Buffer.from('later')),
			responses.write('a.2', sampleResponse(), body),
			responses.delete('a.2'),
			responses.touch('a.1', version, sampleHop()),
		]);
		await other.execute('COMMIT');
		expect(await changes).toEqual([true, expect.any(String), expect.any(String), true, false]);
		expect((await responses.read('a.1'))?.body.bytes()).toEqual(Buffer.from('later'));
		expect(await responses.contains('a.2')).toBe(false);
	});

	it('changes reject when the lock is held for too long, all of them by then', async () => {
		const {responses} = open(60);
		await responses.size();
		const begin = performance.now();
		const outcomes = await Promise.allSettled(
			['a.2', 'a.3', 'a.4', 'a.5', 'a.6'].map(key => responses.write(key, sampleResponse(), body)),
		);
		expect(performance.now() - begin).toBeLessThan(5 * 60);
		for (const outcome of outcomes) {
			expect(outcome).toMatchObject({status: 'rejected', reason: {code: 'ERR_CACHE_FAULT'}});
		}
		await other.execute('COMMIT');
		await responses.write('a.7', sampleResponse(), body);
		expect(await responses.contains('a.7')).toBe(true);
		expect(await responses.contains('a.2')).toBe(false);
	});

	it('a change that could not have it does not keep later reads at the old state', async () => {
		const {responses} = open(60);
		await expect(responses.write('a.2', sampleResponse(), body)).rejects.toMatchObject({code: 'ERR_CACHE_FAULT'});
		expect((await responses.read('a.1'))?.body.bytes()).toEqual(body);
		await other.execute('DELETE FROM responses; COMMIT');
		expect(await responses.read('a.1')).toBeUndefined();
	});

	it('a change that waits for it does not keep reads at the old state', async () => {
		const {responses} = open();
		await responses.size();
		const write = responses.write('a.2', sampleResponse(), body);
		for (let round = 0; round < 50; round++) {
			await other.execute(`UPDATE responses SET version = '${round}'; COMMIT; BEGIN IMMEDIATE`);
			expect((await responses.read('a.1'))?.version).toBe(String(round));
		}
		await other.execute('COMMIT');
		await write;
	});

	it('closing waits for the changes that wait', async () => {
		const backend = open();
		await backend.responses.size();
		const write = backend.responses.write('a.2', sampleResponse(), body);
		const closed = backend.close();
		await other.execute('COMMIT');
		await Promise.all([write, closed]);
		expect(await open().responses.contains('a.2')).toBe(true);
	});
});

describe('clear', () => {
	it('removes what was there when it was called, a few at a time, and nothing that was written after', async () => {
		const {path: file, responses, redirects} = place.open(place.path('clear'));
		const keys = Array.from({length: 1001}, (_, index) => `a.${index}`);
		await Promise.all(keys.map(key => responses.write(key, sampleResponse(), body)));
		await redirects.write('a.1', sampleResponse(), body);
		const other = await RawDatabase.open(file);
		const cleared = responses.clear();
		const written = responses.write('a.0', sampleResponse(), Buffer.from('new'));
		// In the middle, others can take the lock, and for a while.
		let left = 0;
		await until(() => {
			void other
				.query('SELECT count(*) AS n FROM responses')
				.then(([row]) => {
					left = Number(row?.['n']);
				})
				.catch(() => undefined);
			return left > 0 && left < 1001;
		});
		await Promise.all([cleared, written]);
		await other.close();
		expect(left % 250).toBe(1);
		expect(await responses.size()).toBe(1);
		expect((await responses.read('a.0'))?.body.size).toBe(3);
		expect(await redirects.size()).toBe(1);
	});

	it('of an empty cache does nothing', async () => {
		const {responses} = place.open(place.path('clear'));
		await responses.clear();
		expect(await responses.size()).toBe(0);
	});
});

describe('a database that is new', () => {
	afterEach(() => {
		jest.restoreAllMocks();
	});

	it('is made when another process lets go of the empty file', async () => {
		const file = place.path('new.sqlite');
		const other = await RawDatabase.open(file);
		await other.execute('BEGIN EXCLUSIVE');
		const {responses} = place.open(file);
		const prepare = spyOnDriver('prepare');
		const write = responses.write('a.1', sampleResponse(), body);
		await until(() => prepare.mock.calls.length > 2);
		await other.execute('ROLLBACK');
		await write;
		await other.close();
		expect(await responses.size()).toBe(1);
	});

	it('is not made again where another process was faster', async () => {
		const model = place.open(place.path('model'));
		await model.responses.size();
		const schema = await RawDatabase.query(model.path, 'SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL');
		const file = place.path('new.sqlite');
		const other = await RawDatabase.open(file);
		await other.execute('BEGIN IMMEDIATE');
		const {responses} = place.open(file);
		const execute = spyOnDriver('exec');
		const write = responses.write('a.1', sampleResponse(), body);
		// By then it has seen an empty database, and waits for the lock.
		await until(() => execute.mock.calls.filter(([sql]) => /auto_vacuum|BEGIN IMMEDIATE/.test(sql)).length > 2);
		await other.execute(`${schema.map(({sql}) => sql).join(';')}; PRAGMA application_id = ${0x47434348}`);
		await other.execute('PRAGMA user_version = 2; COMMIT');
		await write;
		await other.close();
		expect(await responses.size()).toBe(1);
	});
});
