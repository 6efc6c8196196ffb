/**
 * What TypeScript makes of the public API. `tsc` checks it: the functions below are compiled and never called.
 * Every line after `@ts-expect-error` must be an error.
 */
import {describe, expect, it} from '@jest/globals';
import {expectTypeOf} from 'expect-type';
import {Mixin} from 'ts-mixer';
import {
	BytesBody,
	CacheBackend,
	type CachedResponse,
	CachedSession,
	type CachedSessionOptions,
	CacheMixin,
	ClientSession,
	type Interceptor,
	interceptor,
	type Next,
	onClose,
	type SessionRequest,
	type SessionResponse,
} from '../../src/index.js';
import type {User} from './compiled.js';
import {compiled} from './compiled.js';

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
