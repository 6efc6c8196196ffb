import {describe, expect, it} from '@jest/globals';
import {Mixin} from 'ts-mixer';
import {moveClock} from '../../../../test-support/moved-clock.js';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {
	CachedSession,
	CacheMixin,
	ClientSession,
	interceptor,
	type Next,
	type SessionRequest,
} from '../../src/index.js';
import {ALL_STEPS, FirstMixin, SecondMixin, steps, stepsOf} from './step-mixins.js';

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
