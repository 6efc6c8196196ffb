/** The short form of `npm run bench:soak`; it runs the built packages, in a process of its own. */
import {execFile} from 'node:child_process';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from '@jest/globals';

const program = fileURLToPath(new URL('../../../bench/soak.mjs', import.meta.url));

function soak(...args: string[]): Promise<{code: number; stdout: string}> {
	return new Promise((resolve, reject) => {
		const options = {timeout: 110_000, maxBuffer: 64 * 1024 * 1024};
		execFile(process.execPath, [program, ...args], options, (error, stdout) => {
			if (error && typeof error.code !== 'number') {
				reject(error);
			} else {
				resolve({code: (error?.code as number | undefined) ?? 0, stdout});
			}
		});
	});
}

describe('5,000 hits and 500 misses, in memory and in SQLite', () => {
	it('leave no heap, no listener, no handle and no timer behind', async () => {
		const {code, stdout} = await soak('--hits', '5000', '--misses', '500');
		expect(stdout).toMatch(/^5000 hits and 500 misses/);
		expect({code, stdout}).toMatchObject({code: 0});
	}, 120_000);

	it("which is more than can be said of got's own cache", async () => {
		const {code, stdout} = await soak('--hits', '1000', '--misses', '100', '--of', 'got-cache');
		expect(stdout).toMatch(/SOMETHING IS LEFT/);
		expect(code).toBe(1);
	}, 120_000);
});
