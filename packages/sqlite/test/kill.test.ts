import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync, statSync, writeFileSync} from 'node:fs';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {sampleResponse} from '@got-client-cache/contract';
import {afterEach, describe, expect, it} from '@jest/globals';
import type {BaseCache} from 'got-client-cache';
import type {SQLiteBackend} from '../src/sqlite-backend.js';
import {RawDatabase} from './raw-database.js';
import {temporaryPlace} from './temporary-place.js';
import {testedDriver} from './tested-driver.js';

/** How often writers are killed. */
const KILLS = Number(process.env['SQLITE_KILLS'] ?? 20);

/** Kills on one file before there is a new one: they are to come while it is being made, too. */
const KILLS_A_FILE = 4;

/** The longest time for which writers write, in milliseconds: into a new file, which takes the first few of them to make, and into one that is there. */
const [FIRST_LIFE, LONGEST_LIFE] = [60, 400];

/** What must hold between the tables; each query gives a row for what does not. */
const INVARIANTS = [
	'SELECT id FROM large_body_chunk WHERE NOT EXISTS (SELECT 1 FROM large_body WHERE id = large_body_chunk.id >> 20)',
	...['responses', 'redirects'].flatMap(table => [
		`SELECT key FROM ${table} WHERE large IS NULL AND NOT EXISTS (SELECT 1 FROM ${table}_small_body AS b WHERE b.id = ${table}.id AND length(body) = size)`,
		`SELECT key FROM ${table} WHERE large NOT NULL AND NOT EXISTS (SELECT 1 FROM large_body AS b WHERE b.id = large AND removable IS NULL)`,
		`SELECT id FROM ${table}_small_body WHERE id NOT IN (SELECT id FROM ${table} WHERE large IS NULL)`,
	]),
	`SELECT id FROM large_body WHERE removable IS NULL
		AND id NOT IN (SELECT large FROM responses WHERE large NOT NULL UNION ALL SELECT large FROM redirects WHERE large NOT NULL)`,
	`SELECT value FROM cache_state WHERE name = 'bytes' AND value <>
		(SELECT coalesce(sum(cost), 0) FROM responses) + (SELECT coalesce(sum(cost), 0) FROM redirects)`,
];

const place = temporaryPlace();
const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const {faultOf} = (await import(fixture('derived-body.mjs'))) as {
	faultOf(cache: BaseCache, key: string): Promise<string | undefined>;
};
const children: ChildProcess[] = [];

afterEach(() => {
	for (const child of children.splice(0)) {
		child.kill('SIGKILL');
	}
});

/** Starts a writer, and kills it at some moment after it has begun. What it complained of until then must be nothing. */
async function writeAndDie(file: string, name: string, life: number): Promise<void> {
	const child = spawn(process.execPath, [fixture('write-without-end.mjs'), file, name]);
	children.push(child);
	let complaints = '';
	child.stderr.on('data', data => {
		complaints += data;
	});
	const closed = once(child, 'close');
	await Promise.race([once(child.stdout, 'data'), closed]);
	await sleep(Math.random() * life);
	child.kill('SIGKILL');
	expect([...(await closed), complaints]).toEqual([null, 'SIGKILL', '']);
}

/** Reads every record, then looks into the file; resolves to how many there are. */
async function expectSound({path, responses, redirects}: SQLiteBackend): Promise<number> {
	let count = 0;
	for (const cache of [responses, redirects]) {
		for await (const key of cache.keys()) {
			expect(await faultOf(cache, key)).toBeUndefined();
			expect(await cache.contains(key)).toBe(true);
			count++;
		}
	}
	const raw = await RawDatabase.open(path);
	expect(await raw.query('PRAGMA integrity_check')).toEqual([{integrity_check: 'ok'}]);
	for (const query of INVARIANTS) {
		expect([query, await raw.query(query)]).toEqual([query, []]);
	}
	await raw.close();
	return count;
}

/** Goes on reading while writers write and die. */
async function readUntil(backend: SQLiteBackend, ended: Promise<unknown>): Promise<void> {
	let isEnded = false;
	void ended.finally(() => {
		isEnded = true;
	});
	for (let index = 0; !isEnded; index++) {
		const key = `${['small', 'middle', 'large'][index % 3]}.${index % 8}`;
		expect(await faultOf(backend.responses, key)).toBeUndefined();
	}
	await ended;
}

describe('writers that are killed at any moment', () => {
	it(
		`${KILLS} times, leave a sound database, of which nothing is served in part`,
		async () => {
			let file = '';
			let records = 0;
			for (let kill = 0; kill < KILLS; kill++) {
				const isNew = kill % KILLS_A_FILE === 0;
				if (isNew) {
					file = place.path('cache.sqlite');
				}
				const life = isNew ? FIRST_LIFE : LONGEST_LIFE;
				const deaths = Promise.all(['a', 'b'].map(name => writeAndDie(file, `${name}${kill}`, life)));
				if (kill % 2 === 0) {
					await deaths;
				} else {
					// A process that has the file open all the time keeps the log that the dead leave; elsewhere it is found by the next.
					const witness = place.open(file);
					await readUntil(witness, deaths);
					await witness.close();
				}
				const backend = place.open(file);
				records += await expectSound(backend);
				await backend.responses.write('after.1', sampleResponse(), Buffer.from('still works'));
				expect(await backend.responses.delete('after.1')).toBe(true);
				await backend.close();
			}
			if (process.env['SQLITE_KILLS']) {
				process.stdout.write(
					`${KILLS} times two writers killed with ${testedDriver}: ${records} records read afterwards\n`,
				);
			}
			expect(records).toBeGreaterThan(KILLS);
		},
		KILLS * 15_000,
	);
});

describe('a process that dies while it moves the log into the file', () => {
	it('loses nothing by it, although the file is shorter than it says', async () => {
		const model = place.open(place.path('model'));
		const keys = Array.from({length: 100}, (_, index) => `a.${index}`);
		await Promise.all(keys.map(key => model.responses.write(key, sampleResponse(), Buffer.alloc(5000, key))));
		const {size} = statSync(model.path);
		const log = readFileSync(`${model.path}-wal`);
		await model.close();
		const moved = readFileSync(model.path);
		expect(moved.length).toBeGreaterThan(2 * size);

		const file = place.path('cut-short.sqlite');
		writeFileSync(file, moved.subarray(0, size));
		writeFileSync(`${file}-wal`, log);
		const {responses} = place.open(file);
		for (const key of keys) {
			const bytes = await (await responses.read(key))?.body.bytes();
			expect(Buffer.alloc(5000, key).equals(bytes!)).toBe(true);
		}
		expect(await RawDatabase.query(file, 'PRAGMA integrity_check')).toEqual([{integrity_check: 'ok'}]);
	});
});
