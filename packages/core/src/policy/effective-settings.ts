/**
 * Settings as they are used: checked, complete, and in forms that cost nothing to ask. Whatever can be worked out from a setting alone
 * is worked out here, once, so that a hit has only comparisons left.
 */
import {InvalidOptionError} from '../errors.js';
import {type ParsedExpiration, parseExpiration} from './expiration.js';
import {
	readBoolean,
	readByteCount,
	readFieldNames,
	readFunction,
	readIdentity,
	readMethods,
	readNames,
	readReplay,
	readSecret,
	readStaleWindow,
	readStatusCodes,
} from './setting-readers.js';
import type {CacheSettings, FilterFunction, IdentityFunction, KeyFunction, RequestSettings} from './settings.js';
import {compileUrlPatterns, type UrlPattern} from './url-patterns.js';

/** {@link CacheSettings}, as they are used. Made by {@link resolveSettings}; frozen. */
export interface EffectiveSettings {
	/** `undefined`: not set, so responses never expire. */
	readonly expireAfter: ParsedExpiration | undefined;
	/** In the order in which they are tried. */
	readonly urlsExpireAfter: readonly UrlPattern[];
	readonly allowedCodes: ReadonlySet<number>;
	/** In upper case. */
	readonly allowedMethods: ReadonlySet<string>;
	/** All (`true`), none (`false`), or names in lower case, sorted. */
	readonly includeHeaders: boolean | readonly string[];
	/** In the case in which they were given. */
	readonly ignoredParams: readonly string[];
	readonly filterFn: FilterFunction | undefined;
	readonly keyFn: KeyFunction | undefined;
	readonly identity: string | false | IdentityFunction | undefined;
	readonly secretKey: string | Uint8Array | undefined;
	/** Milliseconds after a response went stale: 0 for never, `Infinity` for always. */
	readonly staleIfError: number;
	/** Milliseconds after a response went stale: 0 for never, `Infinity` for always. */
	readonly staleWhileRevalidate: number;
	readonly cacheControl: boolean;
	readonly shared: boolean;
	readonly alwaysRevalidate: boolean;
	readonly onlyIfCached: boolean;
	readonly readOnly: boolean;
	readonly replayCookies: 'never' | 'ifAbsent' | 'always';
	/** In bytes; may be `Infinity`. */
	readonly maxBodySize: number;
}

/** {@link RequestSettings}, as they are used. Made by {@link resolveRequestSettings}; frozen. */
export interface EffectiveRequestSettings {
	/** `undefined`: not set. */
	readonly expireAfter: ParsedExpiration | undefined;
	readonly refresh: boolean;
	readonly forceRefresh: boolean;
	/** `undefined`: the session's setting holds. */
	readonly onlyIfCached: boolean | undefined;
	/** `false`: the cache takes no part. */
	readonly cache: boolean;
}

/** What holds where nothing is set. */
export const DEFAULT_SETTINGS: EffectiveSettings = Object.freeze({
	expireAfter: undefined,
	urlsExpireAfter: [],
	allowedCodes: new Set([200]),
	allowedMethods: new Set(['GET', 'HEAD']),
	includeHeaders: false,
	ignoredParams: [],
	filterFn: undefined,
	keyFn: undefined,
	identity: undefined,
	secretKey: undefined,
	staleIfError: 0,
	staleWhileRevalidate: 0,
	cacheControl: false,
	shared: false,
	alwaysRevalidate: false,
	onlyIfCached: false,
	readOnly: false,
	replayCookies: 'ifAbsent',
	maxBodySize: 100 * 1024 * 1024,
});

/** What holds for a request that says nothing. */
export const NO_REQUEST_SETTINGS: EffectiveRequestSettings = Object.freeze({
	expireAfter: undefined,
	refresh: false,
	forceRefresh: false,
	onlyIfCached: undefined,
	cache: true,
});

/** For each member of `Effective`, how it is read from what a user gives. */
type Readers<Effective> = {readonly [Name in keyof Effective]: (option: string, value: unknown) => Effective[Name]};

const READERS: Readers<EffectiveSettings> = {
	expireAfter: parseExpiration,
	urlsExpireAfter: (_, value) => compileUrlPatterns(value),
	allowedCodes: readStatusCodes,
	allowedMethods: readMethods,
	includeHeaders: readFieldNames,
	ignoredParams: readNames,
	filterFn: readFunction<FilterFunction>,
	keyFn: readFunction<KeyFunction>,
	identity: readIdentity<IdentityFunction>,
	secretKey: readSecret,
	staleIfError: readStaleWindow,
	staleWhileRevalidate: readStaleWindow,
	cacheControl: readBoolean,
	shared: readBoolean,
	alwaysRevalidate: readBoolean,
	onlyIfCached: readBoolean,
	readOnly: readBoolean,
	replayCookies: readReplay,
	maxBodySize: readByteCount,
};

const REQUEST_READERS: Readers<EffectiveRequestSettings> = {
	expireAfter: parseExpiration,
	refresh: readBoolean,
	forceRefresh: readBoolean,
	onlyIfCached: readBoolean,
	cache: readFalse,
};

/** The names of {@link CacheSettings}. */
export const SETTING_NAMES: ReadonlySet<string> = new Set(Object.keys(READERS));

/** The names of {@link RequestSettings}. */
export const REQUEST_SETTING_NAMES: ReadonlySet<string> = new Set(Object.keys(REQUEST_READERS));

/**
 * Puts layers of settings together: a later layer's value replaces an earlier one's as a whole, an `undefined` one does not, and what no layer has is
 * {@link DEFAULT_SETTINGS}'. Members of other names are left alone, since they may be somebody else's.
 *
 * @throws InvalidOptionError for a wrong value in any layer, replaced or not.
 */
export function resolveSettings(...layers: readonly CacheSettings[]): EffectiveSettings {
	let effective = DEFAULT_SETTINGS;
	for (const layer of layers) {
		effective = withLayer(effective, layer, READERS);
	}
	return effective;
}

/**
 * The settings of one request. Those of a request without any are always the same object, {@link NO_REQUEST_SETTINGS}.
 *
 * @throws InvalidOptionError for a wrong value.
 */
export function resolveRequestSettings(settings: RequestSettings): EffectiveRequestSettings {
	return withLayer(NO_REQUEST_SETTINGS, settings, REQUEST_READERS);
}

function withLayer<Effective extends object>(base: Effective, layer: object, readers: Readers<Effective>): Effective {
	let merged: Effective | undefined;
	for (const name in layer) {
		const value = (layer as Record<string, unknown>)[name];
		if (value !== undefined && Object.hasOwn(readers, name)) {
			const known = name as keyof Effective & string;
			merged ??= {...base};
			merged[known] = readers[known](known, value);
		}
	}
	return merged ? Object.freeze(merged) : base;
}

function readFalse(option: string, value: unknown): false {
	if (value !== false) {
		throw new InvalidOptionError(option, value, 'false');
	}
	return value;
}
