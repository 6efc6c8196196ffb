import {existsSync} from 'node:fs';
import {mkdir, readdir, readFile, rm, stat, utimes, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {setImmediate as turn} from 'node:timers/promises';
import {sampleResponse} from '@got-client-cache/contract';
import {describe, expect, it} from '@jest/globals';
import {fileFolders, fileOf} from './file-folders.js';

const folders = fileFolders();
const HOUR = 60 * 60 * 1000;
const none = new Uint8Array();

async function* piecesThen(error: Error | undefined, ...pieces: Uint8Array[]): AsyncGenerator<Uint8Array> {
	for (const piece of pieces) {
		await turn();
		yield piece;
	}
	if (error) {
		throw error;
	}
}

describe('a folder of files', () => {
	it('is made by the first operation, for its owner only', async () => {
		const folder = path.join(folders.make(), 'a', 'b');
		const {responses} = folders.open(folder);
		expect(existsSync(folder)).toBe(false);
		await responses.write('r.1', sampleResponse(), Buffer.from('x'));
		const file = fileOf(folder, 'r.1');
		expect((await stat(file)).mode & 0o777).toBe(0o600);
		for (const made of [folder, path.dirname(folder), path.dirname(file), path.join(folder, 'tmp')]) {
			expect((await stat(made)).mode & 0o777).toBe(0o700);
		}
	});

	it('leaves what it did not make, wherever it is', async () => {
		const folder = folders.make();
		const {responses} = folders.open(folder);
		await responses.write('r.1', sampleResponse({expires: 1}), Buffer.from('x'));
		const group = path.dirname(fileOf(folder, 'r.1'));
		const foreign = [
			path.join(folder, 'notes.txt'),
			path.join(folder, 'tmp', 'draft.part'),
			path.join(folder, 'responses', 'notes'),
			path.join(group, 'notes'),
			path.join(group, `${path.basename(fileOf(folder, 'r.1'))}.bak`),
		];
		for (const file of foreign) {
			await writeFile(file, 'mine');
			await utimes(file, 0, 0);
		}
		await mkdir(path.join(folder, 'responses', 'other'));
		expect(await responses.size()).toBe(1);
		expect(await responses.keysOf('r')).toEqual(['r.1']);
		await responses.deleteExpired(10);
		await responses.clear();
		expect(await responses.size()).toBe(0);
		for (const file of foreign) {
			expect(await readFile(file, 'utf8')).toBe('mine');
		}
	});

	it('is made again when it goes while it is in use', async () => {
		const folder = folders.make();
		const {responses} = folders.open(folder);
		await responses.write('r.1', sampleResponse(), Buffer.from('x'));
		await rm(folder, {recursive: true});
		expect(await responses.read('r.1')).toBeUndefined();
		expect(await responses.size()).toBe(0);
		await responses.write('r.1', sampleResponse(), piecesThen(undefined, Buffer.from('y')));
		expect(Buffer.from((await (await responses.read('r.1'))!.body.bytes()) as Uint8Array).toString()).toBe('y');
	});

	it('rejects when it cannot be used, and works when it can', async () => {
		const folder = folders.make();
		const {responses} = folders.open(path.join(folder, 'cache'));
		await writeFile(path.join(folder, 'cache'), '');
		const fault = {code: 'ERR_CACHE_FAULT', message: expect.stringContaining(path.join(folder, 'cache'))};
		await expect(responses.read('r.1')).rejects.toMatchObject(fault);
		await expect(responses.write('r.1', sampleResponse(), none)).rejects.toMatchObject(fault);
		await expect(responses.size()).rejects.toMatchObject(fault);
		await rm(path.join(folder, 'cache'));
		await responses.write('r.1', sampleResponse(), none);
		expect(await responses.contains('r.1')).toBe(true);
	});

	it('has nothing half written left behind when a write fails, and sweeps up what a killed process left, after an hour', async () => {
		const folder = folders.make();
		const {responses} = folders.open(folder);
		const tail = new Error('cut off');
		await expect(responses.write('r.1', sampleResponse(), piecesThen(tail, Buffer.alloc(700_000)))).rejects.toBe(tail);
		// A folder stands in the way of the record.
		await mkdir(fileOf(folder, 'r.2'), {recursive: true});
		await expect(responses.write('r.2', sampleResponse(), none)).rejects.toMatchObject({code: 'ERR_CACHE_FAULT'});
		const tmp = path.join(folder, 'tmp');
		expect(await readdir(tmp)).toEqual([]);

		const [old, young, future] = [0, 1, 2].map(n => path.join(tmp, `0000000${n}-0000-4000-8000-000000000000.part`));
		for (const file of [old!, young!, future!]) {
			await writeFile(file, 'x');
		}
		const past = (Date.now() - HOUR - 1000) / 1000;
		await utimes(old!, past, past);
		// By a clock that was wrong.
		await utimes(future!, past + 200_000, past + 200_000);
		await folders.open(folder).responses.size();
		expect(await readdir(tmp)).toEqual([path.basename(young!)]);
		await utimes(young!, past, past);
		await responses.deleteExpired(0);
		expect(await readdir(tmp)).toEqual([]);
	});
});
