import {readFileSync, rmSync, writeFileSync} from 'node:fs';
import {sampleResponse} from '@got-client-cache/contract';
import {beforeEach, describe, expect, it} from '@jest/globals';
import type {SQLiteBackend} from '../src/sqlite-backend.js';
import {RawDatabase} from './raw-database.js';
import {temporaryPlace} from './temporary-place.js';
import {spyOnDriver} from './tested-driver.js';

const place = temporaryPlace();
const body = Buffer.alloc(3000, 1);
const fault = {code: 'ERR_CACHE_FAULT'};

/** The file with its log moved into it, and what the connection under test remembers of it outdated. */
async function settle({path: file}: SQLiteBackend): Promise<Buffer> {
	const raw = await RawDatabase.open(file);
	await raw.execute(`UPDATE cache_state SET value = value WHERE name = 'bytes'`);
	await raw.query('PRAGMA wal_checkpoint(TRUNCATE)');
	await raw.close();
	return readFileSync(file);
}

describe('a database that breaks while it is open', () => {
	let backend: SQLiteBackend;
	let sound: Buffer;

	beforeEach(async () => {
		backend = place.open(place.path('broken'));
		await Promise.all(
			Array.from({length: 300}, (_, index) => backend.responses.write(`a.${index}`, sampleResponse(), body)),
		);
		sound = await settle(backend);
	});

	const broken = () => Buffer.from(sound).fill(0x5a, 4096);

	it.each([
		['has pages of nonsense', broken],
		['is no database any more', () => Buffer.from('These are not the bytes of a database. '.repeat(1000))],
	])('because it %s rejects, and works again when it is mended', async (_, bytes) => {
		writeFileSync(backend.path, bytes());
		await expect((async () => backend.responses.read('a.7'))()).rejects.toMatchObject(fault);
		await expect(backend.responses.write('a.7', sampleResponse(), body)).rejects.toMatchObject(fault);
		expect(readFileSync(backend.path).equals(bytes())).toBe(true);
		writeFileSync(backend.path, sound);
		expect((await backend.responses.read('a.7'))?.body.size).toBe(3000);
		await backend.responses.write('a.7', sampleResponse(), Buffer.from('new'));
		expect((await backend.responses.read('a.7'))?.body.size).toBe(3);
	});

	it('is made anew when it has been taken away', async () => {
		writeFileSync(backend.path, broken());
		await expect((async () => backend.responses.read('a.7'))()).rejects.toMatchObject(fault);
		for (const suffix of ['', '-wal', '-shm']) {
			rmSync(`${backend.path}${suffix}`, {force: true});
		}
		expect(await backend.responses.read('a.7')).toBeUndefined();
		await backend.responses.write('a.7', sampleResponse(), body);
		expect(await place.open(backend.path).responses.size()).toBe(1);
	});

	it('rejects many operations at once, is opened again once, and can be closed', async () => {
		writeFileSync(backend.path, broken());
		const outcomes = await Promise.allSettled(
			Array.from({length: 200}, async (_, index) =>
				index % 2
					? backend.responses.read(`a.${index}`)
					: backend.responses.write(`a.${index}`, sampleResponse(), body),
			),
		);
		expect(outcomes.every(({status}) => status === 'rejected')).toBe(true);
		writeFileSync(backend.path, sound);
		const execute = spyOnDriver('exec');
		await Promise.all(Array.from({length: 50}, (_, index) => backend.responses.read(`a.${index}`)));
		expect(execute.mock.calls.filter(([sql]) => sql.includes('journal_mode'))).toHaveLength(1);
		execute.mockRestore();
		writeFileSync(backend.path, broken());
		await backend.close();
	});
});
