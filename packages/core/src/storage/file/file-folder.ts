import {randomUUID} from 'node:crypto';
import {readdir, stat, unlink} from 'node:fs/promises';
import path from 'node:path';
import {InvalidOptionError, rejectUnknownOptions} from '../../errors.js';
import {folderPath, makeFolder} from '../local-place.js';
import {OperationGate} from '../operation-gate.js';
import {ignoreMissing} from './file-descriptor.js';
import {FileSpace, isAhead} from './file-space.js';

/** Where files are, and how much room they may take. */
export interface FileFolderOptions {
	/** Bytes of all files together, each rounded up to 4 KiB; `Infinity`: no bound. Kept to approximately: files used longest ago go when it is exceeded. @default 4 GiB */
	readonly maxBytes?: number | undefined;
	/** Put a relative name into a folder of this user's under the system's temporary folder (requests-cache: `use_temp`). @default false */
	readonly useTemp?: boolean | undefined;
}

/** The names of the options of {@link FileFolder}. */
export const FILE_FOLDER_OPTION_NAMES: ReadonlySet<string> = new Set(['maxBytes', 'useTemp']);

/** Enough for most caches to keep everything, and too little to fill a disk that nobody is looking at. */
const DEFAULT_MAX_BYTES = 4 * 1024 ** 3;

/** Which of the two caches of a backend. */
export type FileStoreName = 'responses' | 'redirects';

const STORE_NAMES: readonly FileStoreName[] = ['responses', 'redirects'];

/** Where files are written before they are moved to their places. */
const TEMPORARY_NAME = 'tmp';
const TEMPORARY_FILE = /^[0-9a-f-]{36}\.part$/;

/** After so many milliseconds without a write, a file that was not moved to its place is one of a process that is gone. */
const ABANDONED_AFTER = 60 * 60 * 1000;

/**
 * A folder in which the caches of a backend keep their files. It is made by the first operation, with mode 0700, and several processes may use it.
 * Whatever else is in the folder is left alone.
 */
export class FileFolder {
	/** The absolute path. */
	readonly path: string;
	/** What its operations go through. @internal */
	readonly gate: OperationGate;
	/** Sees to `maxBytes`. @internal */
	readonly space: FileSpace;
	#preparing: Promise<void> | undefined;

	/** @throws InvalidOptionError where the name cannot be a folder's or is a file's, or an option is unknown or cannot be used */
	constructor(name: string, options: FileFolderOptions = {}) {
		rejectUnknownOptions(options, FILE_FOLDER_OPTION_NAMES, 'FileFolder');
		const {maxBytes = DEFAULT_MAX_BYTES, useTemp = false} = options;
		if (typeof maxBytes !== 'number' || !(maxBytes >= 0)) {
			throw new InvalidOptionError('maxBytes', maxBytes, 'a number of bytes, zero or more, or Infinity');
		}
		if (typeof useTemp !== 'boolean') {
			throw new InvalidOptionError('useTemp', useTemp, 'true or false');
		}
		this.path = folderPath(name, useTemp);
		this.gate = new OperationGate(`The file cache in ${this.path}`);
		const folders = STORE_NAMES.map(store => this.pathOf(store));
		this.space = new FileSpace(folders, maxBytes, task => this.gate.run(task));
	}

	/** The folder of one of the caches. @internal */
	pathOf(store: FileStoreName): string {
		return path.join(this.path, store);
	}

	/** A new name for a file that is not in its place yet. @internal */
	temporaryFile(): string {
		return path.join(this.path, TEMPORARY_NAME, `${randomUUID()}.part`);
	}

	/** Makes the folder for temporary files. @internal */
	makeTemporaryFolder(): Promise<void> {
		return makeFolder(path.join(this.path, TEMPORARY_NAME));
	}

	/** Runs an operation of a cache, with the folder there. @internal */
	run<T>(operation: () => Promise<T>): Promise<T> {
		return this.gate.run(async () => {
			await this.#prepare();
			return operation();
		});
	}

	/** Removes what processes that were killed have left half written. @internal */
	async sweep(): Promise<void> {
		const folder = path.join(this.path, TEMPORARY_NAME);
		const names = (await ignoreMissing(readdir(folder))) ?? [];
		const bound = Date.now() - ABANDONED_AFTER;
		for (const name of names.filter(name => TEMPORARY_FILE.test(name))) {
			const file = path.join(folder, name);
			const status = await ignoreMissing(stat(file));
			if (status && (status.mtimeMs < bound || isAhead(status.mtimeMs))) {
				await ignoreMissing(unlink(file));
			}
		}
	}

	/** Waits for what is under way; what comes later rejects with `ERR_CACHE_CLOSED`. May be called more than once. */
	close(): Promise<void> {
		return this.gate.close();
	}

	/** Once; a failed attempt is forgotten. */
	#prepare(): Promise<void> {
		this.#preparing ??= makeFolder(this.path).then(
			() => this.sweep().catch(() => undefined),
			error => {
				this.#preparing = undefined;
				throw error;
			},
		);
		return this.#preparing;
	}
}
