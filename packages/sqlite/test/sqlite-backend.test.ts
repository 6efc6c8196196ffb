import {existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {sampleResponse} from '@got-client-cache/contract';
import {describe, expect, it} from '@jest/globals';
import {CacheBackend, InvalidOptionError, temporaryFolder} from 'got-client-cache';
import {SQLiteBackend, type SQLiteBackendOptions} from '../src/sqlite-backend.js';
import {SQLiteCache} from '../src/sqlite-cache.js';
import {RawDatabase} from './raw-database.js';
import {temporaryPlace} from './temporary-place.js';

const place = temporaryPlace();
const body = Buffer.from('body');
const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);

describe('SQLiteBackend', () => {
	it('is a CacheBackend with a name, a path and two caches', () => {
		const backend = new SQLiteBackend('some/name', {expireAfter: 60});
		expect(backend).toBeInstanceOf(CacheBackend);
		expect(backend.name).toBe('some/name');
		expect(backend.path).toBe(path.resolve('some/name.sqlite'));
		expect(backend.responses).toBeInstanceOf(SQLiteCache);
		expect(backend.redirects).toBeInstanceOf(SQLiteCache);
		expect(new SQLiteBackend().name).toBe('http-cache');
	});

	it('makes nothing before it is used, and nothing when it is only closed', async () => {
		const backend = new SQLiteBackend(place.path('unused'));
		expect(existsSync(backend.path)).toBe(false);
		await backend.close();
		expect(existsSync(backend.path)).toBe(false);
	});

	it('makes missing folders and a file that only its owner can read', async () => {
		const backend = place.open(place.path('a/b/cache'));
		await backend.responses.write('a.1', sampleResponse(), body);
		for (const suffix of ['', '-wal', '-shm']) {
			expect([suffix, modeOf(`${backend.path}${suffix}`)]).toEqual([suffix, '600']);
		}
		expect(modeOf(path.dirname(backend.path))).toBe('700');
	});

	it('leaves the mode of a file that was there, and fills it if it is empty', async () => {
		const file = place.path('empty.db');
		writeFileSync(file, '', {mode: 0o644});
		const backend = place.open(file);
		await backend.responses.write('a.1', sampleResponse(), body);
		expect(modeOf(file)).toBe('644');
		expect(await backend.responses.size()).toBe(1);
	});

	it('opens a file again whatever characters are in its path', async () => {
		const file = place.path("50%20 ?x=1#y & 'ü'/cache.db");
		await place.open(file).responses.write('a.1', sampleResponse(), body);
		expect(await place.open(file).responses.size()).toBe(1);
		expect(statSync(file).isFile()).toBe(true);
	});

	it('puts a relative name into the temporary folder with useTemp', async () => {
		const name = `use-temp-${process.pid}`;
		const backend = place.open(name, {useTemp: true});
		const file = path.join(temporaryFolder(), `${name}.sqlite`);
		try {
			expect(await backend.responses.size()).toBe(0);
			expect(existsSync(file)).toBe(true);
			expect(modeOf(temporaryFolder())).toBe('700');
		} finally {
			await backend.close();
			rmSync(file, {force: true});
		}
	});

	it('has one connection for both caches, which close with it', async () => {
		const backend = place.open(place.path('shared'));
		await backend.responses.write('a.1', sampleResponse(), body);
		await backend.redirects.write('a.1', sampleResponse(), body);
		expect(existsSync(`${backend.path}-wal`)).toBe(true);
		await backend.close();
		// SQLite removes the log when the last connection closes.
		expect(existsSync(`${backend.path}-wal`)).toBe(false);
		await expect((async () => backend.redirects.read('a.1'))()).rejects.toMatchObject({code: 'ERR_CACHE_CLOSED'});
	});
});

describe("SQLiteBackend's options", () => {
	it.each([
		['useTemp', 'yes'],
		['useTemp', 1],
		['busyTimeout', -1],
		['busyTimeout', Number.NaN],
		['busyTimeout', Number.POSITIVE_INFINITY],
		['busyTimeout', '5s'],
		['expireAfter', 'soon'],
		['fastSave', true],
		['responses', undefined],
	])('refuses %s: %p, by name', (option, value) => {
		const make = () => new SQLiteBackend('x', {[option]: value} as SQLiteBackendOptions);
		expect(make).toThrow(InvalidOptionError);
		expect(make).toThrow(`'${option}'`);
	});

	it('refuses a folder', () => {
		const folder = place.path('folder');
		mkdirSync(folder);
		expect(() => new SQLiteBackend(folder)).toThrow(InvalidOptionError);
		expect(() => new SQLiteBackend(folder)).toThrow(/folder/);
	});

	it('takes the settings of every backend', () => {
		const backend = new SQLiteBackend('x', {expireAfter: {hours: 1}, autoclose: false, useTemp: undefined});
		expect(backend.settings.expireAfter).toEqual({hours: 1});
		expect(backend.autoclose).toBe(false);
	});
});

describe('the file', () => {
	it('is an SQLite database with a write-ahead log, marked as ours, with a schema version', async () => {
		const backend = place.open(place.path('marked'));
		await backend.responses.size();
		const [row] = await RawDatabase.query(
			backend.path,
			`SELECT application_id, user_version, journal_mode
				FROM pragma_application_id, pragma_user_version, pragma_journal_mode`,
		);
		expect(row).toEqual({application_id: 0x47434348, user_version: 2, journal_mode: 'wal'});
	});

	it('says whose it is in its first page, while everything else may still be in the log', async () => {
		const backend = place.open(place.path('header'));
		await backend.responses.write('a.1', sampleResponse(), body);
		const header = readFileSync(backend.path).subarray(0, 100);
		expect(header.toString('latin1', 0, 15)).toBe('SQLite format 3');
		expect(header.readInt32BE(68)).toBe(0x47434348);
		expect(header.readInt32BE(60)).toBe(2);
	});

	it('holds bodies as raw bytes', async () => {
		const backend = place.open(place.path('raw'));
		const bytes = Buffer.from(Array.from({length: 1000}, (_, index) => (index * 7) & 0xff));
		await backend.responses.write('a.1', sampleResponse(), bytes);
		await backend.close();
		const [row] = await RawDatabase.query(
			backend.path,
			'SELECT typeof(body) AS type, length(body) AS size FROM responses_record',
		);
		expect(row).toEqual({type: 'blob', size: 1000});
		expect(readFileSync(backend.path).includes(bytes)).toBe(true);
	});

	it('keeps no body whose record is gone', async () => {
		const backend = place.open(place.path('orphans'));
		const {responses} = backend;
		for (const key of ['a.1', 'a.2', 'a.3', 'a.4']) {
			await responses.write(key, sampleResponse({expires: key === 'a.3' ? 1 : 5}), body);
			await responses.write(key, sampleResponse({expires: key === 'a.3' ? 1 : 5}), body);
		}
		const bodies = 'SELECT count(*) AS bodies FROM responses_small_body';
		expect(await RawDatabase.query(backend.path, bodies)).toEqual([{bodies: 4}]);
		await responses.delete('a.1');
		await responses.bulkDelete(['a.2']);
		await responses.deleteExpired(1);
		expect(await RawDatabase.query(backend.path, bodies)).toEqual([{bodies: 1}]);
		await responses.clear();
		expect(await RawDatabase.query(backend.path, bodies)).toEqual([{bodies: 0}]);
	});
});
