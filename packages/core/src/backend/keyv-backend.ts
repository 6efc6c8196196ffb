import {InvalidOptionError, rejectUnknownOptions} from '../errors.js';
import {KeyvCache} from '../storage/keyv/keyv-cache.js';
import type {KeyvLike} from '../storage/keyv/keyv-like.js';
import {KEYV_CACHE_OPTION_NAMES, type KeyvCacheOptions} from '../storage/keyv/keyv-options.js';
import {BACKEND_OPTION_NAMES, type CacheBackendOptions} from './backend-options.js';
import {CacheBackend} from './cache-backend.js';

/** The options of {@link KeyvBackend}: the Keyv, how it is used, and what any backend can be told. */
export interface KeyvBackendOptions extends Omit<CacheBackendOptions, 'responses' | 'redirects'>, KeyvCacheOptions {
	/** A Keyv, version 5.6 or later, over any adapter. It stays its owner's: `close` of the backend leaves it open. */
	readonly store: KeyvLike;
}

const OPTION_NAMES: ReadonlySet<string> = new Set(
	[...BACKEND_OPTION_NAMES, ...KEYV_CACHE_OPTION_NAMES, 'store'].filter(
		name => name !== 'responses' && name !== 'redirects',
	),
);

/** Keeps responses and redirects in a Keyv, and so in Postgres, MySQL, MongoDB, Memcached, etcd, or wherever else there is an adapter for. */
export class KeyvBackend extends CacheBackend {
	/**
	 * @param name a namespace inside the Keyv's own: up to 64 letters, digits, hyphens, underscores and dots
	 * @throws InvalidOptionError where the name cannot be used, `store` is no Keyv, or an option is unknown or cannot be used
	 */
	constructor(name: string | undefined, options: KeyvBackendOptions) {
		const given: Partial<KeyvBackendOptions> = options ?? {};
		rejectUnknownOptions(given, OPTION_NAMES, 'KeyvBackend');
		const {store, grace, pieceSize, ...settings} = given;
		const place = checkName(name ?? 'http-cache');
		const keyv = store as KeyvLike;
		super(place, {
			...settings,
			responses: new KeyvCache(keyv, `${place}.responses`, {grace, pieceSize}),
			redirects: new KeyvCache(keyv, `${place}.redirects`, {grace, pieceSize}),
		});
	}
}

function checkName(name: unknown): string {
	if (typeof name !== 'string' || !/^[\w.-]{1,64}$/.test(name)) {
		throw new InvalidOptionError('name', name, 'up to 64 letters, digits, hyphens, underscores and dots');
	}
	return name;
}
