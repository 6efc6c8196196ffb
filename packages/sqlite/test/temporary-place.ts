import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach} from '@jest/globals';
import {SQLiteBackend, type SQLiteBackendOptions} from '../src/sqlite-backend.js';
import {testedDriver} from './tested-driver.js';

/** Folders and backends of the tests in a file; they go after each test. */
export interface TemporaryPlace {
	/** A path in a new folder. */
	path(name: string): string;
	/** A backend on the tested driver that is closed after the test. */
	open(file: string, options?: SQLiteBackendOptions): SQLiteBackend;
}

/** Call it once, at the top of a test file. */
export function temporaryPlace(): TemporaryPlace {
	const folders: string[] = [];
	const backends: SQLiteBackend[] = [];
	afterEach(async () => {
		await Promise.all(backends.splice(0).map(backend => backend.close()));
		for (const folder of folders.splice(0)) {
			rmSync(folder, {recursive: true, force: true});
		}
	});
	return {
		path(name) {
			const folder = mkdtempSync(path.join(tmpdir(), 'sqlite-test-'));
			folders.push(folder);
			return path.join(folder, name);
		},
		open(file, options) {
			const backend = new SQLiteBackend(file, {driver: testedDriver, ...options});
			backends.push(backend);
			return backend;
		},
	};
}
