import {expect} from '@jest/globals';
import type {Response} from 'got';
import type {Origin} from '../../../../test-support/origin-server.js';
import type {CachedSession, CachedSessionOptions} from '../../src/index.js';
import {askThreeWays, comparable} from './ask-three-ways.js';

/** That a call resolves to the same in all three ways, and that the third asked nobody. */
export async function expectSame(
	origin: Origin,
	call: (client: CachedSession) => PromiseLike<unknown>,
	options?: CachedSessionOptions,
): Promise<unknown> {
	const before = origin.requests.length;
	const {plain, miss, hit} = await askThreeWays(call, options);
	expect(origin.requests.length - before).toBe(2);
	expect(plain).toHaveProperty('value');
	expect(miss).toEqual(plain);
	expect(hit).toEqual(plain);
	return plain.value;
}

/** As {@link expectSame}, for calls that resolve to responses. */
export async function expectSameResponse(
	origin: Origin,
	call: (client: CachedSession) => PromiseLike<unknown>,
	options?: CachedSessionOptions,
): Promise<Response> {
	const before = origin.requests.length;
	const {plain, miss, hit} = await askThreeWays(call, options);
	expect(origin.requests.length - before).toBe(2);
	expect(comparable(miss.value)).toEqual(comparable(plain.value));
	expect(comparable(hit.value)).toEqual(comparable(plain.value));
	expect([miss.value, hit.value]).toEqual([
		expect.objectContaining({isFromCache: false}),
		expect.objectContaining({isFromCache: true}),
	]);
	return hit.value as Response;
}
