import {execFile} from 'node:child_process';
import {chmodSync, chownSync, readFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {describe, expect, it} from '@jest/globals';
import {CachedSession} from 'got-client-cache';
import {type Origin, startOrigin} from '../../../test-support/origin-server.js';
import {RawDatabase} from './raw-database.js';
import {temporaryPlace} from './temporary-place.js';
import {testedDriver} from './tested-driver.js';

/** Nobody's number, on most systems. */
const NOBODY = 65_534;

const place = temporaryPlace();
const run = promisify(execFile);
const fixture = fileURLToPath(new URL('fixtures/ask-in-turn.mjs', import.meta.url));
const isRoot = process.getuid?.() === 0;

interface Outcome {
	readonly answers: ReadonlyArray<{readonly size: number; readonly isFromCache: boolean}>;
	readonly errors: readonly string[];
}

/** What a session in another process gets, which is started by a command of the shell's. */
async function ask(command: string, file: string, urls: readonly string[], user = ''): Promise<Outcome> {
	const {stdout} = await run('sh', ['-c', command, 'sh', process.execPath, fixture, file, testedDriver, ...urls], {
		env: {...process.env, TEST_USER: user},
	});
	return JSON.parse(stdout);
}

const sizes = ({answers}: Outcome) => answers.map(({size}) => size);
const hits = ({answers}: Outcome) => answers.map(({isFromCache}) => isFromCache);

/** An origin whose answers have 100,000 bytes, and a list of as many of its URLs. */
async function largeOrigin(count: number): Promise<[origin: Origin, urls: string[]]> {
	const origin = await startOrigin(({url}) => ({body: Buffer.alloc(100_000, url)}));
	return [origin, Array.from({length: count}, (_, index) => `${origin.url}/${index}`)];
}

describe('a file that cannot grow any more', () => {
	// In blocks of 512 or 1024 bytes, as the shell likes.
	it.each([30, 400, 3000])(
		'(at %d blocks) breaks no request, and is sound afterwards',
		async blocks => {
			const file = path.join(place.path('full'), 'cache.sqlite');
			const [origin, urls] = await largeOrigin(40);
			await using _ = origin;
			const outcome = await ask(`ulimit -f ${blocks} && exec "$@"`, file, [...urls, ...urls.slice(0, 3)]);
			expect(sizes(outcome)).toEqual(new Array(43).fill(100_000));
			expect(outcome.errors).not.toEqual([]);
			expect(outcome.errors.every(message => message.includes(file))).toBe(true);

			expect(await RawDatabase.query(file, 'PRAGMA integrity_check')).toEqual([{integrity_check: 'ok'}]);
			const backend = place.open(file);
			await using session = new CachedSession({cache: backend, onCacheError: 'throw'});
			for await (const {metadata, body} of backend.responses.values()) {
				const {pathname} = new URL(metadata.kind === 'response' ? metadata.url : '');
				expect(Buffer.alloc(100_000, pathname).equals(await body.bytes())).toBe(true);
			}
			for (const url of urls) {
				await session.get(url);
			}
			expect(await session.get(urls[39]!)).toMatchObject({isFromCache: true});
		},
		20_000,
	);
});

describe('a place that can only be read', () => {
	const cases: Array<[name: string, file: number, folder: number, isRead: boolean]> = [
		['the file', 0o444, 0o755, true],
		['the folder', 0o644, 0o555, false],
		['both', 0o444, 0o555, false],
	];

	it.each(cases)('(%s) breaks no request, and stays as it is', async (_name, fileMode, folderMode, isRead) => {
		await using origin = await startOrigin({body: 'answer'});
		const file = place.path('cache.sqlite');
		const folder = path.dirname(file);
		const stored = `${origin.url}/stored`;
		await ask('exec "$@"', file, [stored]);
		if (isRoot) {
			chownSync(file, NOBODY, NOBODY);
			chownSync(folder, NOBODY, NOBODY);
		}
		chmodSync(file, fileMode);
		chmodSync(folder, folderMode);
		const before = readFileSync(file);

		const urls = [stored, `${origin.url}/new`, `${origin.url}/new`, stored];
		const outcome = await ask('exec "$@"', file, urls, isRoot ? String(NOBODY) : '');
		chmodSync(folder, 0o755);
		expect(sizes(outcome)).toEqual([6, 6, 6, 6]);
		expect(hits(outcome)).toEqual([isRead, false, false, isRead]);
		expect(outcome.errors).toEqual([expect.stringContaining('SQLITE_READONLY')]);
		expect(readFileSync(file).equals(before)).toBe(true);
	});

	it('is not made into a database where there was none, and breaks no request', async () => {
		await using origin = await startOrigin({body: 'answer'});
		const file = place.path('cache.sqlite');
		const folder = path.dirname(file);
		if (isRoot) {
			chownSync(folder, NOBODY, NOBODY);
		}
		chmodSync(folder, 0o555);
		const outcome = await ask('exec "$@"', file, [origin.url, origin.url], isRoot ? String(NOBODY) : '');
		chmodSync(folder, 0o755);
		expect(hits(outcome)).toEqual([false, false]);
		expect(outcome.errors).toEqual([expect.stringContaining('EACCES')]);
	});
});
