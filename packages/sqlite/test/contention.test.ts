import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {afterEach, describe, expect, it} from '@jest/globals';
import {CachedSession} from 'got-client-cache';
import {moveClock} from '../../../test-support/moved-clock.js';
import {startOrigin} from '../../../test-support/origin-server.js';
import type {SQLiteDriver} from '../src/driver.js';
import {RawDatabase} from './raw-database.js';
import {temporaryPlace} from './temporary-place.js';
import {DRIVERS, testedDriver} from './tested-driver.js';

/** How long a request waits for its store (see the session), and how much more a slow machine may take, in milliseconds. */
const [STORE_DEADLINE, ALLOWANCE] = [1000, 800];

const place = temporaryPlace();
const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const children: ChildProcess[] = [];

afterEach(() => {
	for (const child of children.splice(0)) {
		child.kill('SIGKILL');
	}
});

/** Has another process take locks; what this resolves to makes it let go. */
async function holdLock(file: string, ...statements: string[]): Promise<() => Promise<void>> {
	const child = spawn(process.execPath, [fixture('hold-lock.mjs'), file, ...statements], {
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	children.push(child);
	const [said] = await once(child.stdout, 'data');
	expect(String(said)).toBe('held\n');
	return async () => {
		const closed = once(child, 'close');
		child.stdin.end();
		await closed;
	};
}

async function timed<T>(work: () => Promise<T>): Promise<[result: T, milliseconds: number]> {
	const begin = performance.now();
	return [await work(), performance.now() - begin];
}

describe('while another process holds the lock for writing for longer than a session waits', () => {
	it.each(['IMMEDIATE', 'EXCLUSIVE'])(
		'(%s) requests are answered: stored ones at once, new ones in time; then caching works again',
		async mode => {
			using clock = moveClock();
			await using origin = await startOrigin();
			const backend = place.open(place.path('cache'));
			await using session = new CachedSession({cache: backend, expireAfter: '1h'});
			const errors: string[] = [];
			session.on('error', error => errors.push(error.message));
			await session.get(`${origin.url}/stored`);
			const release = await holdLock(backend.path, `BEGIN ${mode}`, 'DELETE FROM redirects');

			const [stored, wait] = await timed(() => session.get(`${origin.url}/stored`));
			expect(stored.isFromCache).toBe(true);
			expect(wait).toBeLessThan(ALLOWANCE);
			for (const name of ['one', 'two', 'three', 'four']) {
				const [fresh, wait] = await timed(() => session.get(`${origin.url}/${name}`));
				expect(fresh).toMatchObject({statusCode: 200, isFromCache: false});
				expect(wait).toBeLessThan(STORE_DEADLINE + ALLOWANCE);
			}
			expect(errors).toEqual([expect.stringContaining('no answer within 1000 ms')]);

			await release();
			clock.advance(11);
			await session.get(`${origin.url}/later`);
			expect(await session.get(`${origin.url}/later`)).toMatchObject({isFromCache: true});
			expect(errors).toHaveLength(1);
		},
		20_000,
	);

	it('operations on the store itself reject after the busy timeout, and not before', async () => {
		const backend = place.open(place.path('cache'), {busyTimeout: 300});
		await backend.responses.size();
		const release = await holdLock(backend.path, 'BEGIN IMMEDIATE');
		const begin = performance.now();
		await expect(backend.responses.clear()).rejects.toMatchObject({
			code: 'ERR_CACHE_FAULT',
			message: expect.stringContaining('database is locked'),
		});
		const wait = performance.now() - begin;
		expect(wait).toBeGreaterThanOrEqual(300);
		expect(wait).toBeLessThan(300 + ALLOWANCE);
		await release();
		await backend.responses.clear();
	});
});

describe('while another process has the whole database to itself', () => {
	it('a session that comes later is answered from the network in time, and caches when it is free', async () => {
		using clock = moveClock();
		await using origin = await startOrigin();
		const earlier = place.open(place.path('cache'));
		await earlier.responses.size();
		await earlier.close();
		const release = await holdLock(earlier.path, 'PRAGMA locking_mode = EXCLUSIVE', 'BEGIN EXCLUSIVE');
		await using session = new CachedSession({cache: place.open(earlier.path), expireAfter: '1h'});
		const errors: string[] = [];
		session.on('error', error => errors.push(error.message));

		for (let count = 1; count <= 4; count++) {
			const [answer, wait] = await timed(() => session.get(origin.url));
			expect(answer).toMatchObject({body: `response ${count}`, isFromCache: false});
			// The first one asks both stores, and tries to write; then the session leaves the store alone.
			expect(wait).toBeLessThan((count === 1 ? 3 : 1) * STORE_DEADLINE + ALLOWANCE);
		}
		expect(errors.length).toBeGreaterThan(0);

		await release();
		clock.advance(11);
		await session.get(origin.url);
		expect(await session.get(origin.url)).toMatchObject({isFromCache: true});
	}, 20_000);
});

describe('four processes that write and read one file as fast as they can', () => {
	const mixes: Array<readonly SQLiteDriver[]> = [new Array<SQLiteDriver>(4).fill(testedDriver)];
	if (DRIVERS.length > 1) {
		mixes.push(['sqlite3', 'node:sqlite', 'sqlite3', 'node:sqlite']);
	}

	it.each(mixes.map(mix => [mix]))(
		'(%p) never hear of a lock, and read whole records',
		async mix => {
			const file = place.path('cache.sqlite');
			const outcomes = mix.map(async (driver, index) => {
				const child = spawn(process.execPath, [fixture('write-without-end.mjs'), file, `p${index}`, '25'], {
					env: {...process.env, SQLITE_TEST_DRIVER: driver},
				});
				children.push(child);
				child.stdout.resume();
				let complaints = '';
				child.stderr.on('data', data => {
					complaints += data;
				});
				const [code, signal] = await once(child, 'close');
				return [code, signal, complaints];
			});
			expect(await Promise.all(outcomes)).toEqual(mix.map(() => [0, null, '']));
			expect(await RawDatabase.query(file, 'PRAGMA integrity_check')).toEqual([{integrity_check: 'ok'}]);
		},
		60_000,
	);
});
