import {execFileSync} from 'node:child_process';
import {copyFileSync, mkdirSync, rmSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {sampleResponse} from '@got-client-cache/contract';
import {describe, expect, it} from '@jest/globals';
import type {SQLiteBackend} from '../src/sqlite-backend.js';
import {bytesBeside, RawDatabase} from './raw-database.js';
import {temporaryPlace} from './temporary-place.js';

const place = temporaryPlace();

/** Fails unless everything that one can ask of a backend rejects, and leaves every file as it was. */
async function expectRefusal({path: file, responses, close}: SQLiteBackend, message: RegExp): Promise<void> {
	const before = bytesBeside(file);
	const fault = {code: 'ERR_CACHE_FAULT', message: expect.stringMatching(message)};
	await expect(responses.read('a.1')).rejects.toMatchObject(fault);
	await expect(responses.write('a.1', sampleResponse(), Buffer.from('x'))).rejects.toMatchObject(fault);
	await expect(responses.delete('a.1')).rejects.toMatchObject(fault);
	await expect(responses.clear()).rejects.toMatchObject(fault);
	await expect(responses.size()).rejects.toThrow(file);
	await close.call({responses, redirects: responses});
	expect(bytesBeside(file)).toEqual(before);
}

describe('a file that is not ours is refused and left as it is', () => {
	it('a database of another application', async () => {
		const file = place.path('foreign.sqlite');
		await RawDatabase.execute(file, 'CREATE TABLE responses (key TEXT); INSERT INTO responses VALUES (1)');
		await expectRefusal(place.open(file), /belongs to another application/);
	});

	it('a database with an application id of its own, and no tables', async () => {
		const file = place.path('foreign.sqlite');
		await RawDatabase.execute(file, 'PRAGMA application_id = 252006675');
		await expectRefusal(place.open(file), /belongs to another application/);
	});

	it('a database of another application that was left with a log', async () => {
		const open = place.path('foreign.sqlite');
		const raw = await RawDatabase.open(open);
		await raw.execute('PRAGMA journal_mode = WAL; CREATE TABLE other (id INTEGER); INSERT INTO other VALUES (1)');
		const file = place.path('left.sqlite');
		for (const suffix of ['', '-wal']) {
			copyFileSync(`${open}${suffix}`, `${file}${suffix}`);
		}
		await raw.close();
		await expectRefusal(place.open(file), /belongs to another application/);
	});

	it.each([
		['a text', 'These are not the bytes of a database. '.repeat(50), /not a database/],
		['a text shorter than a page', 'x', /belongs to another application/],
		['zeros', '\0'.repeat(8192), /not a database/],
	])('%s', async (_, content, message) => {
		const file = place.path('text.sqlite');
		writeFileSync(file, content);
		await expectRefusal(place.open(file), message);
	});

	it('a cache of a newer version', async () => {
		const backend = place.open(place.path('newer'));
		await backend.responses.write('a.1', sampleResponse(), Buffer.from('x'));
		await backend.close();
		await RawDatabase.execute(backend.path, 'PRAGMA user_version = 3');
		await expectRefusal(place.open(backend.path), /version 3.*knows version 2/);
	});

	it('a file that is being filled in, and is not ours in the end', async () => {
		const file = place.path('filling.sqlite');
		writeFileSync(file, '\0'.repeat(4096));
		writeFileSync(`${file}-journal`, '');
		await expectRefusal(place.open(file, {busyTimeout: 10}), /is being changed/);
		const {responses} = place.open(file);
		const size = responses.size();
		rmSync(`${file}-journal`);
		await expect(size).rejects.toThrow(/not a database/);
	});

	it('a named pipe', async () => {
		const file = place.path('pipe.sqlite');
		execFileSync('mkfifo', [file]);
		await expect(place.open(file).responses.size()).rejects.toMatchObject({code: 'ERR_CACHE_FAULT'});
		expect(statSync(file).isFIFO()).toBe(true);
	});

	it('what became a folder after the backend was made', async () => {
		const file = place.path('folder.sqlite');
		const backend = place.open(file);
		mkdirSync(file);
		await expect(backend.responses.size()).rejects.toMatchObject({code: 'ERR_CACHE_FAULT'});
	});

	it('a file below a file', async () => {
		const file = place.path('file');
		writeFileSync(file, '');
		const backend = place.open(path.join(file, 'cache'));
		await expect(backend.responses.size()).rejects.toMatchObject({code: 'ERR_CACHE_FAULT'});
	});
});

describe('after a failure', () => {
	it('the next operation tries again', async () => {
		const file = place.path('again.sqlite');
		writeFileSync(file, 'not a database');
		const {responses} = place.open(file);
		await expect(responses.size()).rejects.toThrow(/not a database/);
		rmSync(file);
		await responses.write('a.1', sampleResponse(), Buffer.from('x'));
		expect(await responses.size()).toBe(1);
	});

	it('nothing keeps a backend from being closed', async () => {
		const file = place.path('closed.sqlite');
		writeFileSync(file, 'not a database');
		const backend = place.open(file);
		await expect(backend.responses.size()).rejects.toThrow();
		await backend.close();
		await backend.close();
	});
});
