import {describe, expect, it} from '@jest/globals';
import {hasMixin, Mixin} from 'ts-mixer';
import {moveClock} from '../../../../test-support/moved-clock.js';
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

/** Steps taken, in order; emptied by every test that looks at them. */
const steps: string[] = [];

function stepsOf(): string[] {
	return steps.splice(0);
}

class FirstMixin {
	@interceptor
	async first(request: SessionRequest, next: Next): Promise<SessionResponse> {
		steps.push('first');
		const response = await next(request);
		steps.push('first back');
		return response;
	}
}

class SecondMixin {
	@interceptor
	async second(request: SessionRequest, next: Next): Promise<SessionResponse> {
		steps.push('second');
		const response = await next(request);
		steps.push('second back');
		return response;
	}
}

const ALL_STEPS = ['first', 'second', 'second back', 'first back'];

describe('the order of interceptors', () => {
	it('puts a mixin between cache and client behind the cache: not called on a hit, once on a miss', async () => {
		await using origin = await startOrigin();
		class Session extends Mixin(CacheMixin, FirstMixin, ClientSession) {}
		await using session = new Session();
		stepsOf();
		await session.get(origin.url);
		expect(stepsOf()).toEqual(['first', 'first back']);
		const hit = await session.get(origin.url);
		expect(hit.isFromCache).toBe(true);
		expect(stepsOf()).toEqual([]);
		await session.get(origin.url, {forceRefresh: true});
		expect(stepsOf()).toEqual(['first', 'first back']);
	});

	it('puts that of a subclass before the cache: called on hit and miss', async () => {
		await using origin = await startOrigin();
		class Session extends CachedSession {
			@interceptor
			async own(request: SessionRequest, next: Next) {
				const response = await next(request);
				steps.push(response.isFromCache ? 'hit' : 'miss');
				return response;
			}
		}
		await using session = new Session();
		stepsOf();
		await session.get(origin.url);
		await session.get(origin.url);
		expect(stepsOf()).toEqual(['miss', 'hit']);
	});

	it('puts a mixin listed before the cache before it', async () => {
		await using origin = await startOrigin();
		class Session extends Mixin(FirstMixin, CacheMixin, SecondMixin, ClientSession) {}
		await using session = new Session();
		stepsOf();
		await session.get(origin.url);
		expect(stepsOf()).toEqual(ALL_STEPS);
		await session.get(origin.url);
		expect(stepsOf()).toEqual(['first', 'first back']);
	});

	it('is the order in which mixins are listed', async () => {
		await using origin = await startOrigin();
		class Session extends Mixin(CacheMixin, FirstMixin, SecondMixin, ClientSession) {}
		class Reversed extends Mixin(CacheMixin, SecondMixin, FirstMixin, ClientSession) {}
		await using session = new Session();
		await using reversed = new Reversed();
		stepsOf();
		await session.get(origin.url);
		expect(stepsOf()).toEqual(ALL_STEPS);
		await reversed.get(origin.url);
		expect(stepsOf()).toEqual(['second', 'first', 'first back', 'second back']);
	});

	it('puts a subclass of a subclass first, and several of one class in the order of their lines', async () => {
		await using origin = await startOrigin();
		const say = (step: string) => (request: SessionRequest, next: Next) => {
			steps.push(step);
			return next(request);
		};
		class Parent extends Mixin(CacheMixin, FirstMixin, ClientSession) {
			@interceptor
			async parentOne(request: SessionRequest, next: Next) {
				return say('parent 1')(request, next);
			}

			@interceptor
			async parentTwo(request: SessionRequest, next: Next) {
				return say('parent 2')(request, next);
			}
		}
		class Child extends Parent {
			@interceptor
			async child(request: SessionRequest, next: Next) {
				return say('child')(request, next);
			}
		}
		await using session = new Child();
		stepsOf();
		await session.get(origin.url);
		expect(stepsOf()).toEqual(['child', 'parent 1', 'parent 2', 'first', 'first back']);
	});

	it('puts a subclass before what it extends even when it is mixed itself', async () => {
		await using origin = await startOrigin();
		class Logged extends CachedSession {
			@interceptor
			async log(request: SessionRequest, next: Next) {
				steps.push('log');
				return next(request);
			}

			@interceptor
			async logMore(request: SessionRequest, next: Next) {
				steps.push('more');
				return next(request);
			}
		}
		class Session extends Mixin(FirstMixin, Logged, SecondMixin) {
			@interceptor
			async own(request: SessionRequest, next: Next) {
				steps.push('own');
				return next(request);
			}
		}
		class Outermost extends Mixin(Session, FirstMixin) {}
		await using session = new Session();
		await using outermost = new Outermost();
		stepsOf();
		const before = ['own', 'first', 'log', 'more'];
		await session.get(origin.url);
		expect(stepsOf()).toEqual([...before, 'second', 'second back', 'first back']);
		await session.get(origin.url);
		expect(stepsOf()).toEqual([...before, 'first back']);
		await outermost.get(origin.url);
		expect(stepsOf()).toEqual([...before, 'second', 'second back', 'first back']);
	});

	it('takes a class that two classes of a mix have in common once', async () => {
		await using origin = await startOrigin();
		class One extends Mixin(FirstMixin, CacheMixin) {}
		class Two extends Mixin(CacheMixin, SecondMixin) {}
		class Session extends Mixin(One, Two, ClientSession) {}
		await using session = new Session();
		stepsOf();
		await session.get(origin.url);
		await session.get(origin.url);
		expect(stepsOf()).toEqual([...ALL_STEPS, 'first', 'first back']);
	});

	it('does without a cache too', async () => {
		await using origin = await startOrigin();
		class Session extends Mixin(FirstMixin, SecondMixin, ClientSession) {}
		await using session = new Session();
		stepsOf();
		await session.get(origin.url);
		await session.get(origin.url);
		expect(stepsOf()).toEqual([...ALL_STEPS, ...ALL_STEPS]);
	});

	it('sends a refresh behind a stale response only through what stands after the cache', async () => {
		await using origin = await startOrigin();
		using clock = moveClock();
		class Session extends Mixin(FirstMixin, CacheMixin, SecondMixin, ClientSession) {}
		const session = new Session({expireAfter: 1, staleWhileRevalidate: true});
		await session.get(origin.url);
		stepsOf();
		clock.advance(2);
		await session.get(origin.url);
		await session.close();
		expect(origin.requests).toHaveLength(2);
		expect(stepsOf().sort()).toEqual(['first', 'first back', 'second', 'second back']);
	});
});

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
