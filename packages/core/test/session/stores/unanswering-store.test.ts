import {afterEach, describe, expect, it, jest} from '@jest/globals';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession} from '../../../src/index.js';
import {collectErrors, faultyBackend, hangs, settle} from '../faulty-store.js';

afterEach(() => {
	jest.useRealTimers();
});

describe('a store that never answers', () => {
	it('holds one request up for little more than a second, and then none', async () => {
		await using origin = await startOrigin();
		const {backend, store} = faultyBackend();
		await using session = new CachedSession({cache: backend});
		const errors = collectErrors(session);
		store.fail(['read', 'write', 'delete', 'touch'], hangs);
		jest.useFakeTimers({doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'Date', 'performance']});

		const waits: number[] = [];
		for (let index = 1; index <= 5; index++) {
			const {value, seconds} = await settle(session.get(origin.url));
			expect(value).toMatchObject({body: `response ${index}`});
			waits.push(seconds);
		}
		expect(waits[0]).toBeLessThanOrEqual(1.25);
		expect(waits[1]).toBeLessThanOrEqual(0.1);
		expect(waits.slice(2)).toEqual([0, 0, 0]);
		expect(errors[0]).toMatchObject({operation: 'read', cause: {code: 'ERR_CACHE_TIMEOUT'}});
		expect(String(errors[0])).toContain('1000 ms');
	});

	it('to a write is not asked again for each request, while reads go on', async () => {
		await using origin = await startOrigin();
		const {backend, store} = faultyBackend();
		store.isSlow = true;
		await using session = new CachedSession({cache: backend});
		collectErrors(session);
		await session.get(`${origin.url}/stored`);
		store.fail(['write'], hangs);
		jest.useFakeTimers({doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'Date', 'performance']});
		let waited = 0;
		for (let index = 0; index < 10; index++) {
			waited += (await settle(session.get(`${origin.url}/new`))).seconds;
			const {value, seconds} = await settle(session.get(`${origin.url}/stored`));
			expect(value).toMatchObject({isFromCache: true});
			expect(seconds).toBe(0);
		}
		expect(waited).toBeLessThanOrEqual(1.25);
	});

	it('within the deadline is waited for', async () => {
		await using origin = await startOrigin();
		const {backend, store} = faultyBackend();
		await using session = new CachedSession({cache: backend});
		const errors = collectErrors(session);
		const {cacheKey} = await session.get(origin.url);
		const record = await backend.responses.read(cacheKey!);
		jest.useFakeTimers({doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'Date', 'performance']});
		store.fail(['read'], () => new Promise(resolve => setTimeout(() => resolve(record), 900)));
		expect((await settle(session.get(origin.url))).value).toMatchObject({body: 'response 1', isFromCache: true});
		expect(errors).toEqual([]);
	});
});
