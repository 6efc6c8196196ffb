import {execFile} from 'node:child_process';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {expect, it} from '@jest/globals';
import {Options} from 'got';
import {GOT_MAJOR, GOT_VERSION} from '../../../../../test-support/got-version.js';
import {GOT_MAJOR as told} from '../../../src/session/got/got-version.js';

const root = fileURLToPath(new URL('../../../../..', import.meta.url));

it('a session knows which got it works with', () => {
	expect(told).toBe(GOT_MAJOR);
});

it('programs that tests start have the same got', async () => {
	const program =
		"const {Options} = await import('got'); console.log(Object.getOwnPropertyNames(Options.prototype).join())";
	const {stdout} = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {cwd: root});
	expect(stdout.trim()).toBe(Object.getOwnPropertyNames(Options.prototype).join());
});

it('the versions that are supported are those that are tested', () => {
	expect(GOT_VERSION).toMatch(/^(?:14\.(?:[6-9]|\d{2,})|15|16)\./);
});
