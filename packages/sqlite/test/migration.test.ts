import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {copyFileSync, statSync} from 'node:fs';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {sampleHop, sampleResponse} from '@got-client-cache/contract';
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals';
import {MIGRATIONS} from '../src/migrations.js';
import {APPLICATION_ID, SCHEMA_VERSION} from '../src/schema.js';
import {bytesBeside, RawDatabase} from './raw-database.js';
import {temporaryPlace} from './temporary-place.js';
import {makeVersion1, writeVersion1} from './version-1.js';

const place = temporaryPlace();
const hop = sampleHop();
const large = 3_000_000;

const records = [
	writeVersion1('responses', 'a.1', 'v1', sampleResponse({expires: 5000}), "x'616263'"),
	writeVersion1('responses', 'a.2', 'v2', sampleResponse({url: "http://x/'"}), "x''"),
	writeVersion1('responses', 'a.3', 'v3', sampleResponse(), `zeroblob(${large})`),
	writeVersion1('redirects', 'a.1', 'v4', hop, "x'00ff'"),
];

let file: string;

beforeEach(async () => {
	file = place.path('version-1.sqlite');
	await makeVersion1(file, records);
});

const versionOf = async () => (await RawDatabase.query(file, 'PRAGMA user_version'))[0]!['user_version'];

/** Everything of the fixture is there, as it was written. */
async function expectRecords(): Promise<void> {
	const {responses, redirects} = place.open(file);
	const first = (await responses.read('a.1'))!;
	expect(first).toMatchObject({version: 'v1', metadata: sampleResponse({expires: 5000})});
	expect(Buffer.from(await first.body.bytes()).toString()).toBe('abc');
	expect(await responses.read('a.2')).toMatchObject({version: 'v2', metadata: {url: "http://x/'"}, body: {size: 0}});
	const third = (await responses.read('a.3'))!;
	expect(third).toMatchObject({version: 'v3', body: {size: large}});
	expect(Buffer.alloc(large).equals(await third.body.bytes())).toBe(true);
	const fourth = (await redirects.read('a.1'))!;
	expect(fourth).toMatchObject({version: 'v4', metadata: hop});
	expect(Buffer.from(await fourth.body.bytes())).toEqual(Buffer.from([0, 255]));
}

describe('a database of version 1', () => {
	it('is brought to the present version, with everything in it', async () => {
		await expectRecords();
		expect(await versionOf()).toBe(SCHEMA_VERSION);
		expect(await RawDatabase.query(file, 'PRAGMA integrity_check')).toEqual([{integrity_check: 'ok'}]);
	});

	it('has the same tables then as a new one', async () => {
		await place.open(file).responses.size();
		const fresh = place.open(place.path('new'));
		await fresh.responses.size();
		const schema = `SELECT type, name, tbl_name, replace(sql, '"', '') AS sql FROM sqlite_schema ORDER BY type, name`;
		const tables = await RawDatabase.query(file, schema);
		expect(tables).toEqual(await RawDatabase.query(fresh.path, schema));
		expect(tables.length).toBeGreaterThan(20);
	});

	it('works then as a new one: records are replaced, renewed, expire and are counted', async () => {
		const {responses, redirects} = place.open(file);
		expect(await responses.touch('a.2', 'v2', sampleResponse({expires: 4000}))).toBe(true);
		expect(await responses.deleteExpired(5000)).toBe(2);
		await responses.write('a.3', sampleResponse(), Buffer.from('new'));
		expect(await redirects.delete('a.1')).toBe(true);
		expect(await RawDatabase.query(file, 'SELECT count(*) AS n FROM responses_small_body')).toEqual([{n: 1}]);
		const counted = `SELECT value = (SELECT sum(cost) FROM responses) AS isRight FROM cache_state WHERE name = 'bytes'`;
		expect(await RawDatabase.query(file, counted)).toEqual([{isRight: 1}]);
	});

	it('is bounded then: what it had is older than what is new', async () => {
		const {responses} = place.open(file, {maxBytes: large + 10_000});
		await responses.write('b.1', sampleResponse(), Buffer.alloc(20_000));
		expect(await responses.contains('b.1')).toBe(true);
		expect(await responses.contains('a.3')).toBe(false);
	});

	it('is brought there once when several open it at the same time', async () => {
		const backends = Array.from({length: 5}, () => place.open(file));
		const sizes = await Promise.all(backends.map(({responses}) => responses.size()));
		expect(sizes).toEqual([3, 3, 3, 3, 3]);
		await expectRecords();
	});

	it('waits for a lock, and stays as it is when that takes too long', async () => {
		const other = await RawDatabase.open(file);
		await other.execute('BEGIN IMMEDIATE');
		await expect(place.open(file, {busyTimeout: 30}).responses.size()).rejects.toMatchObject({
			code: 'ERR_CACHE_FAULT',
		});
		expect(await versionOf()).toBe(1);
		const size = place.open(file).responses.size();
		await sleep(20);
		await other.execute('COMMIT');
		expect(await size).toBe(3);
		await other.close();
	});

	it('with tables that are not what they should be is left as it is', async () => {
		await RawDatabase.execute(file, 'DROP TABLE redirects_body');
		const before = bytesBeside(file);
		await expect(place.open(file).responses.size()).rejects.toMatchObject({code: 'ERR_CACHE_FAULT'});
		expect(await versionOf()).toBe(1);
		expect(bytesBeside(file)).toEqual(before);
	});
});

describe('a process of the version before that has the database open meanwhile', () => {
	let old: RawDatabase;

	beforeEach(async () => {
		old = await RawDatabase.open(file);
		await old.query('SELECT * FROM responses');
		await expectRecords();
	});

	afterEach(() => old.close());

	it('cannot read and cannot write', async () => {
		const read = `SELECT version, metadata, body FROM responses LEFT JOIN responses_body USING (id) WHERE key = 'a.1'`;
		await expect(old.query(read)).rejects.toThrow(/no such table/);
		const write = writeVersion1('responses', 'a.1', 'v9', sampleResponse(), "x'00'");
		await expect(old.execute(write)).rejects.toThrow(/NOT NULL/);
		await expectRecords();
	});

	it('removes and renews what it knows, and the rest stays right', async () => {
		const {responses} = place.open(file);
		const version = await responses.write('large.1', sampleResponse({expires: 10}), Buffer.alloc(1_000_000));
		await old.execute(`UPDATE responses SET expires = 7 WHERE key = 'large.1' AND version = '${version}'`);
		await old.execute('DELETE FROM responses WHERE id IN (SELECT id FROM responses WHERE expires <= 8 LIMIT 1000)');
		expect(await responses.read('large.1')).toBeUndefined();
		expect(await old.query('SELECT count(*) AS n FROM large_body WHERE removable IS NULL')).toEqual([{n: 0}]);
		await old.execute('DELETE FROM responses');
		await old.execute('DELETE FROM redirects');
		expect(await old.query(`SELECT value FROM cache_state WHERE name = 'bytes'`)).toEqual([{value: 0}]);
		expect(await old.query('SELECT * FROM responses_small_body')).toEqual([]);
	});
});

describe('a process that is killed while it brings a database to the present version', () => {
	const children: ChildProcess[] = [];

	afterEach(() => {
		for (const child of children.splice(0)) {
			child.kill('SIGKILL');
		}
	});

	it('leaves the old one, when much of the new one is in the log already', async () => {
		const raw = await RawDatabase.open(file);
		// Pages that find no room in memory go to the log before they are committed.
		await raw.execute(
			`PRAGMA cache_size = 1; BEGIN IMMEDIATE; ${MIGRATIONS.get(1)}; PRAGMA user_version = ${SCHEMA_VERSION}`,
		);
		expect(statSync(`${file}-wal`).size).toBeGreaterThan(0);
		const killed = place.path('killed.sqlite');
		for (const suffix of ['', '-wal']) {
			copyFileSync(`${file}${suffix}`, `${killed}${suffix}`);
		}
		await raw.execute('ROLLBACK');
		await raw.close();
		file = killed;
		expect(await versionOf()).toBe(1);
		await expectRecords();
		expect(await versionOf()).toBe(SCHEMA_VERSION);
	});

	it('leaves the old one or the new one, with everything in it', async () => {
		const many = Array.from({length: 3000}, (_, index) =>
			writeVersion1('responses', `m.${index}`, 'v', sampleResponse(), 'zeroblob(500)'),
		);
		const seen = new Set<unknown>();
		for (let round = 0; round < 12; round++) {
			file = place.path('killed.sqlite');
			await makeVersion1(file, [...records, ...many]);
			const fixture = fileURLToPath(new URL('fixtures/open-slowly.mjs', import.meta.url));
			const child = spawn(process.execPath, [fixture, file], {stdio: ['ignore', 'pipe', 'ignore']});
			children.push(child);
			const closed = once(child, 'close');
			await once(child.stdout!, 'data');
			await sleep(round * 4);
			child.kill('SIGKILL');
			await closed;
			seen.add(await versionOf());
			await expectRecords();
			expect(await place.open(file).responses.size()).toBe(3003);
			expect(await RawDatabase.query(file, 'PRAGMA integrity_check')).toEqual([{integrity_check: 'ok'}]);
		}
		expect(seen.has(1)).toBe(true);
	}, 120_000);
});

describe('a later version', () => {
	it('can be reached from every earlier one', () => {
		const earlier = Array.from({length: SCHEMA_VERSION - 1}, (_, index) => index + 1);
		expect([...MIGRATIONS.keys()]).toEqual(earlier);
	});

	it('is not one that a database without the mark of this library is taken for', async () => {
		await RawDatabase.execute(file, `PRAGMA application_id = ${APPLICATION_ID + 1}`);
		const before = bytesBeside(file);
		await expect(place.open(file).responses.size()).rejects.toThrow(/another application/);
		expect(bytesBeside(file)).toEqual(before);
	});
});
