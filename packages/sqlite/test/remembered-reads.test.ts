import {type ChildProcess, fork} from 'node:child_process';
import {once} from 'node:events';
import {rmSync, statSync, symlinkSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {sampleHop, sampleResponse} from '@got-client-cache/contract';
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals';
import type {BaseCache, CacheRecord} from 'got-client-cache';
import type {SQLiteBackend} from '../src/sqlite-backend.js';
import {RawDatabase} from './raw-database.js';
import {temporaryPlace} from './temporary-place.js';

const place = temporaryPlace();
const KEY = 'a.1';

/** What a read gives at once; `undefined`: it asks the database. */
function remembered(cache: BaseCache, key = KEY): CacheRecord | undefined {
	const record = cache.read(key);
	return record instanceof Promise ? undefined : record;
}

async function untilRemembered(cache: BaseCache, key = KEY): Promise<CacheRecord> {
	const deadline = performance.now() + 10_000;
	while (performance.now() < deadline) {
		const record = cache.read(key);
		if (record && !(record instanceof Promise)) {
			return record;
		}
		await record;
	}
	throw new Error('it is never remembered');
}

/** For longer than it takes to be remembered. */
async function readOften(cache: BaseCache): Promise<void> {
	const deadline = performance.now() + 400;
	while (performance.now() < deadline) {
		expect(remembered(cache)).toBeUndefined();
		await cache.read(KEY);
	}
}

const textOf = async (cache: BaseCache, key = KEY) => {
	const record = await cache.read(key);
	return record && Buffer.from(await record.body.bytes()).toString();
};

/** Changes of a cache in the hand of another: each resolves when the change is done. */
interface Other {
	write(text: string): Promise<unknown>;
	touch(version: string): Promise<unknown>;
	delete(): Promise<unknown>;
}

/** Every kind of change, each seen by the first read that begins after it. */
async function expectToSeeChanges(cache: BaseCache, other: Other, rounds: number, before: () => Promise<unknown>) {
	for (let round = 0; round < rounds; round++) {
		await other.write(`text ${round}`);
		expect(await textOf(cache)).toBe(`text ${round}`);
		await before();
		await other.write(`again ${round}`);
		const record = (await cache.read(KEY))!;
		expect(Buffer.from(await record.body.bytes()).toString()).toBe(`again ${round}`);
		await before();
		await other.touch(record.version);
		expect((await cache.read(KEY))?.metadata.kind).toBe('hop');
		await before();
		await other.delete();
		expect(await cache.read(KEY)).toBeUndefined();
	}
}

describe('a record that was read lately', () => {
	let backend: SQLiteBackend;
	let responses: BaseCache;

	beforeEach(async () => {
		backend = place.open(place.path('recent'));
		({responses} = backend);
		await responses.write(KEY, sampleResponse(), Buffer.from('one'));
	});

	it('is given at once, the same to all, and written nowhere', async () => {
		const record = await untilRemembered(responses);
		expect(record).toEqual({
			metadata: sampleResponse(),
			version: expect.any(String),
			body: expect.objectContaining({size: 3}),
		});
		expect(remembered(responses)).toBe(record);
		const {mtimeNs} = statSync(`${backend.path}-wal`, {bigint: true});
		await untilRemembered(backend.responses);
		expect(statSync(`${backend.path}-wal`, {bigint: true}).mtimeNs).toBe(mtimeNs);
	});

	it('belongs to one of the two caches', async () => {
		await untilRemembered(responses);
		expect(await backend.redirects.read(KEY)).toBeUndefined();
		await backend.redirects.write(KEY, sampleHop(), Buffer.from('hop'));
		expect((await untilRemembered(backend.redirects)).metadata.kind).toBe('hop');
		expect((await untilRemembered(responses)).metadata.kind).toBe('response');
	});

	it.each<[string, (cache: BaseCache, version: string) => unknown]>([
		['write', cache => cache.write(KEY, sampleResponse(), Buffer.from('two'))],
		['touch', (cache, version) => cache.touch(KEY, version, sampleHop())],
		['delete', cache => cache.delete(KEY)],
		['bulkDelete', cache => cache.bulkDelete([KEY])],
		['deleteExpired', cache => cache.deleteExpired(Number.MAX_SAFE_INTEGER)],
		['clear', cache => cache.clear()],
	])('is not given at once any more from the moment that %s is called', async (_, change) => {
		await responses.write(KEY, sampleResponse({expires: 5}), Buffer.from('one'));
		const {version} = await untilRemembered(responses);
		const changed = change(responses, version);
		expect(remembered(responses)).toBeUndefined();
		await changed;
		const record = await responses.read(KEY);
		expect(record?.metadata.kind === 'response' && record.version === version).toBe(false);
	});

	it('is not what a change of our own has just replaced, time and again', async () => {
		const own: Other = {
			write: async text => responses.write(KEY, sampleResponse(), Buffer.from(text)),
			touch: version => responses.touch(KEY, version, sampleHop()),
			delete: async () => responses.delete(KEY),
		};
		await expectToSeeChanges(responses, own, 100, async () => undefined);
		await expectToSeeChanges(responses, own, 3, () => untilRemembered(responses));
	});

	it('is not remembered while another holds the lock for writing, who may be about to make a change visible', async () => {
		const other = await RawDatabase.open(backend.path);
		await other.execute(`BEGIN IMMEDIATE; UPDATE responses SET version = 'new' WHERE key = '${KEY}'`);
		await readOften(responses);
		await other.execute('COMMIT');
		expect((await responses.read(KEY))?.version).toBe('new');
		await other.close();
		expect((await untilRemembered(responses)).version).toBe('new');
	});

	it.each(['PASSIVE', 'FULL', 'RESTART', 'TRUNCATE'])('is right after a %s checkpoint', async mode => {
		await untilRemembered(responses);
		const other = await RawDatabase.open(backend.path);
		for (const version of ['two', 'three']) {
			await other.query(`PRAGMA wal_checkpoint(${mode})`);
			expect(await textOf(responses)).toBe('one');
			await untilRemembered(responses);
			await other.execute(`UPDATE responses SET version = '${version}' WHERE key = '${KEY}'`);
			expect((await responses.read(KEY))?.version).toBe(version);
		}
		await other.close();
	});

	it('comes from the database again when the log is removed', async () => {
		await untilRemembered(responses);
		rmSync(`${backend.path}-wal`);
		await readOften(responses);
		await responses.write(KEY, sampleResponse(), Buffer.from('two'));
		expect(await textOf(responses)).toBe('two');
	});

	it('is found behind a symbolic link', async () => {
		const link = place.path('link.sqlite');
		symlinkSync(backend.path, link);
		const linked = place.open(link);
		expect((await untilRemembered(linked.responses)).body.size).toBe(3);
	});

	it('is not given by a cache that is closed', async () => {
		await untilRemembered(responses);
		await backend.close();
		await expect((async () => responses.read(KEY))()).rejects.toMatchObject({code: 'ERR_CACHE_CLOSED'});
	});

	it('always comes from the database when that is in memory', async () => {
		const inMemory = place.open(':memory:');
		await inMemory.responses.write(KEY, sampleResponse(), Buffer.from('one'));
		await readOften(inMemory.responses);
	});
});

describe('a change by another', () => {
	it('connection is seen by the next read', async () => {
		const {path: file, responses} = place.open(place.path('recent'));
		const theirs = place.open(file).responses;
		const other: Other = {
			write: async text => theirs.write(KEY, sampleResponse(), Buffer.from(text)),
			touch: version => theirs.touch(KEY, version, sampleHop()),
			delete: async () => theirs.delete(KEY),
		};
		await expectToSeeChanges(responses, other, 200, async () => undefined);
		await expectToSeeChanges(responses, other, 8, () => untilRemembered(responses));
	}, 60_000);

	describe('process', () => {
		let child: ChildProcess;

		afterEach(async () => {
			child.disconnect();
			await once(child, 'exit');
		});

		it('is seen by the next read', async () => {
			const {path: file, responses} = place.open(place.path('recent'));
			await responses.size();
			child = fork(fileURLToPath(new URL('fixtures/obey.mjs', import.meta.url)), [file], {execArgv: []});
			await once(child, 'message');
			const call = async (method: string, ...parameters: unknown[]) => {
				const answer = once(child, 'message');
				child.send({method, parameters});
				return answer;
			};
			const other: Other = {
				write: text => call('write', KEY, sampleResponse(), text),
				touch: version => call('touch', KEY, version, sampleHop()),
				delete: () => call('delete', KEY),
			};
			await expectToSeeChanges(responses, other, 200, async () => undefined);
			await expectToSeeChanges(responses, other, 8, () => untilRemembered(responses));
		}, 60_000);
	});
});
