import {execFile} from 'node:child_process';
import {cpSync, existsSync, mkdirSync, readFileSync, symlinkSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {describe, expect, it} from '@jest/globals';
import {startOrigin} from '../../../test-support/origin-server.js';
import {temporaryPlace} from './temporary-place.js';
import {DRIVERS} from './tested-driver.js';

const place = temporaryPlace();
const run = promisify(execFile);
const packageFolder = fileURLToPath(new URL('..', import.meta.url));
const fixture = fileURLToPath(new URL('fixtures/ask-in-turn.mjs', import.meta.url));

/** Where npm has put a package that this one depends on. */
function installed(name: string): string {
	const folders = [packageFolder, path.join(packageFolder, '../..')].map(root => path.join(root, 'node_modules', name));
	return folders.find(folder => existsSync(folder))!;
}

/** A folder with this package installed as built, and with what it depends on, but without sqlite3. */
function installWithoutSqlite3(): string {
	const root = path.dirname(place.path('x'));
	const own = path.join(root, 'node_modules/@got-client-cache/sqlite');
	mkdirSync(own, {recursive: true});
	cpSync(path.join(packageFolder, 'dist'), path.join(own, 'dist'), {recursive: true});
	cpSync(path.join(packageFolder, 'package.json'), path.join(own, 'package.json'));
	cpSync(fixture, path.join(root, 'ask-in-turn.mjs'));
	const {dependencies} = JSON.parse(readFileSync(path.join(own, 'package.json'), 'utf8'));
	for (const name of [...Object.keys(dependencies), 'got-client-cache']) {
		symlinkSync(installed(name), path.join(root, 'node_modules', name), 'junction');
	}
	return root;
}

/** Installs sqlite3 as it is where its addon could not be built. */
function addWithoutAddon(root: string): void {
	for (const name of ['package.json', 'lib']) {
		cpSync(path.join(installed('sqlite3'), name), path.join(root, 'node_modules/sqlite3', name), {recursive: true});
	}
	symlinkSync(installed('bindings'), path.join(root, 'node_modules/bindings'), 'junction');
}

/** What a session in a process of its own gets when it asks for one URL three times. */
async function askThrice(root: string, driver: string) {
	await using origin = await startOrigin();
	const file = path.join(root, 'cache.sqlite');
	const urls = new Array<string>(3).fill(origin.url);
	const {stdout} = await run(process.execPath, [path.join(root, 'ask-in-turn.mjs'), file, driver, ...urls]);
	const {answers, errors} = JSON.parse(stdout) as {answers: Array<{isFromCache: boolean}>; errors: string[]};
	return {fromCache: answers.map(({isFromCache}) => isFromCache), errors};
}

const broken: Array<[name: string, install: () => string, reason: string]> = [
	['not installed', installWithoutSqlite3, "Cannot find package 'sqlite3'"],
	[
		'installed without its addon',
		() => {
			const root = installWithoutSqlite3();
			addWithoutAddon(root);
			return root;
		},
		'Could not locate the bindings file',
	],
];

describe.each(broken)('where sqlite3 is %s', (_name, install, reason) => {
	const whatToDo = DRIVERS.includes('node:sqlite')
		? "or use the driver 'node:sqlite'"
		: `or use Node.js 22.15 or later, which has a driver of its own (this is ${process.version})`;

	it('a session that wants it goes to the network, and says once what to do', async () => {
		const {fromCache, errors} = await askThrice(install(), 'sqlite3');
		expect(fromCache).toEqual([false, false, false]);
		expect(errors).toEqual([expect.stringContaining(`the package sqlite3 cannot be loaded (${reason}`)]);
		expect(errors[0]).toContain('install it with "npm install sqlite3"');
		expect(errors[0]).toContain('Python 3, make and a C++ compiler');
		expect(errors[0]?.endsWith(whatToDo)).toBe(true);
		expect(errors[0]).not.toContain('\n');
	});

	if (DRIVERS.includes('node:sqlite')) {
		it('a session that has no wish uses node:sqlite', async () => {
			expect(await askThrice(install(), '')).toEqual({fromCache: [false, true, true], errors: []});
		});
	} else {
		it('a session that has no wish goes to the network too, where there is no node:sqlite', async () => {
			const {fromCache, errors} = await askThrice(install(), '');
			expect(fromCache).toEqual([false, false, false]);
			expect(errors).toEqual([expect.stringContaining(whatToDo)]);
		});
	}
});
