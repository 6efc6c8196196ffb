/**
 * What TypeScript makes of the public API. `tsc` checks it: the functions below are compiled and never called.
 * Every line after `@ts-expect-error` must be an error.
 */
import {describe, it} from '@jest/globals';
import {expectTypeOf} from 'expect-type';
import got, {type Got} from 'got';
import {
	type Awaitable,
	BaseCache,
	CacheBackend,
	type CacheBackendOptions,
	CachedSession,
	type CachedSessionError,
	type CacheRecord,
	ClientSession,
	MemoryCache,
} from '../../src/index.js';
import {compiled} from './compiled.js';

describe('constructors', () => {
	it('take the options of got, of the cache, and no others', () => {
		compiled((cache: CacheBackend, instance: Got) => {
			new CachedSession();
			new CachedSession({cache, got: instance, headers: {a: 'b'}, expireAfter: -1, autoclose: false});
			new CachedSession({
				urlsExpireAfter: {'*': '3h'},
				identity: false,
				staleIfError: {days: 1},
				onCacheError: 'throw',
			});
			new ClientSession({got, prefixUrl: 'x', handlers: [(options, next) => next(options)]});
			// @ts-expect-error No option of anybody.
			new CachedSession({unheardOf: 1});
			// @ts-expect-error Misspelt.
			new CachedSession({expireafter: 1});
			// @ts-expect-error Not a backend.
			new CachedSession({cache: new Map()});
			// @ts-expect-error Not a backend, but a store.
			new CachedSession({cache: new MemoryCache()});
			// @ts-expect-error Not one of the two.
			new CachedSession({onCacheError: 'ignore'});
			// @ts-expect-error Not a duration.
			new CachedSession({expireAfter: {fortnights: 1}});
			// @ts-expect-error A session gives promises.
			new CachedSession({isStream: true});
			// @ts-expect-error Of the request, not of the session.
			new CachedSession({refresh: true});
			// @ts-expect-error Of the cache, which this one does not have.
			new ClientSession({expireAfter: 1});
			// @ts-expect-error Not a got instance.
			new ClientSession({got: fetch});
			// @ts-expect-error A name comes first.
			new CacheBackend({expireAfter: 1});
			// @ts-expect-error Not a store.
			new CacheBackend('x', {responses: new Map()});
			// @ts-expect-error Not an option.
			new MemoryCache({maxSize: 1});
		});
	});

	it('are mirrored by extend()', () => {
		compiled((session: CachedSession, client: ClientSession, cache: CacheBackend) => {
			expectTypeOf(session.extend()).toEqualTypeOf<CachedSession>();
			expectTypeOf(session.extend({expireAfter: 3, cache, headers: {a: 'b'}})).toEqualTypeOf<CachedSession>();
			expectTypeOf(client.extend({retry: {limit: 0}})).toEqualTypeOf<ClientSession>();
			// @ts-expect-error No option of anybody.
			session.extend({unheardOf: 1});
			// @ts-expect-error Of the cache, which this one does not have.
			client.extend({expireAfter: 1});
		});
	});
});

describe('the life of a session', () => {
	it('is typed', () => {
		compiled(async (session: CachedSession) => {
			expectTypeOf(session.close()).toEqualTypeOf<Promise<void>>();
			expectTypeOf(session).toExtend<AsyncDisposable>();
			expectTypeOf(session.disabled(() => 5)).toEqualTypeOf<Promise<number>>();
			expectTypeOf(session.disabled(async () => 'x')).toEqualTypeOf<Promise<string>>();
			expectTypeOf(session.deleteExpiredResponses()).toEqualTypeOf<Promise<number>>();
			expectTypeOf(session.cache).toEqualTypeOf<CacheBackend>();
			expectTypeOf(session.got).toEqualTypeOf<Got>();
			session.on('error', error => expectTypeOf(error).toExtend<CachedSessionError>());
			// @ts-expect-error It is the session's for good.
			session.cache = new CacheBackend();
		});
	});
});

describe('a backend of one’s own', () => {
	it('extends CacheBackend and BaseCache', () => {
		class OwnCache extends BaseCache {
			read(_key: string): Awaitable<CacheRecord | undefined> {
				return undefined;
			}

			async write(): Promise<string> {
				return '';
			}

			delete(): boolean {
				return false;
			}

			async *keys(): AsyncIterable<string> {}

			clear(): void {}
		}
		class OwnBackend extends CacheBackend {
			readonly place: string;

			constructor(name: string, {place, ...options}: CacheBackendOptions & {readonly place: string}) {
				super(name, {...options, responses: new OwnCache(), redirects: new OwnCache()});
				this.place = place;
			}
		}
		// @ts-expect-error Most of it is missing.
		class HalfACache extends BaseCache {
			clear(): void {}
		}
		compiled((backend: OwnBackend) => {
			new CachedSession({cache: backend});
			new OwnBackend('x', {place: 'here', expireAfter: 1});
			// @ts-expect-error Its own option is missing.
			new OwnBackend('x', {expireAfter: 1});
			expectTypeOf(backend.withSettings({})).toEqualTypeOf<OwnBackend>();
			return HalfACache;
		});
	});
});
