import {describe, expect, it} from '@jest/globals';
import {AbortError, TimeoutError} from 'got';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {CachedSession} from '../../src/index.js';
import {askThreeWays, comparableError, outcomeOf} from './ask-three-ways.js';

type Call = (client: CachedSession) => PromiseLike<unknown>;

describe('a request that its caller ends', () => {
	it("by a timeout is got's TimeoutError", async () => {
		await using origin = await startOrigin(() => new Promise(() => {}));
		const call: Call = client => client.get(origin.url, {timeout: {request: 20}, retry: {limit: 0}});
		const {plain, miss} = await askThreeWays(call);
		expect(plain.error).toBeInstanceOf(TimeoutError);
		expect(comparableError(miss.error)).toEqual(comparableError(plain.error));
		expect((miss.error as TimeoutError).event).toBe('request');
	});

	it("by a signal is got's AbortError", async () => {
		const controllers: AbortController[] = [];
		await using origin = await startOrigin(() => {
			controllers.at(-1)?.abort();
			return new Promise(() => {});
		});
		const {plain, miss} = await askThreeWays(client => {
			controllers.push(new AbortController());
			return client.get(origin.url, {signal: controllers.at(-1)!.signal});
		});
		expect(plain.error).toBeInstanceOf(AbortError);
		expect(comparableError(miss.error)).toEqual(comparableError(plain.error));
	});

	it.each<[string, () => AbortSignal]>([
		['aborted', () => AbortSignal.abort()],
		['aborted with a reason of its own', () => AbortSignal.abort(new Error('mine'))],
		['out of time', () => AbortSignal.abort(new DOMException('late', 'TimeoutError'))],
	])('before it began is rejected, whatever is stored: %s', async (_, makeSignal) => {
		await using origin = await startOrigin();
		await using session = new CachedSession();
		await session.get(origin.url);
		const {plain, miss, hit} = await askThreeWays(client => client.get(origin.url, {signal: makeSignal()}), {
			cache: session.cache,
			autoclose: false,
		});
		expect(plain.error?.name).toMatch(/AbortError|TimeoutError/);
		for (const {error} of [miss, hit]) {
			expect(error).toBeInstanceOf(plain.error!.constructor);
			expect([error?.name, error?.message, error?.code]).toEqual([
				plain.error?.name,
				plain.error?.message,
				plain.error?.code,
			]);
		}
		expect(origin.requests).toHaveLength(1);
	});

	it('leaves the session as it was', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession();
		await outcomeOf(session.get(origin.url, {signal: AbortSignal.abort()}));
		expect((await session.get(origin.url)).isFromCache).toBe(false);
		expect((await session.get(origin.url)).isFromCache).toBe(true);
	});
});
