import {execFile} from 'node:child_process';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {describe, expect, it} from '@jest/globals';
import {startOrigin} from '../../../../../test-support/origin-server.js';

const run = promisify(execFile);
const fixture = fileURLToPath(new URL('fixtures/faults-in-process.mjs', import.meta.url));

// In processes of their own, with the built package, because they are about what befalls a process.
describe('a process whose store fails', () => {
	it('is warned, once, and goes on', async () => {
		await using origin = await startOrigin();
		const {stdout, stderr} = await run(process.execPath, [fixture, origin.url, 'none']);
		expect(stdout.split('\n')).toEqual(['response 1', 'response 2', 'response 3', '']);
		expect(stderr).toContain('[ERR_CACHE_FAULT] CacheFaultError: The cache failed to read: the disk is gone');
		expect(stderr.match(/CacheFaultError/g)).toHaveLength(1);
	}, 30_000);

	it('gets its answers even if its own error listener throws, which it learns about', async () => {
		await using origin = await startOrigin();
		const {stdout, stderr} = await run(process.execPath, [fixture, origin.url, 'throws']);
		const lines = stdout.trim().split('\n');
		expect(lines.filter(line => line.startsWith('response'))).toEqual(['response 1', 'response 2', 'response 3']);
		expect(lines.filter(line => line.startsWith('uncaught'))).toEqual(['uncaught: the listener is broken']);
		expect(stderr).toBe('');
	}, 30_000);
});
