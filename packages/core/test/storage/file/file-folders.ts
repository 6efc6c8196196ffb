import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach} from '@jest/globals';
import {FileBackend, type FileBackendOptions} from '../../../src/backend/file-backend.js';
import {recordFile} from '../../../src/storage/file/file-names.js';

/** Folders and backends of the tests in a file; they go after each test. */
export interface FileFolders {
	/** The path of a new folder. */
	make(): string;
	/** A backend that is closed after the test. */
	open(folder: string, options?: FileBackendOptions): FileBackend;
}

/** Call it once, at the top of a test file. */
export function fileFolders(): FileFolders {
	const folders: string[] = [];
	const backends: FileBackend[] = [];
	afterEach(async () => {
		await Promise.all(backends.splice(0).map(backend => backend.close()));
		for (const folder of folders.splice(0)) {
			rmSync(folder, {recursive: true, force: true});
		}
	});
	return {
		make() {
			const folder = mkdtempSync(path.join(tmpdir(), 'file-cache-'));
			folders.push(folder);
			return folder;
		},
		open(folder, options) {
			const backend = new FileBackend(folder, options);
			backends.push(backend);
			return backend;
		},
	};
}

/** Where the file of a response is. */
export function fileOf(folder: string, key: string): string {
	return path.join(folder, 'responses', recordFile(key));
}
