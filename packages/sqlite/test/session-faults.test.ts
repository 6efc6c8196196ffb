import {mkdirSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {setImmediate as turn} from 'node:timers/promises';
import {describe, expect, it} from '@jest/globals';
import {CachedSession, type CacheFaultError} from 'got-client-cache';
import {moveClock} from '../../../test-support/moved-clock.js';
import {startOrigin} from '../../../test-support/origin-server.js';
import {SQLiteBackend} from '../src/sqlite-backend.js';
import {bytesBeside, RawDatabase} from './raw-database.js';
import {temporaryPlace} from './temporary-place.js';
import {testedDriver} from './tested-driver.js';

const place = temporaryPlace();

function collectErrors(session: CachedSession): CacheFaultError[] {
	const errors: CacheFaultError[] = [];
	session.on('error', error => void errors.push(error as CacheFaultError));
	return errors;
}

/** Fills a database through a session, and closes it. */
async function fill(file: string, url: string): Promise<void> {
	await using session = new CachedSession({cache: new SQLiteBackend(file, {driver: testedDriver})});
	await session.get(url);
}

const broken: Array<[name: string, breakIt: (file: string) => unknown, message: RegExp]> = [
	['is a text', file => writeFileSync(file, 'my notes. '.repeat(100)), /not a database/],
	['is another application’s', file => RawDatabase.execute(file, 'CREATE TABLE notes (text)'), /another application/],
	[
		'is a database of ours that was cut off',
		async file => {
			await using origin = await startOrigin();
			await fill(file, origin.url);
			truncateSync(file, 5000);
		},
		/malformed|corrupt/,
	],
	[
		'is of a newer release',
		file =>
			RawDatabase.execute(file, 'PRAGMA application_id = 1195590472; PRAGMA user_version = 99; CREATE TABLE a (b)'),
		/version 99/,
	],
];

describe.each(broken)('a file that %s', (_name, breakIt, message) => {
	it('breaks no request, is reported once, and stays as it is', async () => {
		const file = place.path('cache.sqlite');
		await breakIt(file);
		const before = bytesBeside(file);
		await using origin = await startOrigin();
		const session = new CachedSession({cache: new SQLiteBackend(file, {driver: testedDriver})});
		const errors = collectErrors(session);
		for (let index = 1; index <= 5; index++) {
			expect(await session.get(origin.url)).toMatchObject({body: `response ${index}`, cacheKey: undefined});
		}
		const together = await Promise.all(Array.from({length: 20}, () => session.get(`${origin.url}/together`)));
		expect(together.every(({statusCode}) => statusCode === 200)).toBe(true);
		await turn();
		expect(errors).toHaveLength(1);
		expect(errors[0]).toMatchObject({
			code: 'ERR_CACHE_FAULT',
			operation: 'read',
			message: expect.stringMatching(message),
		});
		expect(String(errors[0])).toContain(file);
		await session.close();
		expect(bytesBeside(file)).toEqual(before);
	});
});

describe('a place that', () => {
	it('is a folder is refused at once, by name', () => {
		const folder = place.path('folder');
		mkdirSync(folder);
		expect(() => new SQLiteBackend(folder)).toThrow(
			expect.objectContaining({code: 'ERR_INVALID_OPTION', option: 'name', message: expect.stringContaining(folder)}),
		);
	});

	it.each([
		['lies below a file', (file: string) => path.join(file, 'cache.sqlite')],
		['lies where nothing can be made', () => '/sys/nowhere/cache.sqlite'],
		['has too long a name', (file: string) => path.join(path.dirname(file), `${'x'.repeat(300)}.sqlite`)],
	])('%s breaks no request, and is reported once', async (_name, placeOf) => {
		const file = place.path('file');
		writeFileSync(file, '');
		await using origin = await startOrigin();
		await using session = new CachedSession({cache: new SQLiteBackend(placeOf(file), {driver: testedDriver})});
		const errors = collectErrors(session);
		for (let index = 1; index <= 5; index++) {
			expect(await session.get(origin.url)).toMatchObject({body: `response ${index}`, isFromCache: false});
		}
		await turn();
		expect(errors).toHaveLength(1);
	});

	it('is mended is used again, ten seconds later', async () => {
		using clock = moveClock();
		const file = place.path('cache.sqlite');
		writeFileSync(file, 'my notes');
		await using origin = await startOrigin();
		await using session = new CachedSession({cache: new SQLiteBackend(file, {driver: testedDriver})});
		collectErrors(session);
		for (let index = 1; index <= 5; index++) {
			await session.get(origin.url);
		}
		rmSync(file);
		clock.advance(11);
		await session.get(origin.url);
		expect(await session.get(origin.url)).toMatchObject({body: 'response 6', isFromCache: true});
	});
});

describe('a database that another process', () => {
	it('holds locked for writing is read from; what is new goes to the network, and is reported once', async () => {
		const file = place.path('cache.sqlite');
		await using origin = await startOrigin();
		await fill(file, `${origin.url}/stored`);
		const other = await RawDatabase.open(file);
		await other.execute('BEGIN IMMEDIATE');
		await using session = new CachedSession({cache: new SQLiteBackend(file, {busyTimeout: 20, driver: testedDriver})});
		const errors = collectErrors(session);
		for (let index = 0; index < 5; index++) {
			expect(await session.get(`${origin.url}/stored`)).toMatchObject({isFromCache: true});
			expect(await session.get(`${origin.url}/new`)).toMatchObject({isFromCache: false, cacheKey: undefined});
		}
		expect(errors.map(({operation}) => operation)).toEqual(['write']);
		await other.execute('COMMIT');
		await other.close();
	});

	it('damages while it is used breaks no request', async () => {
		const file = place.path('cache.sqlite');
		await using origin = await startOrigin();
		await using session = new CachedSession({cache: new SQLiteBackend(file, {driver: testedDriver})});
		const errors = collectErrors(session);
		await session.get(origin.url);
		await RawDatabase.execute(file, 'DROP TABLE responses');
		for (let index = 2; index <= 6; index++) {
			expect(await session.get(origin.url)).toMatchObject({body: `response ${index}`});
		}
		await turn();
		expect(errors.length).toBeGreaterThan(0);
		expect(errors.length).toBeLessThanOrEqual(2);
	});
});

describe('a backend that was closed', () => {
	it('breaks no request of a session that still uses it', async () => {
		await using origin = await startOrigin();
		const backend = place.open(place.path('cache.sqlite'));
		await using session = new CachedSession({cache: backend});
		const errors = collectErrors(session);
		await session.get(origin.url);
		await backend.close();
		expect(await session.get(origin.url)).toMatchObject({body: 'response 2', isFromCache: false});
		expect(await session.get(origin.url)).toMatchObject({body: 'response 3', isFromCache: false});
		await turn();
		expect(errors).toMatchObject([{code: 'ERR_CACHE_FAULT', cause: {code: 'ERR_CACHE_CLOSED'}}]);
	});
});
