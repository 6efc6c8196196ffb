import {type ChildProcess, execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {sampleResponse} from '@got-client-cache/contract';
import {describe, expect, it} from '@jest/globals';
import type {SQLiteBackend} from '../src/sqlite-backend.js';
import {temporaryPlace} from './temporary-place.js';
import {testedDriver} from './tested-driver.js';

const place = temporaryPlace();
const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

/** A process that runs a fixture on the built package; `finished` resolves to how it ended and what it said on stderr. */
function startChild(name: string, ...parameters: string[]): {child: ChildProcess; finished: Promise<string>} {
	const child = spawn(process.execPath, [fixture(name), ...parameters]);
	let complaints = '';
	child.stderr?.on('data', data => {
		complaints += data;
	});
	const finished = once(child, 'close').then(([code, signal]) => `${code ?? signal} ${complaints}`.trim());
	return {child, finished};
}

const startWriter = (file: string, name: string, count: number) =>
	startChild('write-records.mjs', file, name, String(count));

/** Fails where a record's body is not the one that was written with its metadata. */
async function expectWholeRecords({responses}: SQLiteBackend): Promise<number> {
	let count = 0;
	for await (const {metadata, body} of responses.values()) {
		count++;
		if (metadata.kind !== 'response') {
			throw new Error(`a ${metadata.kind} that nobody wrote`);
		}
		expect(body.size).toBe(metadata.bodySize);
		expect(Buffer.alloc(metadata.bodySize, metadata.url).equals(await body.bytes())).toBe(true);
	}
	return count;
}

describe('several processes on one file', () => {
	it('make it at the same time, and write and read it together', async () => {
		const file = path.join(place.path('together'), 'cache.sqlite');
		const writers = ['p', 'q', 'r'].map(name => startWriter(file, name, 100));
		const backend = place.open(file);
		for (let index = 0; index < 50; index++) {
			await backend.responses.read(`shared.${index % 10}`);
			await backend.responses.deleteExpired(index);
		}
		expect(await Promise.all(writers.map(({finished}) => finished))).toEqual(['0', '0', '0']);
		expect(await expectWholeRecords(backend)).toBe(310);
		expect(await backend.responses.keysOf('q')).toHaveLength(100);
	}, 60_000);

	it('keep their locks when a second backend of theirs opens the file', async () => {
		const file = place.path('locks.sqlite');
		const first = place.open(file);
		await first.responses.write('first.1', sampleResponse(), Buffer.from('x'));
		await place.open(file).responses.size();
		// Whoever finds no locks may go on as if nobody else had the file open.
		expect(await startChild('take-for-itself.mjs', file).finished).toBe('0 SQLITE_BUSY');
		await first.responses.write('first.2', sampleResponse(), Buffer.from('x'));
		expect(await place.open(file).responses.size()).toBe(2);
	});

	it('one of which is killed while it writes, leave whole records', async () => {
		const file = place.path('killed.sqlite');
		for (const name of ['s', 't', 'u']) {
			const {child, finished} = startWriter(file, name, 100_000);
			// By then it has written some records, and is busy with the next.
			await once(child.stdout!, 'data');
			await once(child.stdout!, 'data');
			child.kill('SIGKILL');
			expect(await finished).toBe('SIGKILL');
			const backend = place.open(file);
			expect(await expectWholeRecords(backend)).toBeGreaterThan(0);
			await backend.close();
		}
	}, 60_000);
});

describe('the driver', () => {
	it('is loaded when a backend is used, not when it is made', () => {
		const output = execFileSync(process.execPath, [fixture('import-only.mjs')], {encoding: 'utf8'});
		expect(JSON.parse(output)).toEqual({before: false, after: testedDriver === 'sqlite3'});
	});
});
