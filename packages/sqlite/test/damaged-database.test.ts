import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {sampleResponse} from '@got-client-cache/contract';
import {describe, expect, it} from '@jest/globals';
import {RawDatabase} from './raw-database.js';
import {temporaryPlace} from './temporary-place.js';

const place = temporaryPlace();

describe('a damaged record counts as none and is removed', () => {
	it.each([
		['metadata that is no JSON', `UPDATE responses SET metadata = '{' WHERE key = 'a.1'`],
		[
			'metadata that says too little',
			`UPDATE responses SET metadata = '{"format":1,"kind":"response"}' WHERE key = 'a.1'`,
		],
		[
			'metadata of another format',
			`UPDATE responses SET metadata = replace(metadata, '"format":1', '"format":2') WHERE key = 'a.1'`,
		],
		['metadata that is a number', `UPDATE responses SET metadata = 5 WHERE key = 'a.1'`],
		['metadata that is a blob', `UPDATE responses SET metadata = x'7b7d' WHERE key = 'a.1'`],
		['a version that is a blob', `UPDATE responses SET version = x'00' WHERE key = 'a.1'`],
		[
			'metadata that is too long to be sound',
			`UPDATE responses SET metadata = replace(metadata, '"statusMessage":"', '"statusMessage":"' || printf('%.*c', 70000000, 'x')) WHERE key = 'a.1'`,
		],
		[
			'a body that is a text',
			`UPDATE responses_small_body SET body = 'text' WHERE id = (SELECT id FROM responses WHERE key = 'a.1')`,
		],
		[
			'a body that is a number',
			`UPDATE responses_small_body SET body = 1 WHERE id = (SELECT id FROM responses WHERE key = 'a.1')`,
		],
		['no body', `DELETE FROM responses_small_body WHERE id = (SELECT id FROM responses WHERE key = 'a.1')`],
	])('%s', async (_, damage) => {
		const {path: file, responses} = place.open(place.path('damaged'));
		await responses.write('a.1', sampleResponse(), Buffer.from('one'));
		await responses.write('a.2', sampleResponse(), Buffer.from('two'));
		await RawDatabase.execute(file, damage);
		expect(await responses.read('a.1')).toBeUndefined();
		expect(await responses.contains('a.1')).toBe(false);
		expect((await responses.read('a.2'))?.body.bytes()).toEqual(Buffer.from('two'));
		await responses.write('a.1', sampleResponse(), Buffer.from('new'));
		expect((await responses.read('a.1'))?.body.bytes()).toEqual(Buffer.from('new'));
	});

	it('is none also while it cannot be removed', async () => {
		const {path: file, responses} = place.open(place.path('damaged'), {busyTimeout: 50});
		await responses.write('a.1', sampleResponse(), Buffer.from('one'));
		const other = await RawDatabase.open(file);
		await other.execute(`UPDATE responses SET metadata = ''; BEGIN IMMEDIATE`);
		expect(await responses.read('a.1')).toBeUndefined();
		await other.execute('COMMIT');
		await other.close();
		expect(await responses.contains('a.1')).toBe(true);
		expect(await responses.read('a.1')).toBeUndefined();
		expect(await responses.contains('a.1')).toBe(false);
	});

	it('is left out of lists of entries', async () => {
		const {path: file, responses} = place.open(place.path('damaged'));
		await responses.write('a.1', sampleResponse(), Buffer.from('one'));
		await responses.write('a.2', sampleResponse(), Buffer.from('two'));
		await RawDatabase.execute(file, `UPDATE responses SET metadata = '' WHERE key = 'a.1'`);
		const keys: string[] = [];
		for await (const {key} of responses.entries()) {
			keys.push(key);
		}
		expect(keys).toEqual(['a.2']);
	});

	it('does not keep lists from ending when its key is no UTF-8', async () => {
		const {path: file, responses} = place.open(place.path('damaged'));
		await responses.write('a.1', sampleResponse(), Buffer.from('one'));
		await RawDatabase.execute(
			file,
			`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
				INSERT INTO responses (key, version, metadata, size, cost, used)
				SELECT CAST(x'ff' || CAST(printf('%06d', i) AS BLOB) AS TEXT), 'v', '', 0, 0, 0 FROM n`,
		);
		let count = 0;
		for await (const _ of responses.keys()) {
			expect(++count).toBeLessThan(3000);
		}
		expect(count).toBeGreaterThan(0);
	});

	it('does not keep lists from ending when its key is no text', async () => {
		const {path: file, responses} = place.open(place.path('damaged'));
		await responses.write('a.1', sampleResponse(), Buffer.from('one'));
		await RawDatabase.execute(
			file,
			`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)
				INSERT INTO responses (key, version, metadata, size, cost, used) SELECT CAST('key' || i AS BLOB), 'v', '', 0, 0, 0 FROM n`,
		);
		const keys: string[] = [];
		for await (const key of responses.keys()) {
			keys.push(key);
		}
		expect(keys).toEqual(['a.1']);
	});
});

describe('a damaged database', () => {
	it('rejects, and stays where it is', async () => {
		const backend = place.open(place.path('corrupt'));
		const body = Buffer.alloc(3000, 1);
		for (let index = 0; index < 200; index++) {
			await backend.responses.write(`a.${index}`, sampleResponse(), body);
		}
		await backend.close();
		const bytes = readFileSync(backend.path);
		bytes.fill(0x5a, 4096);
		writeFileSync(backend.path, bytes);
		const {responses} = place.open(backend.path);
		const fault = {code: 'ERR_CACHE_FAULT', message: expect.stringContaining(backend.path)};
		await expect(responses.read('a.7')).rejects.toMatchObject(fault);
		await expect(responses.write('a.7', sampleResponse(), body)).rejects.toMatchObject(fault);
		expect(existsSync(backend.path)).toBe(true);
	});

	it('without its tables rejects and can be closed', async () => {
		const backend = place.open(place.path('tables'));
		await backend.responses.size();
		await backend.close();
		await RawDatabase.execute(backend.path, 'DROP VIEW responses_record; DROP TABLE responses');
		const again = place.open(backend.path);
		await expect(again.responses.read('a.1')).rejects.toMatchObject({code: 'ERR_CACHE_FAULT'});
		await expect(again.responses.read('a.1')).rejects.toMatchObject({code: 'ERR_CACHE_FAULT'});
		expect(await again.redirects.size()).toBe(0);
		await again.close();
	});
});
