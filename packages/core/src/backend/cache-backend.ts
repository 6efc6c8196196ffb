/**
 * The cache as its users see it: lookups by URL, lists, expiry, and responses saved by hand.
 * What HTTP says of a response is decided in `policy/`; where it is kept is a matter of the two stores.
 */
import {InvalidOptionError} from '../errors.js';
import type {StoredMetadata} from '../http/response.js';
import {type EffectiveSettings, resolveSettings} from '../policy/effective-settings.js';
import {type Expiration, parseExpiration} from '../policy/expiration.js';
import type {CacheSettings} from '../policy/settings.js';
import type {BaseCache} from '../storage/base-cache.js';
import {MemoryCache} from '../storage/memory-cache.js';
import {type CacheBackendOptions, checkBackendOptions} from './backend-options.js';
import {CachedEntry} from './cached-entry.js';
import {createdBefore, type DeleteSelection, type EntryFilter} from './entry-selection.js';
import {keyOf, resourceFor} from './key-of.js';
import {type KeyableRequest, toHttpRequest} from './keyable-request.js';
import {resetLife} from './reset-life.js';
import {type SavedResponse, toStoredResponse} from './saved-response.js';

/** The high-level cache, over two stores of responses and redirects. In itself it keeps them in memory; backends extend it. */
export class CacheBackend {
	/** Its place: a path, a namespace, a table; whatever it is for the stores. */
	readonly name: string;
	/** Where responses are kept, and the indexes of those with `Vary`. */
	readonly responses: BaseCache;
	/** Where redirects are kept. */
	readonly redirects: BaseCache;
	/** Whether a session that closes also closes this backend. */
	readonly autoclose: boolean;
	/** What a fault of the stores does to the request that meets it. */
	readonly onCacheError: 'continue' | 'throw';
	/** As given, and completed by the session through which it is seen. */
	readonly settings: CacheSettings;
	/** @internal */
	readonly effectiveSettings: EffectiveSettings;

	/** @throws InvalidOptionError naming the option that cannot be used */
	constructor(name = 'http-cache', options: CacheBackendOptions = {}) {
		checkBackendOptions(name, options);
		const {responses, redirects, autoclose = true, onCacheError = 'continue', ...settings} = options;
		this.name = name;
		this.responses = responses ?? new MemoryCache();
		this.redirects = redirects ?? new MemoryCache();
		this.autoclose = autoclose;
		this.onCacheError = onCacheError;
		this.settings = settings;
		this.effectiveSettings = resolveSettings(settings);
	}

	/** This backend, seen through a session's settings, which win over its own: keys are then those of the session. The stores are the same. @throws InvalidOptionError */
	withSettings(settings: CacheSettings): this {
		const given = Object.entries(settings).filter(([, value]) => value !== undefined);
		return Object.create(this, {
			settings: {value: {...this.settings, ...Object.fromEntries(given)}},
			effectiveSettings: {value: resolveSettings(this.settings, settings)},
		});
	}

	/** The key of a request. For a response that one has at hand, `cacheKey` says it. @throws TypeError for a URL that is not absolute */
	async createKey(request: string | URL | KeyableRequest): Promise<string> {
		return keyOf(toHttpRequest(request), this.effectiveSettings);
	}

	/** Whether anything is stored for a URL, expired or not, whoever asked, with whatever method and body. */
	async hasUrl(url: string | URL): Promise<boolean> {
		const resource = await resourceFor(url, this.effectiveSettings);
		return (await this.responses.keysOf(resource)).length > 0 || (await this.redirects.keysOf(resource)).length > 0;
	}

	/** Removes all that is stored for a URL, whoever asked, with whatever method and body. @returns how many records */
	async deleteUrl(url: string | URL): Promise<number> {
		const resource = await resourceFor(url, this.effectiveSettings);
		let deleted = 0;
		for (const cache of [this.responses, this.redirects]) {
			deleted += await cache.bulkDelete(await cache.keysOf(resource));
		}
		return deleted;
	}

	/** The URLs that something is stored for, sorted, each once, without user info and with the values of secret parameters redacted. */
	async getUrls(): Promise<string[]> {
		const urls = new Set<string>();
		for (const cache of [this.responses, this.redirects]) {
			for await (const {metadata} of cache.entries()) {
				urls.add(metadata.url);
			}
		}
		return [...urls].sort();
	}

	/** Whether there is a record under a key, expired or not. */
	async contains(key: string): Promise<boolean> {
		return (await this.responses.contains(key)) || (await this.redirects.contains(key));
	}

	/** Removes records: those under a key, under several keys, or those that a selection names. @returns how many */
	async delete(selection: string | Iterable<string> | DeleteSelection): Promise<number> {
		if (typeof selection === 'string') {
			return deleteKeys(this, [selection]);
		}
		if (Symbol.iterator in selection) {
			return deleteKeys(this, selection);
		}
		const {keys, urls, expired = false, olderThan} = selection;
		let deleted = keys ? await deleteKeys(this, keys) : 0;
		for (const url of urls ?? []) {
			deleted += await this.deleteUrl(url);
		}
		if (expired) {
			deleted += await this.deleteExpired();
		}
		if (olderThan !== undefined) {
			deleted += await deleteOlder(this, olderThan);
		}
		return deleted;
	}

	/** Removes everything, from both stores. */
	async clear(): Promise<void> {
		await this.responses.clear();
		await this.redirects.clear();
	}

	/** How many records there are in `responses`: responses, expired ones included, and one more for each URL whose responses have `Vary`. */
	async size(): Promise<number> {
		return this.responses.size();
	}

	/** Removes what has expired. @param now - epoch milliseconds @returns how many records */
	async deleteExpired(now: number = Date.now()): Promise<number> {
		return (await this.responses.deleteExpired(now)) + (await this.redirects.deleteExpired(now));
	}

	/** The stored responses, without reading their bodies. */
	async *filter({valid = true, expired = true, olderThan}: EntryFilter = {}): AsyncIterable<CachedEntry> {
		const bound = olderThan === undefined ? undefined : createdBefore(olderThan);
		for await (const {key, metadata} of this.responses.entries()) {
			if (metadata.kind !== 'response' || (bound !== undefined && metadata.createdAt > bound)) {
				continue;
			}
			const isExpired = metadata.expires !== undefined && metadata.expires <= Date.now();
			if (isExpired ? expired : valid) {
				yield new CachedEntry(key, metadata, this.responses);
			}
		}
	}

	/**
	 * Gives what is stored a new expiration, counted from now. With `cacheControl`, responses that themselves say how long they are fresh keep their own.
	 * @param expireAfter - like the setting
	 * @param options - `olderThan`: only what was received at least so long ago
	 * @returns how many records
	 */
	async resetExpiration(expireAfter: Expiration, {olderThan}: Pick<EntryFilter, 'olderThan'> = {}): Promise<number> {
		const expiration = parseExpiration('expireAfter', expireAfter);
		if (expiration.kind === 'doNotCache') {
			throw new InvalidOptionError('expireAfter', expireAfter, 'an expiration; to remove responses, use delete()');
		}
		const now = Date.now();
		const bound = olderThan === undefined ? undefined : createdBefore(olderThan);
		let touched = 0;
		for (const cache of [this.responses, this.redirects]) {
			for await (const {key, metadata, version} of cache.entries()) {
				if (bound !== undefined && metadata.createdAt > bound) {
					continue;
				}
				const life = resetLife(metadata, expiration, this.effectiveSettings, now);
				const renewed: StoredMetadata = {...metadata, ...life};
				touched += Number(await cache.touch(key, version, renewed));
			}
		}
		return touched;
	}

	/**
	 * Stores a response by hand, as if the request had been answered with it.
	 * @param request - what it answers: a URL, or a request with the method, headers and body that are part of the key
	 * @param response - a response of got, or its parts
	 * @param options - `expireAfter`: like the setting; default: what the settings say for the URL
	 * @returns the key
	 */
	async save(
		request: string | URL | KeyableRequest,
		response: SavedResponse,
		{expireAfter}: {readonly expireAfter?: Expiration | undefined} = {},
	): Promise<string> {
		const httpRequest = toHttpRequest(request);
		const key = await keyOf(httpRequest, this.effectiveSettings);
		const {stored, body} = toStoredResponse(httpRequest, response, this.effectiveSettings, expireAfter, Date.now());
		await this.responses.write(key, stored, body);
		await this.redirects.delete(key);
		return key;
	}

	/** Releases what the stores opened. May be called more than once. */
	async close(): Promise<void> {
		await this.responses.close();
		await this.redirects.close();
	}
}

// Functions, not private methods: `withSettings` makes objects that have no private members.

async function deleteKeys({responses, redirects}: CacheBackend, keys: Iterable<string>): Promise<number> {
	const list = [...keys];
	return (await responses.bulkDelete(list)) + (await redirects.bulkDelete(list));
}

async function deleteOlder(backend: CacheBackend, olderThan: Expiration): Promise<number> {
	const keys: string[] = [];
	for await (const {key} of backend.filter({olderThan})) {
		keys.push(key);
	}
	return backend.responses.bulkDelete(keys);
}
