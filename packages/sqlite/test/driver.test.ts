import {readdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, describe, expect, it} from '@jest/globals';
import type {Connection} from '../src/connection.js';
import {type Driver, loadDriver} from '../src/driver.js';
import {bytesBeside} from './raw-database.js';
import {temporaryPlace} from './temporary-place.js';
import {DRIVERS} from './tested-driver.js';

const place = temporaryPlace();

/** A database that other drivers would read as it is: one table, with any values. */
async function openTable(driver: Driver, file: string): Promise<Connection> {
	writeFileSync(file, '', {flag: 'a'});
	const connection = await driver.open(file);
	await connection.execute('CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, value)');
	return connection;
}

describe.each(DRIVERS)('the driver %s', name => {
	const connections: Connection[] = [];
	const open = async (file: string): Promise<Connection> => {
		const connection = await openTable(await loadDriver(name), file);
		connections.push(connection);
		return connection;
	};
	const insert = 'INSERT INTO t (value) VALUES (?)';
	const valuesOf = async (connection: Connection) =>
		(await connection.all('SELECT value FROM t ORDER BY id', [])).map(({value}) => value);

	afterEach(async () => {
		await Promise.all(connections.splice(0).map(connection => connection.close()));
	});

	it('gives back what it was given, bytes as a Uint8Array', async () => {
		const connection = await open(place.path('values'));
		const large = Buffer.alloc(300_000, 'large');
		const values = ['', 'é\u{1F600}', 0, -1.5, 1_700_000_000_000, null, large, large.subarray(3, 9), new Uint8Array(0)];
		for (const value of values) {
			expect(await connection.run(insert, [value])).toBe(1);
		}
		const found = await valuesOf(connection);
		expect(found.map(value => (value instanceof Uint8Array ? Buffer.from(value) : value))).toEqual(
			values.map(value => (value instanceof Uint8Array ? Buffer.from(value) : value)),
		);
		expect(found.slice(-3).every(value => value instanceof Uint8Array)).toBe(true);
	});

	it('rounds integers that a number cannot hold, in this row and in none beside it', async () => {
		const connection = await open(place.path('integers'));
		await connection.execute('INSERT INTO t (value) VALUES (9223372036854775807), (-9007199254740993), (7)');
		expect(await valuesOf(connection)).toEqual([2 ** 63, -(2 ** 53), 7]);
	});

	it('counts the rows that a statement changes, without those of triggers', async () => {
		const connection = await open(place.path('changes'));
		await connection.execute(
			'CREATE TABLE log (id); CREATE TRIGGER gone AFTER DELETE ON t BEGIN INSERT INTO log VALUES (OLD.id); END',
		);
		await connection.execute('INSERT INTO t (value) VALUES (1), (2), (3)');
		expect(await connection.run('DELETE FROM t WHERE value > ?', [1])).toBe(2);
		expect(await connection.run('DELETE FROM t WHERE value > ?', [1])).toBe(0);
	});

	it('does not wait for a lock, and says that there is one', async () => {
		const file = place.path('locked');
		const [one, other] = [await open(file), await open(file)];
		await other.execute('BEGIN EXCLUSIVE');
		const begin = performance.now();
		for (const attempt of [
			() => one.run(insert, [1]),
			() => one.all('SELECT value FROM t', []),
			() => one.execute('BEGIN IMMEDIATE'),
			() => one.execute('PRAGMA journal_mode = WAL'),
		]) {
			await expect(attempt()).rejects.toMatchObject({
				code: 'SQLITE_BUSY',
				message: 'SQLITE_BUSY: database is locked',
			});
		}
		expect(performance.now() - begin).toBeLessThan(400);
		await other.execute('ROLLBACK');
		expect(await one.run(insert, [1])).toBe(1);
	});

	it('leaves no statement in the middle that failed', async () => {
		const file = place.path('reset');
		const [one, other] = [await open(file), await open(file)];
		await one.execute('PRAGMA journal_mode = WAL');
		for (let round = 1; round <= 3; round++) {
			await other.execute(`BEGIN IMMEDIATE; INSERT INTO t (value) VALUES (${round})`);
			await expect(one.run(insert, ['one'])).rejects.toMatchObject({code: 'SQLITE_BUSY'});
			await other.execute('COMMIT');
			expect(await valuesOf(one)).toHaveLength(round);
		}
	});

	it('gives what fails the code and the message of SQLite', async () => {
		const connection = await open(place.path('codes'));
		await connection.run('INSERT INTO t (id, value) VALUES (?, ?)', [1, 'x']);
		await expect(connection.run('INSERT INTO t (id, value) VALUES (?, ?)', [1, 'y'])).rejects.toMatchObject({
			code: 'SQLITE_CONSTRAINT',
			message: 'SQLITE_CONSTRAINT: UNIQUE constraint failed: t.id',
		});
		const wrong = {code: 'SQLITE_ERROR', message: 'SQLITE_ERROR: no such table: nowhere'};
		for (let count = 0; count < 2; count++) {
			await expect(connection.all('SELECT 1 FROM nowhere', [])).rejects.toMatchObject(wrong);
			await expect(connection.run('DELETE FROM nowhere', [])).rejects.toMatchObject(wrong);
			await expect(connection.execute('DELETE FROM nowhere')).rejects.toMatchObject(wrong);
		}
		expect(await valuesOf(connection)).toEqual(['x']);
		const text = place.path('text');
		writeFileSync(text, 'my notes. '.repeat(100));
		await expect(open(text)).rejects.toMatchObject({
			code: 'SQLITE_NOTADB',
			message: 'SQLITE_NOTADB: file is not a database',
		});
	});

	it('makes no file', async () => {
		const file = place.path('missing');
		const driver = await loadDriver(name);
		await expect(driver.open(file)).rejects.toMatchObject({code: 'SQLITE_CANTOPEN'});
		await expect(driver.openImmutable(file)).rejects.toMatchObject({code: 'SQLITE_CANTOPEN'});
		expect(readdirSync(path.dirname(file))).toEqual([]);
	});

	it.each(['with space', '100%25', 'a?immutable=1', 'a#b&c=d', 'ümläut', "it's"])(
		'opens a file with the name %p, and no other',
		async fileName => {
			const file = path.join(path.dirname(place.path('x')), fileName);
			const connection = await open(file);
			await connection.run(insert, ['here']);
			expect(readdirSync(path.dirname(file))).toEqual([fileName]);
			const reader = await (await loadDriver(name)).openImmutable(file);
			expect(await valuesOf(reader)).toEqual(['here']);
			await reader.close();
		},
	);

	it('writes nothing where it only looks, not beside the file either', async () => {
		const file = place.path('looked-at');
		const connection = await open(file);
		await connection.execute('PRAGMA journal_mode = WAL; INSERT INTO t (value) VALUES (1)');
		const before = bytesBeside(file);
		expect(Object.keys(before)).toHaveLength(3);
		const reader = await (await loadDriver(name)).openImmutable(file);
		await reader.all('SELECT count(*) FROM sqlite_schema', []);
		await expect(reader.execute('CREATE TABLE u (a)')).rejects.toMatchObject({code: 'SQLITE_READONLY'});
		await reader.close();
		expect(bytesBeside(file)).toEqual(before);
	});

	it('lets others have their turn, however many statements follow one another', async () => {
		const connection = await open(place.path('turns'));
		const slow =
			'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT max(i) FROM n';
		let turns = 0;
		const count = () => {
			turns++;
			immediate = setImmediate(count);
		};
		let immediate = setImmediate(count);
		const begin = performance.now();
		while (performance.now() - begin < 200) {
			await connection.all(slow, []);
		}
		clearImmediate(immediate);
		expect(turns).toBeGreaterThan(5);
	});

	it('says when it is closed', async () => {
		const file = place.path('closed');
		writeFileSync(file, '');
		let closed = 0;
		const connection = await (await loadDriver(name)).open(file, () => void closed++);
		await connection.all('SELECT 1', []);
		expect(closed).toBe(0);
		await connection.close();
		expect(closed).toBe(1);
	});
});
