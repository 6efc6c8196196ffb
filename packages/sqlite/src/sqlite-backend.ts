import {BACKEND_OPTION_NAMES, CacheBackend, type CacheBackendOptions, rejectUnknownOptions} from 'got-client-cache';
import {SQLiteCache} from './sqlite-cache.js';
import {SQLiteDatabase, type SQLiteDatabaseOptions} from './sqlite-database.js';

/** The options of {@link SQLiteBackend}: where the database is, how long to wait for it, and what any backend can be told. */
export interface SQLiteBackendOptions
	extends Omit<CacheBackendOptions, 'responses' | 'redirects'>,
		SQLiteDatabaseOptions {}

const OPTION_NAMES: ReadonlySet<string> = new Set(
	[...BACKEND_OPTION_NAMES, 'useTemp', 'busyTimeout', 'maxBytes', 'driver'].filter(
		name => name !== 'responses' && name !== 'redirects',
	),
);

/**
 * Keeps responses and redirects in an SQLite database file, which several processes may use at once.
 * The file is made or opened by the first request, not by the constructor.
 */
export class SQLiteBackend extends CacheBackend {
	/** The absolute path of the database, or `:memory:`. */
	readonly path: string;
	/** The database that both caches share. */
	readonly database: SQLiteDatabase;

	/**
	 * @param name the database's path: `.sqlite` is added where it has no extension, a leading `~` is the home folder, missing folders are made;
	 * `:memory:` is a database that ends with the backend
	 * @throws InvalidOptionError where the path is a folder's, or an option is unknown or cannot be used
	 */
	constructor(name = 'http-cache', options: SQLiteBackendOptions = {}) {
		rejectUnknownOptions(options, OPTION_NAMES, 'SQLiteBackend');
		const {useTemp, busyTimeout, maxBytes, driver, ...settings} = options;
		const database = new SQLiteDatabase(name, {useTemp, busyTimeout, maxBytes, driver});
		super(name, {
			...settings,
			responses: new SQLiteCache(database, 'responses'),
			redirects: new SQLiteCache(database, 'redirects'),
		});
		this.path = database.path;
		this.database = database;
	}

	/**
	 * Gives the space of what was removed back to the file system: see {@link SQLiteDatabase.vacuum}.
	 *
	 * @throws CachedSessionError `ERR_CACHE_FAULT` where the database fails, or another process holds its lock for too long
	 */
	async vacuum(): Promise<void> {
		await this.database.vacuum();
	}
}
