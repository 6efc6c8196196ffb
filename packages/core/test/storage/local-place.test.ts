import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {stat} from 'node:fs/promises';
import {homedir, tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from '@jest/globals';
import {InvalidOptionError} from '../../src/errors.js';
import {folderPath, makeFolder, temporaryFolder} from '../../src/storage/local-place.js';

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'file-place-'));
});
afterAll(() => rmSync(folder, {recursive: true}));

describe('the folder of a cache', () => {
	it.each([
		['cache', path.resolve('cache')],
		['a/b.c', path.resolve('a/b.c')],
		['/data/cache/', '/data/cache'],
		['~/cache', path.join(homedir(), 'cache')],
		['~', homedir()],
		['~cache', path.resolve('~cache')],
		['a/~/b', path.resolve('a/~/b')],
	])('%p is %p', (name, expected) => {
		expect(folderPath(name, false)).toBe(expected);
	});

	it.each([
		['cache', path.join(temporaryFolder(), 'cache')],
		['/data/cache', '/data/cache'],
		['~/cache', path.join(homedir(), 'cache')],
	])('with useTemp, %p is %p', (name, expected) => {
		expect(folderPath(name, true)).toBe(expected);
	});

	it('has a temporary folder that is not another user’s', () => {
		expect(temporaryFolder()).toBe(path.join(tmpdir(), `got-client-cache-${process.getuid?.()}`));
	});

	it.each(['', 'a\0b', 5, undefined, null, {}])('%p is refused', name => {
		expect(() => folderPath(name as string, false)).toThrow(InvalidOptionError);
	});

	it('may be there, and not be a file', () => {
		expect(folderPath(folder, false)).toBe(folder);
		const file = path.join(folder, 'file');
		writeFileSync(file, '');
		expect(() => folderPath(file, false)).toThrow(/'name'.*this is a file/);
	});

	it('is made for its owner only, with those above it', async () => {
		const made = path.join(folder, 'x', 'y');
		await makeFolder(made);
		await makeFolder(made);
		expect((await stat(made)).mode & 0o777).toBe(0o700);
		expect((await stat(path.dirname(made))).mode & 0o777).toBe(0o700);
	});
});
