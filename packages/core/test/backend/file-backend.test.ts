import {spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from '@jest/globals';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {CachedSession, FileBackend, InvalidOptionError} from '../../src/index.js';
import {fileFolders} from '../storage/file/file-folders.js';

const folders = fileFolders();
const program = fileURLToPath(new URL('fixtures/file-limits.mjs', import.meta.url));

describe('FileBackend', () => {
	it('has the folder’s absolute path, and http-cache as its name by default', () => {
		expect(new FileBackend().path).toBe(path.resolve('http-cache'));
		expect(new FileBackend().name).toBe('http-cache');
		expect(new FileBackend('a/b').path).toBe(path.resolve('a/b'));
	});

	it('refuses a file, unknown options and stores', () => {
		const file = path.join(folders.make(), 'file');
		writeFileSync(file, '');
		expect(() => new FileBackend(file)).toThrow(InvalidOptionError);
		expect(() => new FileBackend('x', {useTemp: 1 as unknown as boolean})).toThrow(/'useTemp'/);
		expect(() => new FileBackend('x', {maxEntries: 1} as object)).toThrow(/'maxEntries'.*FileBackend/);
		expect(() => new FileBackend('x', {responses: undefined} as object)).toThrow(/'responses'/);
		expect(() => new FileBackend('x', {expireAfter: 'soon'})).toThrow(/'expireAfter'/);
	});

	it('answers the next session, and one in another process’s place', async () => {
		await using origin = await startOrigin();
		const folder = folders.make();
		for (let count = 0; count < 2; count++) {
			await using session = new CachedSession({cache: new FileBackend(folder), expireAfter: '1h'});
			expect(await session.get(`${origin.url}/a`).text()).toBe('response 1');
		}
		expect(origin.requests).toHaveLength(1);
	});

	it.each([
		['no descriptors are left', ['-n', '500'], 'descriptors'],
		['a file may not be as large', ['-f', '2000'], 'size'],
	])('rejects, and goes on afterwards, when %s', (_, limit, what) => {
		const command = `ulimit ${limit.join(' ')} && exec "$0" "$@"`;
		const {stdout, stderr, status} = spawnSync(
			'bash',
			['-c', command, process.execPath, program, folders.make(), what],
			{
				encoding: 'utf8',
				timeout: 30_000,
			},
		);
		expect({stdout: stdout.trim(), stderr, status}).toEqual({stdout: 'ok', stderr: '', status: 0});
	});
});
