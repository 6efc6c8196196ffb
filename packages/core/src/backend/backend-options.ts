import {InvalidOptionError, rejectUnknownOptions} from '../errors.js';
import {SETTING_NAMES} from '../policy/effective-settings.js';
import type {CacheSettings} from '../policy/settings.js';
import {BaseCache} from '../storage/base-cache.js';

/** Options of a `CacheBackend`: its two stores, and the settings that hold for every session that uses it and says nothing else. */
export interface CacheBackendOptions extends CacheSettings {
	/** Where responses are kept. @default a new MemoryCache */
	readonly responses?: BaseCache | undefined;
	/** Where redirects are kept. @default a new MemoryCache */
	readonly redirects?: BaseCache | undefined;
	/** Whether a session that closes also closes this backend. @default true */
	readonly autoclose?: boolean | undefined;
	/** What a fault of the stores does to the request that meets it: `'continue'`: nothing; `'throw'`: it rejects, for tests. @default 'continue' */
	readonly onCacheError?: 'continue' | 'throw' | undefined;
}

/** The names of the options of `CacheBackend`. A backend of one's own takes its own options out before it hands the others on. */
export const BACKEND_OPTION_NAMES: ReadonlySet<string> = new Set([
	'responses',
	'redirects',
	'autoclose',
	'onCacheError',
	...SETTING_NAMES,
]);

/** @throws InvalidOptionError for a name or an option that cannot be used; the settings are checked where they are resolved */
export function checkBackendOptions(name: unknown, options: CacheBackendOptions): void {
	if (typeof name !== 'string' || name === '') {
		throw new InvalidOptionError('name', name, 'a string that is not empty');
	}
	rejectUnknownOptions(options, BACKEND_OPTION_NAMES, 'CacheBackend');
	checkBehaviour(options);
	checkStore('responses', options.responses);
	checkStore('redirects', options.redirects);
}

/** @throws InvalidOptionError for an `autoclose` or `onCacheError` that cannot be used */
export function checkBehaviour({
	autoclose,
	onCacheError,
}: Pick<CacheBackendOptions, 'autoclose' | 'onCacheError'>): void {
	if (autoclose !== undefined && typeof autoclose !== 'boolean') {
		throw new InvalidOptionError('autoclose', autoclose, 'a boolean');
	}
	if (onCacheError !== undefined && onCacheError !== 'continue' && onCacheError !== 'throw') {
		throw new InvalidOptionError('onCacheError', onCacheError, "'continue' or 'throw'");
	}
}

function checkStore(option: string, store: unknown): void {
	if (store !== undefined && !(store instanceof BaseCache)) {
		throw new InvalidOptionError(option, store, 'an instance of a class that extends BaseCache');
	}
}
