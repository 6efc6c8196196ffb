import {rejectUnknownOptions} from '../errors.js';
import {FileCache} from '../storage/file/file-cache.js';
import {FILE_FOLDER_OPTION_NAMES, FileFolder, type FileFolderOptions} from '../storage/file/file-folder.js';
import {BACKEND_OPTION_NAMES, type CacheBackendOptions} from './backend-options.js';
import {CacheBackend} from './cache-backend.js';

/** The options of {@link FileBackend}: where the folder is, how much it may hold, and what any backend can be told. */
export interface FileBackendOptions extends Omit<CacheBackendOptions, 'responses' | 'redirects'>, FileFolderOptions {}

const OPTION_NAMES: ReadonlySet<string> = new Set(
	[...BACKEND_OPTION_NAMES, ...FILE_FOLDER_OPTION_NAMES].filter(name => name !== 'responses' && name !== 'redirects'),
);

/**
 * Keeps responses and redirects in a folder, each in a file of its own. Several processes may use the folder at once.
 * It is made by the first request, not by the constructor.
 */
export class FileBackend extends CacheBackend {
	/** The absolute path of the folder. */
	readonly path: string;

	/**
	 * @param name the folder's path; a leading `~` is the home folder, missing folders are made
	 * @throws InvalidOptionError where the path is a file's, or an option is unknown or cannot be used
	 */
	constructor(name = 'http-cache', options: FileBackendOptions = {}) {
		rejectUnknownOptions(options, OPTION_NAMES, 'FileBackend');
		const {maxBytes, useTemp, ...settings} = options;
		const folder = new FileFolder(name, {maxBytes, useTemp});
		super(name, {
			...settings,
			responses: new FileCache(folder, 'responses'),
			redirects: new FileCache(folder, 'redirects'),
		});
		this.path = folder.path;
	}
}
