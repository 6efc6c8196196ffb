import {execFile} from 'node:child_process';
import {mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {stat} from 'node:fs/promises';
import {homedir, tmpdir} from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
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

	it.each(['../cache', 'a/../../b', '..'])('with useTemp, %p is refused: it leads out', name => {
		expect(() => folderPath(name, true)).toThrow(/'name'.*temporary folder/);
	});

	it.each(['file:./cache', 'sqlite:cache.db', 'FILE:///cache'])('%p is refused: it is a URL', name => {
		expect(() => folderPath(name, false)).toThrow(/'name'.*openBackend/);
		expect(folderPath(`./${name}`, false)).toBe(path.resolve(`./${name}`));
	});

	it('is not made through a link that stands in place of the temporary folder', async () => {
		const [temporary, elsewhere] = [path.join(folder, 'tmp'), path.join(folder, 'elsewhere')];
		mkdirSync(temporary);
		mkdirSync(elsewhere);
		symlinkSync(elsewhere, path.join(temporary, path.basename(temporaryFolder())));
		// Another process, since this one's temporary folder is where it is.
		const program = `
			import {makeFolder, temporaryFolder} from 'got-client-cache';
			await makeFolder(temporaryFolder() + '/cache').catch(error => console.log(error.message));
		`;
		const {stdout} = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
			cwd: import.meta.dirname,
			env: {...process.env, TMPDIR: temporary, NODE_OPTIONS: ''},
		});
		expect(stdout).toMatch(/belongs to another user/);
		expect(readdirSync(elsewhere)).toEqual([]);
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
