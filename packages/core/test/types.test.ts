/**
 * What TypeScript makes of the public API. `tsc` checks it: the functions below are compiled and never called.
 * Every line after `@ts-expect-error` must be an error.
 */
import {describe, expect, it} from '@jest/globals';
import {expectTypeOf} from 'expect-type';
import got, {type Got, type Response} from 'got';
import {Mixin} from 'ts-mixer';
import {
	type Awaitable,
	BaseCache,
	BytesBody,
	CacheBackend,
	type CacheBackendOptions,
	type CachedResponse,
	CachedSession,
	type CachedSessionError,
	type CachedSessionOptions,
	CacheMixin,
	type CacheRecord,
	type CacheStatus,
	ClientSession,
	type Explanation,
	type Interceptor,
	interceptor,
	MemoryCache,
	type Next,
	onClose,
	type RequestOptions,
	type ResponsePromise,
	type SessionRequest,
	type SessionResponse,
} from '../src/index.js';

type Bytes = Response['rawBody'];

interface User {
	readonly id: number;
}

const VERBS = ['request', 'get', 'post', 'put', 'patch', 'head', 'delete'] as const;

/** Keeps the compiler from calling a check unused, and says that nothing runs. */
function compiled(...checks: ReadonlyArray<(...parameters: never[]) => unknown>): void {
	expect(checks.every(check => typeof check === 'function')).toBe(true);
}

describe('a request', () => {
	it('gives text by default', () => {
		compiled((session: CachedSession, url: URL) => {
			expectTypeOf(session.get('x')).toEqualTypeOf<ResponsePromise<CachedResponse<string>>>();
			expectTypeOf(session.get(url)).resolves.toEqualTypeOf<CachedResponse<string>>();
			expectTypeOf(session.get('x', {})).resolves.toEqualTypeOf<CachedResponse<string>>();
			expectTypeOf(session.get('x', {headers: {a: 'b'}})).resolves.toEqualTypeOf<CachedResponse<string>>();
			expectTypeOf(session.get('x', {responseType: 'text'})).resolves.toEqualTypeOf<CachedResponse<string>>();
			expectTypeOf(session.get('x', {expireAfter: '3h'})).resolves.toEqualTypeOf<CachedResponse<string>>();
			expectTypeOf(session.get('x', {resolveBodyOnly: false})).resolves.toEqualTypeOf<CachedResponse<string>>();
			expectTypeOf(session.get('x', {resolveBodyOnly: true})).resolves.toEqualTypeOf<string>();
		});
	});

	it('for JSON takes the type of the body', () => {
		compiled((session: CachedSession) => {
			expectTypeOf(session.get('x', {responseType: 'json'})).resolves.toEqualTypeOf<CachedResponse<unknown>>();
			expectTypeOf(session.get<User>('x', {responseType: 'json'})).resolves.toEqualTypeOf<CachedResponse<User>>();
			expectTypeOf(
				session.get<User>('x', {responseType: 'json', resolveBodyOnly: true}),
			).resolves.toEqualTypeOf<User>();
			expectTypeOf(session.get<User>('x', {responseType: 'json', resolveBodyOnly: false})).resolves.toEqualTypeOf<
				CachedResponse<User>
			>();
			expectTypeOf(session.get('x', {responseType: 'json', resolveBodyOnly: true})).resolves.toEqualTypeOf<unknown>();
			// @ts-expect-error A type of the body without JSON would be a lie.
			session.get<User>('x');
			// @ts-expect-error The same, with options.
			session.get<User>('x', {responseType: 'text'});
			// @ts-expect-error The same, with options.
			session.get<User>('x', {resolveBodyOnly: true});
		});
	});

	it('for bytes gives what this got does: a Buffer in 14, a Uint8Array from 15 on', () => {
		compiled((session: CachedSession) => {
			expectTypeOf(session.get('x', {responseType: 'buffer'})).resolves.toEqualTypeOf<CachedResponse<Bytes>>();
			expectTypeOf(session.get('x', {responseType: 'buffer', resolveBodyOnly: true})).resolves.toEqualTypeOf<Bytes>();
		});
	});

	it('with options that are known only later gives what is sure', () => {
		compiled((session: CachedSession, options: RequestOptions, bodyOnly: boolean, type: 'text' | 'buffer') => {
			expectTypeOf(session.get('x', options)).resolves.toEqualTypeOf<unknown>();
			expectTypeOf(session.get('x', {resolveBodyOnly: bodyOnly})).resolves.toEqualTypeOf<
				string | CachedResponse<string>
			>();
			expectTypeOf(session.get('x', {responseType: type})).resolves.toEqualTypeOf<CachedResponse<string | Bytes>>();
			expectTypeOf(session.get('x', {responseType: type, resolveBodyOnly: true})).resolves.toEqualTypeOf<
				string | Bytes
			>();
			const fixed = {headers: {a: 'b'}} as const;
			expectTypeOf(session.get('x', fixed)).resolves.toEqualTypeOf<CachedResponse<string>>();
			const maybe: {headers: {a: string}} | undefined = Math.random() > 2 ? {headers: {a: 'b'}} : undefined;
			expectTypeOf(session.get('x', maybe)).resolves.toEqualTypeOf<CachedResponse<string>>();
		});
	});

	it('says the same for every verb', () => {
		compiled((session: CachedSession, client: ClientSession) => {
			for (const verb of VERBS) {
				expectTypeOf(session[verb]('x')).resolves.toEqualTypeOf<CachedResponse<string>>();
				expectTypeOf(session[verb]<User>('x', {responseType: 'json'})).resolves.toEqualTypeOf<CachedResponse<User>>();
				expectTypeOf(
					session[verb]<User>('x', {responseType: 'json', resolveBodyOnly: true}),
				).resolves.toEqualTypeOf<User>();
				expectTypeOf(session[verb]('x', {responseType: 'buffer'})).resolves.toEqualTypeOf<CachedResponse<Bytes>>();
				expectTypeOf(client[verb]('x', {resolveBodyOnly: true})).resolves.toEqualTypeOf<string>();
			}
		});
	});

	it('takes the options of got and of the cache, and no others', () => {
		compiled((session: CachedSession) => {
			session.post('x', {json: {a: 1}, timeout: {request: 5}, retry: {limit: 0}, searchParams: {a: 1}});
			session.get('x', {expireAfter: {hours: 3}, refresh: true, forceRefresh: false, onlyIfCached: true, cache: false});
			// @ts-expect-error No option of anybody.
			session.get('x', {unheardOf: 1});
			// @ts-expect-error A session gives promises.
			session.get('x', {isStream: true});
			// @ts-expect-error got's own cache is off.
			session.get('x', {cache: new Map()});
			// @ts-expect-error There is one URL already.
			session.get('x', {url: 'y'});
			// @ts-expect-error Not a duration.
			session.get('x', {expireAfter: true});
			// @ts-expect-error A setting of sessions.
			session.get('x', {staleIfError: true});
			// @ts-expect-error Not a type of bodies.
			session.get('x', {responseType: 'xml'});
			// @ts-expect-error A URL is needed.
			session.get();
			// @ts-expect-error And not options in its place.
			session.get({url: 'x'});
		});
	});

	it('has shortcuts', () => {
		compiled((session: CachedSession) => {
			expectTypeOf(session.get('x').json()).toEqualTypeOf<Promise<unknown>>();
			expectTypeOf(session.get('x').json<User>()).toEqualTypeOf<Promise<User>>();
			expectTypeOf(session.get('x').text()).toEqualTypeOf<Promise<string>>();
			expectTypeOf(session.get('x').buffer()).toEqualTypeOf<Promise<Bytes>>();
			expectTypeOf(session.get('x', {resolveBodyOnly: true}).json<User>()).toEqualTypeOf<Promise<User>>();
			expectTypeOf(session.get('x').then(({body}) => body)).toEqualTypeOf<Promise<string>>();
			expectTypeOf(session.get('x')).toExtend<Promise<Response<string>>>();
		});
	});
});

describe('a response', () => {
	it("is got's, with what the cache knows", () => {
		expectTypeOf<CachedResponse<User>>().toExtend<Response<User>>();
		expectTypeOf<CachedResponse<User>['body']>().toEqualTypeOf<User>();
		expectTypeOf<CachedResponse['body']>().toEqualTypeOf<unknown>();
		expectTypeOf<CachedResponse['isFromCache']>().toEqualTypeOf<boolean>();
		expectTypeOf<CachedResponse['createdAt']>().toEqualTypeOf<Date>();
		expectTypeOf<CachedResponse['expires']>().toEqualTypeOf<Date | undefined>();
		expectTypeOf<CachedResponse['isExpired']>().toEqualTypeOf<boolean>();
		expectTypeOf<CachedResponse['cacheKey']>().toEqualTypeOf<string | undefined>();
		expectTypeOf<CachedResponse['cacheStatus']>().toEqualTypeOf<CacheStatus | undefined>();
		expectTypeOf<ReturnType<CachedSession['explain']>>().toEqualTypeOf<Promise<Explanation>>();
		expectTypeOf<ReturnType<CachedSession['idle']>>().toEqualTypeOf<Promise<void>>();
		expectTypeOf<CachedResponse['statusCode']>().toEqualTypeOf<number>();
		compiled((response: CachedResponse) => {
			// @ts-expect-error It says what is, and cannot be told.
			response.cacheKey = 'x';
		});
	});
});

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

interface TagOptions {
	readonly tag?: string;
}

class TagMixin {
	readonly tag: string;

	constructor({tag = ''}: TagOptions = {}) {
		this.tag = tag;
	}

	@interceptor
	async addTag(request: SessionRequest, next: Next): Promise<SessionResponse> {
		request.options.headers['x-tag'] = this.tag;
		return next(request);
	}

	@onClose
	forget(): void {}
}

class TagSession extends Mixin(CacheMixin, TagMixin, ClientSession) {
	constructor(options: CachedSessionOptions & TagOptions = {}) {
		super(options);
	}
}

describe('a mix', () => {
	it('has the members of all its classes, and takes the options of all', () => {
		compiled((session: TagSession) => {
			expectTypeOf(session.tag).toEqualTypeOf<string>();
			expectTypeOf(session.addTag).toEqualTypeOf<TagMixin['addTag']>();
			expectTypeOf(session.cache).toEqualTypeOf<CacheBackend>();
			expectTypeOf(session.get('x')).resolves.toEqualTypeOf<CachedResponse<string>>();
			expectTypeOf(session.get<User>('x', {responseType: 'json'})).resolves.toEqualTypeOf<CachedResponse<User>>();
			expectTypeOf(session.close()).toEqualTypeOf<Promise<void>>();
			expectTypeOf(session.extend({expireAfter: 1})).toEqualTypeOf<TagSession>();
			new TagSession({tag: 'x', expireAfter: 1, headers: {a: 'b'}, cache: new CacheBackend('x')});
			new TagSession();
			// @ts-expect-error Not a tag.
			new TagSession({tag: 1});
			// @ts-expect-error No option of any of them.
			new TagSession({unheardOf: 1});
		});
	});

	it('may stand without a cache, or be extended further', () => {
		class Plain extends Mixin(TagMixin, ClientSession) {}
		class Further extends CachedSession {
			@interceptor
			async own(request: SessionRequest, next: Next) {
				expectTypeOf(this.get('x')).resolves.toEqualTypeOf<CachedResponse<string>>();
				return {...(await next(request)), statusCode: 200, body: new BytesBody(new Uint8Array())};
			}
		}
		compiled((plain: Plain, further: Further) => {
			expectTypeOf(plain.tag).toEqualTypeOf<string>();
			expectTypeOf(plain.get('x').json<User>()).resolves.toEqualTypeOf<User>();
			expectTypeOf(further.extend()).toEqualTypeOf<Further>();
			// @ts-expect-error It has no cache.
			plain.cache;
		});
	});
});

describe('marks', () => {
	it('fit methods of the right shape only', () => {
		class Marked {
			@interceptor
			async right(request: SessionRequest, next: Next): Promise<SessionResponse> {
				return next(request);
			}

			@interceptor
			async withoutNext(_request: SessionRequest): Promise<SessionResponse> {
				return {} as SessionResponse;
			}

			// @ts-expect-error It gives no response.
			@interceptor
			async nothing(request: SessionRequest, next: Next): Promise<void> {
				await next(request);
			}

			// @ts-expect-error It gives no promise.
			@interceptor
			atOnce(_request: SessionRequest): SessionResponse {
				return {} as SessionResponse;
			}

			// @ts-expect-error It wants something else.
			@interceptor
			async wrongParameter(request: string, next: Next): Promise<SessionResponse> {
				return next({} as SessionRequest & typeof request);
			}

			// @ts-expect-error It wants more than it gets.
			@interceptor
			async tooMany(request: SessionRequest, next: Next, _more: string): Promise<SessionResponse> {
				return next(request);
			}

			@onClose
			async end(): Promise<void> {}

			// @ts-expect-error It gets nothing.
			@onClose
			endWith(_reason: string): void {}
		}
		expect(Marked.prototype.right).toBeDefined();
	});

	it('work as plain calls, and give back what they get', () => {
		compiled((method: Interceptor, close: () => void) => {
			expectTypeOf(interceptor(method)).toEqualTypeOf<Interceptor>();
			expectTypeOf(onClose(close)).toEqualTypeOf<() => void>();
			// @ts-expect-error Not a method.
			interceptor('name');
			// @ts-expect-error Not an interceptor.
			interceptor(close);
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
