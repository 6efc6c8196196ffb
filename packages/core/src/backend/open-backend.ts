import {InvalidOptionError, rejectUnknownOptions} from '../errors.js';
import {MemoryCache} from '../storage/memory-cache.js';
import {BACKEND_OPTION_NAMES, type CacheBackendOptions} from './backend-options.js';
import {type BackendPlace, parseBackendUrl} from './backend-url.js';
import {CacheBackend} from './cache-backend.js';
import {FileBackend} from './file-backend.js';
import {loadBackend} from './load-backend.js';

/** What any backend can be told, and what the one that the URL means can be told beside; that one checks it. */
export interface OpenBackendOptions extends Omit<CacheBackendOptions, 'responses' | 'redirects'> {
	/** An option of the backend itself, such as `maxBytes` of `FileBackend`. It wins over what the URL says. */
	readonly [option: string]: unknown;
}

const MEMORY_OPTION_NAMES: ReadonlySet<string> = new Set([...BACKEND_OPTION_NAMES, 'maxBytes', 'maxEntries']);

/**
 * The backend that a URL means, such as one out of an environment variable. Its package is loaded now; nothing else happens before the first request.
 *
 * | URL | backend | package |
 * |---|---|---|
 * | `memory:` | `CacheBackend`; `maxBytes` and `maxEntries` are those of each of its two `MemoryCache`s | |
 * | `file:./folder` | `FileBackend` | |
 * | `sqlite:./cache.db`, `sqlite::memory:` | `SQLiteBackend` | `@got-client-cache/sqlite` |
 * | `redis://…`, `rediss://…`, with `?name=` for the namespace | `RedisBackend` | `@got-client-cache/redis` |
 * | `dynamodb://table?region=…&endpoint=…` | `DynamoDBBackend` | `@got-client-cache/dynamodb` |
 *
 * A path behind a single colon is taken as it stands: relative, absolute, with `~`, or with a Windows drive. Behind three slashes it is that of a file URL.
 *
 * @param options - what the backend's constructor takes, and not its stores
 * @throws InvalidOptionError for a URL of another form, and for options that the backend refuses
 * @throws CachedSessionError `ERR_MISSING_PACKAGE` where the package is not installed, `ERR_CACHE_FAULT` where it cannot be loaded although it is
 */
export async function openBackend(url: string | URL, options: OpenBackendOptions = {}): Promise<CacheBackend> {
	const place = parseBackendUrl(url);
	for (const store of ['responses', 'redirects']) {
		if (options[store] !== undefined) {
			throw new InvalidOptionError(store, options[store], 'nothing: the URL says where they are kept');
		}
	}
	return open(place, options);
}

async function open(place: BackendPlace, options: OpenBackendOptions): Promise<CacheBackend> {
	switch (place.kind) {
		case 'memory':
			return openMemory(place.name, options);
		case 'file':
			return new FileBackend(place.name, options);
		case 'sqlite':
			return openFrom('@got-client-cache/sqlite', 'SQLiteBackend', place.name, options);
		case 'redis':
			return openFrom('@got-client-cache/redis', 'RedisBackend', place.name, {...place.options, ...options});
		case 'dynamodb':
			return openFrom('@got-client-cache/dynamodb', 'DynamoDBBackend', place.name, {...place.options, ...options});
	}
}

function openMemory(name: string | undefined, options: OpenBackendOptions): CacheBackend {
	rejectUnknownOptions(options, MEMORY_OPTION_NAMES, 'a backend in memory');
	const {maxBytes, maxEntries, ...settings} = options;
	const bounds = {maxBytes: maxBytes as number | undefined, maxEntries: maxEntries as number | undefined};
	return new CacheBackend(name, {
		...settings,
		responses: new MemoryCache(bounds),
		redirects: new MemoryCache(bounds),
	});
}

async function openFrom(
	packageName: string,
	className: string,
	name: string | undefined,
	options: object,
): Promise<CacheBackend> {
	const Backend = await loadBackend(packageName, className);
	return new Backend(name, options);
}
