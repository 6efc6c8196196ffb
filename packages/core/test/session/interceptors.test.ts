import {describe, expect, it} from '@jest/globals';
import {hasMixin, Mixin} from 'ts-mixer';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {
	CachedSession,
	CacheMixin,
	ClientSession,
	interceptor,
	type Next,
	type SessionRequest,
	type SessionResponse,
} from '../../src/index.js';
import {ALL_STEPS, FirstMixin, SecondMixin, steps, stepsOf} from './step-mixins.js';

describe('a marked method', () => {
	it('that a subclass overrides keeps its place, and can be called with super', async () => {
		await using origin = await startOrigin();
		class Session extends Mixin(CacheMixin, FirstMixin, SecondMixin, ClientSession) {
			override async first(request: SessionRequest, next: Next) {
				steps.push('override');
				return super.first(request, next);
			}
		}
		await using session = new Session();
		stepsOf();
		await session.get(origin.url);
		expect(stepsOf()).toEqual(['override', ...ALL_STEPS]);
		await session.get(origin.url);
		expect(stepsOf()).toEqual([]);
	});

	it('that a mixin inherits and overrides is no conflict', async () => {
		await using origin = await startOrigin();
		class DerivedMixin extends FirstMixin {
			override async first(request: SessionRequest, next: Next) {
				steps.push('derived');
				return next(request);
			}
		}
		class Session extends Mixin(CacheMixin, DerivedMixin, ClientSession) {}
		await using session = new Session();
		stepsOf();
		await session.get(origin.url);
		expect(stepsOf()).toEqual(['derived']);
	});

	it.each(['a marked method', 'a plain method'])(
		'that a sibling overwrites with %s throws on first use, not before',
		async kind => {
			await using origin = await startOrigin();
			class MarkedSibling {
				@interceptor
				async first(request: SessionRequest, next: Next) {
					return next(request);
				}
			}
			class PlainSibling {
				async first(request: SessionRequest, next: Next) {
					return next(request);
				}
			}
			const Sibling = kind === 'a marked method' ? MarkedSibling : PlainSibling;
			class Session extends Mixin(CacheMixin, FirstMixin, Sibling, ClientSession) {}
			const session = new Session();
			const conflict = expect.objectContaining({
				code: 'ERR_INTERCEPTOR_CONFLICT',
				message: expect.stringContaining("'first'"),
			});
			await expect(session.get(origin.url)).rejects.toEqual(conflict);
			await expect(session.get(origin.url).text()).rejects.toEqual(conflict);
			expect(origin.requests).toHaveLength(0);
		},
	);

	it('that a sibling before it has too is a conflict as well', async () => {
		class MarkedSibling {
			@interceptor
			async first(request: SessionRequest, next: Next) {
				return next(request);
			}
		}
		class Session extends Mixin(MarkedSibling, FirstMixin, CacheMixin, ClientSession) {}
		await expect(new Session().get('http://127.0.0.1:1/')).rejects.toMatchObject({code: 'ERR_INTERCEPTOR_CONFLICT'});
	});

	it('that is a field of the class is told of', async () => {
		class FieldMixin {
			readonly field = interceptor(async (request: SessionRequest, next: Next) => next(request));
		}
		class Session extends Mixin(CacheMixin, FieldMixin, ClientSession) {}
		await expect(new Session().get('http://127.0.0.1:1/')).rejects.toMatchObject({
			code: 'ERR_INTERCEPTOR_CONFLICT',
			message: expect.stringContaining("'field'"),
		});
	});

	it('may be named by a symbol', async () => {
		await using origin = await startOrigin();
		const name = Symbol('name');
		class Session extends CachedSession {
			@interceptor
			async [name](request: SessionRequest, next: Next) {
				steps.push('symbol');
				return next(request);
			}
		}
		await using session = new Session();
		stepsOf();
		await session.get(origin.url);
		expect(stepsOf()).toEqual(['symbol']);
	});

	it('must be a function', () => {
		expect(() => interceptor(undefined as never)).toThrow(TypeError);
	});

	it('is returned as it is, with or without decorators', () => {
		const method = async (request: SessionRequest, next: Next) => next(request);
		expect(interceptor(method)).toBe(method);
	});
});

describe('marking without decorators', () => {
	class PlainMixin {
		count = 0;

		static {
			interceptor(PlainMixin.prototype.countRequests);
		}

		async countRequests(request: SessionRequest, next: Next): Promise<SessionResponse> {
			this.count++;
			return next(request);
		}
	}

	it('does the same, and `this` is the session', async () => {
		await using origin = await startOrigin();
		class Session extends Mixin(CacheMixin, PlainMixin, ClientSession) {}
		await using session = new Session();
		await session.get(origin.url);
		await session.get(origin.url);
		await session.get(`${origin.url}/other`);
		expect(session.count).toBe(2);
	});

	it('works in a subclass, and after the class was made', async () => {
		await using origin = await startOrigin();
		class Session extends CachedSession {
			async late(request: SessionRequest, next: Next): Promise<SessionResponse> {
				steps.push('late');
				return next(request);
			}
		}
		interceptor(Session.prototype.late);
		await using session = new Session();
		stepsOf();
		await session.get(origin.url);
		await session.get(origin.url);
		expect(stepsOf()).toEqual(['late', 'late']);
	});
});

describe('what a mix is made of', () => {
	class Session extends Mixin(CacheMixin, FirstMixin, ClientSession) {}
	class Child extends Session {}

	it.each([CacheMixin, FirstMixin, ClientSession])('is what hasMixin says: $name', ingredient => {
		expect(hasMixin(new Session(), ingredient as new () => object)).toBe(true);
		expect(hasMixin(new Child(), ingredient as new () => object)).toBe(true);
	});

	it('is that of CachedSession too, and nothing more', () => {
		const session = new CachedSession();
		expect([CacheMixin, ClientSession].map(ingredient => hasMixin(session, ingredient as new () => object))).toEqual([
			true,
			true,
		]);
		expect(hasMixin(session, FirstMixin)).toBe(false);
		expect(new Child()).toBeInstanceOf(Session);
	});

	it('keeps its own state for each session', async () => {
		await using origin = await startOrigin();
		const [one, two] = [new Session(), new Session()];
		await one.get(origin.url);
		expect((await two.get(origin.url)).isFromCache).toBe(false);
		await Promise.all([one.close(), two.close()]);
	});
});
