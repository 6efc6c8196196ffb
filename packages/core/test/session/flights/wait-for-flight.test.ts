import {getEventListeners} from 'node:events';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from '@jest/globals';
import {AbortError, RequestError, TimeoutError} from 'got';
import {moveClock} from '../../../../../test-support/moved-clock.js';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession} from '../../../src/index.js';
import {outcomeOf} from '../ask-three-ways.js';
import {makeGate, settle} from '../gate.js';
import {times} from '../times.js';

const N = 20;

describe('when somebody gives up', () => {
	it('the first one aborts: its request goes on for the others', async () => {
		const gate = makeGate();
		await using origin = await startOrigin(async () => {
			await gate.pass();
			return 'answer';
		});
		await using session = new CachedSession({retry: {limit: 0}});
		const controller = new AbortController();
		const leader = outcomeOf(session.get(origin.url, {signal: controller.signal}));
		const followers = Promise.all(times(N, () => session.get(origin.url).text()));
		await gate.arrivals(1);
		controller.abort();
		expect((await leader).error).toBeInstanceOf(AbortError);
		expect((await leader).error).toMatchObject({code: 'ERR_ABORTED'});
		gate.open();
		expect(new Set(await followers)).toEqual(new Set(['answer']));
		expect((await session.get(origin.url)).isFromCache).toBe(true);
		expect(origin.requests).toHaveLength(1);
		expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
	});

	it('the request upstream ends when nobody waits for it any more, and not before', async () => {
		const gate = makeGate();
		const closed: string[] = [];
		await using origin = await startOrigin(async ({url}, response) => {
			response.on('close', () => closed.push(url));
			await gate.pass();
			return 'answer';
		});
		await using session = new CachedSession({retry: {limit: 0}});
		const controllers = times(3, () => new AbortController());
		const callers = controllers.map(({signal}) => outcomeOf(session.get(`${origin.url}/shared`, {signal})));
		await gate.arrivals(1);
		controllers[0]?.abort();
		controllers[2]?.abort();
		expect((await callers[0])?.error).toBeInstanceOf(AbortError);
		expect((await callers[2])?.error).toBeInstanceOf(AbortError);
		await sleep(20);
		expect(closed).toEqual([]);
		controllers[1]?.abort();
		expect((await callers[1])?.error).toBeInstanceOf(AbortError);
		// One who asks now does not wait for what has just been ended.
		const next = session.get(`${origin.url}/shared`).text();
		await gate.arrivals(2);
		expect(closed).toEqual(['/shared']);
		gate.open();
		expect(await next).toBe('answer');
	});

	it('one who is alone aborts: with the error that got throws, and the reason that the signal has', async () => {
		const gate = makeGate();
		await using origin = await startOrigin(() => gate.pass().then(() => 'late'));
		await using session = new CachedSession({retry: {limit: 0}});
		const {error} = await outcomeOf(session.get(origin.url, {signal: AbortSignal.timeout(30)}));
		expect(error).toBeInstanceOf(TimeoutError);
		expect(error?.request?.options.url).toEqual(new URL(origin.url));
		gate.open();
	});

	it('the options in a response have the signal that its caller gave', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession({retry: {limit: 0}});
		const {signal} = new AbortController();
		expect((await session.get(origin.url, {signal})).request.options.signal).toBe(signal);
		origin.fallback({status: 404});
		const {error} = await outcomeOf(session.get(`${origin.url}/none`, {signal}));
		expect(error?.options.signal).toBe(signal);
		expect(error?.response?.request.options.signal).toBe(signal);
	});

	it('the first one runs out of time: another takes over, and the others get their answer', async () => {
		const gate = makeGate();
		await using origin = await startOrigin(async () => {
			const count = origin.requests.length;
			await gate.pass();
			return `answer ${count}`;
		});
		await using session = new CachedSession({retry: {limit: 0}});
		const leader = outcomeOf(session.get(origin.url, {timeout: {request: 30}}));
		const followers = Promise.all(times(N, () => session.get(origin.url).text()));
		await gate.arrivals(1);
		expect((await leader).error).toBeInstanceOf(TimeoutError);
		await gate.arrivals(2);
		gate.open();
		expect(new Set(await followers)).toEqual(new Set(['answer 2']));
		expect(origin.requests).toHaveLength(2);
		expect((await session.get(origin.url)).isFromCache).toBe(true);
	});

	it('one that waits gives up alone, at once, with the error that got would throw', async () => {
		const gate = makeGate();
		await using origin = await startOrigin(async () => {
			await gate.pass();
			return 'answer';
		});
		await using session = new CachedSession();
		const leader = session.get(origin.url).text();
		await gate.arrivals(1);
		const controller = new AbortController();
		const waiting = outcomeOf(session.get(origin.url, {signal: controller.signal}));
		const hurried = outcomeOf(session.get(origin.url, {timeout: {request: 20}}));
		const signalled = outcomeOf(session.get(origin.url, {signal: AbortSignal.timeout(20)}));
		const late = outcomeOf(session.get(origin.url, {signal: AbortSignal.abort()}));
		const patient = session.get(origin.url).text();
		await settle();
		controller.abort();
		expect((await waiting).error).toBeInstanceOf(AbortError);
		expect((await waiting).error).toMatchObject({code: 'ERR_ABORTED', name: 'AbortError'});
		expect((await late).error).toBeInstanceOf(AbortError);
		expect((await hurried).error).toBeInstanceOf(TimeoutError);
		expect((await hurried).error).toMatchObject({code: 'ETIMEDOUT', event: 'request'});
		expect((await hurried).error?.options.url).toEqual(new URL(origin.url));
		expect((await signalled).error).toBeInstanceOf(TimeoutError);
		gate.open();
		expect(await Promise.all([leader, patient])).toEqual(['answer', 'answer']);
		expect(origin.requests).toHaveLength(1);
	});

	it('a signal is left without listeners', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession();
		const {signal} = new AbortController();
		await Promise.all(times(3, () => session.get(origin.url, {signal})));
		await session.get(origin.url, {signal});
		expect(origin.requests).toHaveLength(1);
		expect(getEventListeners(signal, 'abort')).toHaveLength(0);
	});

	it('a leader whose session code throws releases the others', async () => {
		await using origin = await startOrigin();
		let calls = 0;
		await using session = new CachedSession({
			filterFn: () => {
				if (calls++ === 0) {
					throw new RangeError('filter');
				}
				return true;
			},
		});
		const outcomes = await Promise.all(times(3, () => outcomeOf(session.get(origin.url))));
		expect(outcomes.filter(({error}) => error !== undefined).map(({error}) => error?.message)).toEqual(['filter']);
	});
});

describe('when the network fails', () => {
	it('it fails for all, once', async () => {
		await using origin = await startOrigin((_, response) => void response.destroy());
		await using session = new CachedSession({retry: {limit: 0}});
		const outcomes = await Promise.all(times(N, () => outcomeOf(session.get(origin.url))));
		expect(origin.requests).toHaveLength(1);
		for (const {error} of outcomes) {
			expect(error).toBeInstanceOf(RequestError);
			expect(error).toMatchObject({code: 'ECONNRESET'});
		}
		origin.fallback('back');
		expect(await session.get(origin.url).text()).toBe('back');
	});

	it('a stale response that stands by is what all get', async () => {
		await using origin = await startOrigin();
		using clock = moveClock();
		await using session = new CachedSession({expireAfter: 1, staleIfError: true, retry: {limit: 0}});
		await session.get(origin.url);
		clock.advance(2);
		origin.fallback((_, response) => void response.destroy());
		const responses = await Promise.all(times(N, () => session.get(origin.url)));
		expect(origin.requests).toHaveLength(2);
		expect(responses.every(({body, isExpired}) => body === 'response 1' && isExpired)).toBe(true);
	});
});
