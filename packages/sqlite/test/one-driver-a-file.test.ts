import {linkSync, symlinkSync, writeFileSync} from 'node:fs';
import {describe, expect, it} from '@jest/globals';
import {InvalidOptionError} from 'got-client-cache';
import type {SQLiteDriver} from '../src/driver.js';
import {claimFile} from '../src/open-files.js';
import {SQLiteBackend} from '../src/sqlite-backend.js';
import {SQLiteDatabase} from '../src/sqlite-database.js';
import {temporaryPlace} from './temporary-place.js';
import {DRIVERS} from './tested-driver.js';

const place = temporaryPlace();

describe("the option 'driver'", () => {
	it.each(['better-sqlite3', 'sqlite', '', 5, null, true])('refuses %p', driver => {
		for (const make of [
			() => new SQLiteBackend('x', {driver: driver as SQLiteDriver}),
			() => new SQLiteDatabase('x', {driver: driver as SQLiteDriver}),
		]) {
			expect(make).toThrow(InvalidOptionError);
			expect(make).toThrow(/'driver'.*accepted: 'sqlite3' or 'node:sqlite'/);
		}
	});

	it.each(DRIVERS)('takes %s', async driver => {
		const {responses} = place.open(':memory:', {driver});
		expect(await responses.size()).toBe(0);
	});

	if (!DRIVERS.includes('node:sqlite')) {
		it('refuses node:sqlite where Node.js has none, and says which one has', () => {
			const make = () => new SQLiteBackend('x', {driver: 'node:sqlite'});
			expect(make).toThrow(InvalidOptionError);
			expect(make).toThrow(`'node:sqlite' needs Node.js 22.15 or later, and this is ${process.version}`);
		});
	}
});

describe('a file that is open', () => {
	it('is for one driver only, by whatever name, until the last connection is closed', async () => {
		const file = place.path('claimed');
		const [symbolic, hard] = [`${file}-symbolic`, `${file}-hard`];
		writeFileSync(file, '');
		symlinkSync(file, symbolic);
		linkSync(file, hard);
		for (const release of [await claimFile(file, 'sqlite3'), await claimFile(symbolic, 'sqlite3')]) {
			for (const name of [file, symbolic, hard]) {
				await expect(claimFile(name, 'node:sqlite')).rejects.toThrow(
					"this process has it open with the driver 'sqlite3'; it cannot be opened with 'node:sqlite' at the same time",
				);
			}
			release();
		}
		(await claimFile(hard, 'node:sqlite'))();
		(await claimFile(file, 'sqlite3'))();
	});

	if (DRIVERS.length > 1) {
		it.each([DRIVERS, [...DRIVERS].reverse()])('with %s is not opened with %s', async (driver, other) => {
			const first = place.open(place.path('mixed'), {driver});
			await first.responses.size();
			const second = place.open(first.path, {driver: other});
			await expect(second.responses.size()).rejects.toMatchObject({
				code: 'ERR_CACHE_FAULT',
				message: expect.stringContaining(`driver '${driver}'`),
			});
			await first.close();
			expect(await second.responses.size()).toBe(0);
		});
	}

	it('is free again after it could not be opened', async () => {
		const file = place.path('notes.txt');
		writeFileSync(file, 'my notes. '.repeat(100));
		for (const driver of DRIVERS) {
			const {responses} = place.open(file, {driver});
			await expect(responses.size()).rejects.toThrow('not a database');
			await expect(responses.size()).rejects.toThrow('not a database');
		}
		(await claimFile(file, 'node:sqlite'))();
		(await claimFile(file, 'sqlite3'))();
	});
});
