import {stat, utimes} from 'node:fs/promises';
import {sampleHop, sampleResponse} from '@got-client-cache/contract';
import {describe, expect, it} from '@jest/globals';
import type {FileBackend} from '../../../src/backend/file-backend.js';
import {fileFolders, fileOf} from './file-folders.js';

const folders = fileFolders();

/** A body with which a record takes five blocks: 20 KiB. */
const body = Buffer.alloc(17_000);
const RECORD = 20 * 1024;

async function keysOf({responses}: FileBackend): Promise<string[]> {
	const keys: string[] = [];
	for await (const key of responses.keys()) {
		keys.push(key);
	}
	return keys.sort();
}

/** Sets the time of a record's last use. @param age seconds */
async function age(folder: string, key: string, age: number): Promise<void> {
	const time = Date.now() / 1000 - age;
	await utimes(fileOf(folder, key), time, time);
}

describe('a bound of bytes', () => {
	it('lets those go that were used longest ago', async () => {
		const folder = folders.make();
		const backend = folders.open(folder, {maxBytes: 10 * RECORD});
		for (let index = 0; index < 10; index++) {
			await backend.responses.write(`r.${index}`, sampleResponse(), body);
			await age(folder, `r.${index}`, 1000 - index);
		}
		const version = (await backend.responses.read('r.0'))!.version;
		await backend.responses.touch('r.1', (await backend.responses.read('r.1'))!.version, sampleResponse());
		expect(version).toBeDefined();
		await backend.responses.write('r.x', sampleResponse(), body);
		await backend.close();
		// Down to nine tenths, and what was read or renewed counts as used.
		expect(await keysOf(folders.open(folder))).toEqual(['r.0', 'r.1', 'r.4', 'r.5', 'r.6', 'r.7', 'r.8', 'r.9', 'r.x']);
	});

	it('is kept to whatever is written, and holds for both caches together', async () => {
		const folder = folders.make();
		const backend = folders.open(folder, {maxBytes: 20 * RECORD});
		for (let index = 0; index < 100; index++) {
			await backend.responses.write(`r.${index}`, sampleResponse(), body);
			await backend.redirects.write(`r.${index}`, sampleHop(), body);
			const count = (await backend.responses.size()) + (await backend.redirects.size());
			expect(count).toBeLessThanOrEqual(26);
		}
		await backend.close();
		const {responses, redirects} = folders.open(folder);
		expect((await responses.size()) + (await redirects.size())).toBeLessThanOrEqual(20);
		expect(await responses.size()).toBeGreaterThan(5);
	});

	it('counts what was there before, and what another process writes', async () => {
		const folder = folders.make();
		const unbounded = folders.open(folder);
		for (let index = 0; index < 30; index++) {
			await unbounded.responses.write(`r.${index}`, sampleResponse(), body);
		}
		const backend = folders.open(folder, {maxBytes: 10 * RECORD});
		await backend.responses.write('s.1', sampleResponse(), body);
		await backend.responses.write('s.2', sampleResponse(), body);
		await backend.close();
		expect(await unbounded.responses.size()).toBeLessThanOrEqual(10);
	});

	it('does not keep a record that is larger, nor what it would have replaced', async () => {
		const folder = folders.make();
		const {responses} = folders.open(folder, {maxBytes: 2 * RECORD});
		await responses.write('r.1', sampleResponse(), body);
		await responses.write('r.1', sampleResponse(), Buffer.alloc(3 * RECORD));
		expect(await responses.contains('r.1')).toBe(false);
		await responses.write('r.1', sampleResponse(), body);
		let given = 0;
		async function* endless() {
			for (;;) {
				given++;
				yield body;
			}
		}
		await responses.write('r.1', sampleResponse(), endless());
		expect(given).toBeLessThan(100);
		expect(await responses.contains('r.1')).toBe(false);
	});

	it('lets those go first whose time of use has not come yet, as a clock that was wrong leaves them', async () => {
		const folder = folders.make();
		const backend = folders.open(folder, {maxBytes: 10 * RECORD});
		for (let index = 0; index < 10; index++) {
			await backend.responses.write(`r.${index}`, sampleResponse(), body);
			await age(folder, `r.${index}`, index < 5 ? -100_000_000 : 1000);
		}
		for (let index = 0; index < 5; index++) {
			await backend.responses.write(`s.${index}`, sampleResponse(), body);
			await backend.responses.size();
		}
		await backend.close();
		const kept = await keysOf(folders.open(folder));
		expect(kept.filter(key => key.startsWith('s'))).toHaveLength(5);
		expect(kept).not.toContain('r.0');
	});

	it('does not write at every use', async () => {
		const folder = folders.make();
		const backend = folders.open(folder, {maxBytes: 100 * RECORD});
		await backend.responses.write('r.1', sampleResponse(), body);
		await age(folder, 'r.1', 5000);
		await backend.responses.read('r.1');
		await backend.responses.size();
		const sinceUse = async () => Date.now() - (await stat(fileOf(folder, 'r.1'))).mtimeMs;
		// It is written down behind the read.
		for (let round = 0; round < 200 && (await sinceUse()) > 10_000; round++) {
			await new Promise(resolve => setTimeout(resolve, 10));
		}
		expect(await sinceUse()).toBeLessThan(10_000);
		await age(folder, 'r.1', 5000);
		await backend.responses.read('r.1');
		await backend.close();
		expect(await sinceUse()).toBeGreaterThan(10_000);
	});

	it.each([-1, Number.NaN, '5', null])('of %p is refused', maxBytes => {
		expect(() => folders.open(folders.make(), {maxBytes: maxBytes as number})).toThrow(/'maxBytes'/);
	});
});
