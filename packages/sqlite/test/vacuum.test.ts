import {statSync} from 'node:fs';
import {sampleResponse} from '@got-client-cache/contract';
import {describe, expect, it} from '@jest/globals';
import {CachedSession} from 'got-client-cache';
import type {SQLiteBackend} from '../src/sqlite-backend.js';
import {RawDatabase} from './raw-database.js';
import {temporaryPlace} from './temporary-place.js';
import {makeVersion1, writeVersion1} from './version-1.js';

const place = temporaryPlace();
const body = Buffer.alloc(100_000, 1);
const sizeOf = ({path: file}: SQLiteBackend) => statSync(file).size;
const isIncremental = async ({path: file}: SQLiteBackend) =>
	(await RawDatabase.query(file, 'PRAGMA auto_vacuum'))[0]!['auto_vacuum'] === 2;

async function fill({responses}: SQLiteBackend): Promise<void> {
	await Promise.all(Array.from({length: 60}, (_, index) => responses.write(`a.${index}`, sampleResponse(), body)));
	await responses.bulkDelete(Array.from({length: 55}, (_, index) => `a.${index}`));
}

describe('vacuum', () => {
	it('gives back what was removed, and keeps the rest', async () => {
		const backend = place.open(place.path('vacuum'));
		await fill(backend);
		expect(await isIncremental(backend)).toBe(true);
		await backend.vacuum();
		expect(sizeOf(backend)).toBeLessThan(900_000);
		for (let index = 55; index < 60; index++) {
			expect(body.equals(await (await backend.responses.read(`a.${index}`))!.body.bytes())).toBe(true);
		}
		expect(await RawDatabase.query(backend.path, 'PRAGMA integrity_check')).toEqual([{integrity_check: 'ok'}]);
	});

	it('without it, the file stays as large as it was', async () => {
		const backend = place.open(place.path('vacuum'));
		await fill(backend);
		await backend.close();
		expect(sizeOf(backend)).toBeGreaterThan(6_000_000);
	});

	it('lets reads and writes go on', async () => {
		const backend = place.open(place.path('vacuum'));
		await fill(backend);
		const [writes] = await Promise.all([
			Promise.all(
				Array.from({length: 50}, (_, index) => backend.responses.write(`b.${index}`, sampleResponse(), body)),
			),
			backend.vacuum(),
			backend.vacuum(),
			backend.responses.read('a.57'),
		]);
		expect(writes).toHaveLength(50);
		expect(await backend.responses.size()).toBe(55);
	});

	it('writes a database of version 1 anew, the first time', async () => {
		const file = place.path('version-1.sqlite');
		const statements = Array.from({length: 60}, (_, index) =>
			writeVersion1('responses', `a.${index}`, 'v', sampleResponse(), 'zeroblob(100000)'),
		);
		await makeVersion1(file, statements);
		const backend = place.open(file);
		await backend.responses.bulkDelete(Array.from({length: 55}, (_, index) => `a.${index}`));
		expect(await isIncremental(backend)).toBe(false);
		await backend.vacuum();
		expect(sizeOf(backend)).toBeLessThan(900_000);
		expect(await isIncremental(backend)).toBe(true);
		expect(await backend.responses.size()).toBe(5);
		await fill(backend);
		await backend.vacuum();
		expect(sizeOf(backend)).toBeLessThan(900_000);
	});

	it('rejects when another holds the lock for too long', async () => {
		const backend = place.open(place.path('vacuum'), {busyTimeout: 30});
		await fill(backend);
		const other = await RawDatabase.open(backend.path);
		await other.execute('BEGIN IMMEDIATE');
		await expect(backend.vacuum()).rejects.toMatchObject({code: 'ERR_CACHE_FAULT'});
		await other.execute('COMMIT');
		await other.close();
		await backend.vacuum();
	});

	it('can be asked for through a session, and not once it is closed', async () => {
		const backend = place.open(place.path('vacuum'));
		const session = new CachedSession({cache: backend, expireAfter: '1h'});
		await (session.cache as SQLiteBackend).vacuum();
		await session.close();
		await expect(backend.vacuum()).rejects.toMatchObject({code: 'ERR_CACHE_CLOSED'});
	});

	it('does nothing to a database in memory', async () => {
		const backend = place.open(':memory:');
		await fill(backend);
		await backend.vacuum();
		expect(await backend.responses.size()).toBe(5);
	});
});
