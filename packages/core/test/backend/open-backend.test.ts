import {execFile} from 'node:child_process';
import {mkdir, mkdtemp, rm, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {sampleResponse} from '@got-client-cache/contract';
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals';
import {DYNAMODB_ACCESS, startDynamoDB} from '../../../../test-support/dynamodb-server.js';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {startRedis} from '../../../../test-support/redis-servers.js';
import {
	type CacheBackend,
	CachedSession,
	FileBackend,
	MemoryCache,
	type OpenBackendOptions,
	openBackend,
} from '../../src/index.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
let folder: string;

beforeEach(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'open-backend-'));
});
afterEach(() => rm(folder, {recursive: true, force: true}));

/** Asks twice for one URL, through two sessions, each on a backend of its own. @returns how many requests there were */
async function requestsWith(url: string, options?: OpenBackendOptions): Promise<number> {
	await using origin = await startOrigin();
	for (let count = 0; count < 2; count++) {
		await using session = new CachedSession({
			cache: await openBackend(url, options),
			expireAfter: '1h',
			onCacheError: 'throw',
		});
		expect(await session.get(`${origin.url}/a`).text()).toBe('response 1');
	}
	return origin.requests.length;
}

describe('openBackend', () => {
	it('opens a folder', async () => {
		expect(await requestsWith(`file:${folder}/cache`)).toBe(1);
		expect(await openBackend('file:cache', {maxBytes: 5, useTemp: true})).toBeInstanceOf(FileBackend);
		expect((await openBackend('file:')).name).toBe('http-cache');
	});

	it('opens an SQLite database', async () => {
		expect(await requestsWith(`sqlite:${folder}/cache.db`)).toBe(1);
		expect(await openBackend(`sqlite:${folder}/cache`, {busyTimeout: 1})).toMatchObject({
			path: `${folder}/cache.sqlite`,
		});
		expect(await openBackend('sqlite::memory:')).toMatchObject({path: ':memory:'});
		expect((await openBackend('sqlite:~/cache.db')).name).toBe('~/cache.db');
	});

	it('opens a namespace on a Redis server', async () => {
		await using server = await startRedis();
		expect(await requestsWith(server.url)).toBe(1);
		expect(await requestsWith(`${server.url}/1?name=mine`)).toBe(1);
		await using session = new CachedSession({cache: await openBackend(`${server.url}/1?name=mine`)});
		expect(await session.cache.size()).toBe(1);
		expect(session.cache.name).toBe('mine');
	}, 30_000);

	it('opens a DynamoDB table', async () => {
		await using server = await startDynamoDB();
		const url = `dynamodb://open-backend?region=eu-central-1&endpoint=${server.endpoint}`;
		const {credentials} = DYNAMODB_ACCESS;
		const backend = await openBackend(url, {credentials});
		await (backend as CacheBackend & {createTable(): Promise<unknown>}).createTable();
		await backend.close();
		expect(await requestsWith(url, {credentials})).toBe(1);
	}, 30_000);

	it('makes a cache in memory', async () => {
		const backend = await openBackend('memory:', {maxEntries: 2, expireAfter: '1h'});
		expect(backend).toMatchObject({name: 'http-cache', settings: {expireAfter: '1h'}});
		expect(backend.responses).toBeInstanceOf(MemoryCache);
		for (const key of ['a.1', 'a.2', 'a.3']) {
			await backend.responses.write(key, sampleResponse(), new Uint8Array());
		}
		expect(await backend.size()).toBe(2);
		expect((await openBackend('memory:mine')).name).toBe('mine');
	});

	it('refuses what the backend refuses, and stores', async () => {
		await expect(openBackend('memory:', {maxbytes: 5})).rejects.toMatchObject({option: 'maxbytes'});
		await expect(openBackend('memory:', {maxBytes: -5})).rejects.toMatchObject({option: 'maxBytes'});
		await expect(openBackend('file:x', {busyTimeout: 5})).rejects.toMatchObject({option: 'busyTimeout'});
		await expect(openBackend('sqlite:x', {maxEntries: 5})).rejects.toMatchObject({option: 'maxEntries'});
		await expect(openBackend('redis://h', {maxEntries: 5})).rejects.toMatchObject({option: 'maxEntries'});
		await expect(openBackend('dynamodb://table', {maxEntries: 5})).rejects.toMatchObject({option: 'maxEntries'});
		await expect(openBackend('memory:', {responses: new MemoryCache()})).rejects.toMatchObject({option: 'responses'});
		await expect(openBackend('nosql://user:secret@h')).rejects.toMatchObject({
			code: 'ERR_INVALID_OPTION',
			message: expect.not.stringContaining('secret'),
		});
	});
});

describe('a package of a backend', () => {
	/** Makes a program with core among its packages, and others as they are given: folders of files. */
	async function runProgram(packages: Record<string, Record<string, string>>): Promise<string> {
		const modules = path.join(folder, 'app', 'node_modules');
		for (const [name, files] of Object.entries(packages)) {
			await mkdir(path.join(modules, name), {recursive: true});
			for (const [file, text] of Object.entries(files)) {
				await writeFile(path.join(modules, name, file), text);
			}
		}
		// As some package managers have it: core sees its own dependencies, and not the program's.
		const core = path.join(folder, 'store', 'node_modules');
		await mkdir(path.join(core, 'got-client-cache'), {recursive: true});
		await mkdir(modules, {recursive: true});
		const {name, type, exports} = JSON.parse(JSON.stringify(corePackage));
		await writeFile(path.join(core, 'got-client-cache', 'package.json'), JSON.stringify({name, type, exports}));
		await promisify(execFile)('cp', ['-r', path.join(root, 'packages/core/dist'), path.join(core, 'got-client-cache')]);
		for (const dependency of ['got', 'cockatiel', 'lru-cache', 'matcher', 'ms', 'ts-mixer']) {
			await symlink(path.join(root, 'node_modules', dependency), path.join(core, dependency), 'dir');
		}
		await symlink(path.join(core, 'got-client-cache'), path.join(modules, 'got-client-cache'), 'dir');
		const program = `
			import {openBackend} from 'got-client-cache';
			try {
				const {kind, options} = await openBackend('redis://:secret@h/1?name=mine', {grace: 5});
				console.log(kind, JSON.stringify(options));
			} catch ({name, code, message}) {
				console.log(name, code, message);
			}`;
		await writeFile(path.join(folder, 'app', 'program.mjs'), program);
		const {stdout} = await promisify(execFile)(process.execPath, [path.join(folder, 'app', 'program.mjs')], {
			cwd: folder,
		});
		return stdout.trim();
	}

	const corePackage = {
		name: 'got-client-cache',
		type: 'module',
		exports: {'.': {default: './dist/index.js'}},
	};
	const redisPackage = (main = 'index.js') =>
		JSON.stringify({name: '@got-client-cache/redis', type: 'module', exports: {'.': {default: `./${main}`}}});

	it('that is not installed is named, with what to do', async () => {
		expect(await runProgram({})).toBe(
			'CachedSessionError ERR_MISSING_PACKAGE The package @got-client-cache/redis is not installed: npm install @got-client-cache/redis',
		);
	});

	it('is found where only the program sees it', async () => {
		const code =
			'export class RedisBackend { constructor(name, options) { this.kind = name; this.options = options; } }';
		const said = await runProgram({'@got-client-cache/redis': {'package.json': redisPackage(), 'index.js': code}});
		expect(said).toBe('mine {"url":"redis://:secret@h/1","grace":5}');
	});

	it.each([
		['needs a package that is missing', "import 'no-such-driver';", /no-such-driver/],
		['fails while it is loaded', "throw new Error('of no use here');", /cannot be loaded: of no use here/],
		['is no JavaScript', 'this is not', /cannot be loaded: /],
		['has another content', 'export class Other {}', /has no RedisBackend/],
	])('that %s says so, and not that it is missing', async (_, code, reason) => {
		const said = await runProgram({'@got-client-cache/redis': {'package.json': redisPackage(), 'index.js': code}});
		expect(said).toMatch(/^CachedSessionError ERR_CACHE_FAULT The package @got-client-cache\/redis /);
		expect(said).toMatch(reason);
		expect(said).not.toMatch(/not installed|secret/);
	});

	it('whose files are missing says so', async () => {
		const said = await runProgram({'@got-client-cache/redis': {'package.json': redisPackage('dist/gone.js')}});
		expect(said).toMatch(/ERR_CACHE_FAULT .*gone\.js/);
	});
});
