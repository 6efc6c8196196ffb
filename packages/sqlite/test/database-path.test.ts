import {mkdirSync, writeFileSync} from 'node:fs';
import {homedir, tmpdir} from 'node:os';
import path from 'node:path';
import {describe, expect, it} from '@jest/globals';
import {InvalidOptionError, temporaryFolder} from 'got-client-cache';
import {databasePath} from '../src/database-path.js';
import {temporaryPlace} from './temporary-place.js';

const place = temporaryPlace();

describe('the path of a database', () => {
	it.each([
		['cache', path.resolve('cache.sqlite')],
		['cache.db', path.resolve('cache.db')],
		['a/b', path.resolve('a/b.sqlite')],
		['/data/cache', '/data/cache.sqlite'],
		['/data/cache.sqlite', '/data/cache.sqlite'],
		['/data/v1.2/cache', '/data/v1.2/cache.sqlite'],
		['~/cache', path.join(homedir(), 'cache.sqlite')],
		['~cache', path.resolve('~cache.sqlite')],
		['a/~/b', path.resolve('a/~/b.sqlite')],
		[':memory:', ':memory:'],
	])('%p is %p', (name, expected) => {
		expect(databasePath(name, false)).toBe(expected);
	});

	it.each([
		['cache', path.join(temporaryFolder(), 'cache.sqlite')],
		['a/cache.db', path.join(temporaryFolder(), 'a/cache.db')],
		['/data/cache', '/data/cache.sqlite'],
		['~/cache', path.join(homedir(), 'cache.sqlite')],
		[':memory:', ':memory:'],
	])('with useTemp, %p is %p', (name, expected) => {
		expect(databasePath(name, true)).toBe(expected);
	});

	it('has a temporary folder that is not another user’s', () => {
		expect(temporaryFolder()).toBe(path.join(tmpdir(), `got-client-cache-${process.getuid?.()}`));
	});

	it.each(['', 'a\0b', 5, undefined, null, new URL('file:///tmp/x')])('%p is refused', name => {
		expect(() => databasePath(name as string, false)).toThrow(InvalidOptionError);
	});

	it('may be a file that is there, not a folder', () => {
		const file = place.path('there.sqlite');
		writeFileSync(file, '');
		expect(databasePath(file, false)).toBe(file);
		const folder = path.dirname(file);
		expect(() => databasePath(folder, false)).toThrow(/'name'.*this is a folder/);
		expect(() => databasePath(`${folder}/`, false)).toThrow(InvalidOptionError);
		expect(() => databasePath('~', false)).toThrow(InvalidOptionError);
		mkdirSync(path.join(folder, 'folder.sqlite'));
		expect(() => databasePath(path.join(folder, 'folder'), false)).toThrow(InvalidOptionError);
	});
});
