/** `retry`: each of its names decides on a miss as it does with got; a hit has nothing to try again. */
import {describe, expect, it} from '@jest/globals';
import type {RequestError} from 'got';
import {moveClock} from '../../../../../test-support/moved-clock.js';
import {type OriginHandler, startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession, type RequestOptions} from '../../../src/index.js';
import {askThreeWays, comparableError} from '../ask-three-ways.js';
import {ask} from './expect-same.js';

type Retry = Exclude<NonNullable<RequestOptions['retry']>, number>;

/** What `calculateDelay` is told. */
interface Attempt {
	readonly attemptCount: number;
	readonly computedValue: number;
	readonly retryAfter?: number | undefined;
	readonly error: RequestError;
}

/** A retry that waits a millisecond where got would wait longer. */
function hasty(retry: Retry, seen: Attempt[] = []): RequestOptions {
	const calculateDelay = (attempt: Attempt) => {
		seen.push(attempt);
		return Math.min(attempt.computedValue, 1);
	};
	return {retry: {limit: 1, ...retry, calculateDelay: calculateDelay as unknown as Retry['calculateDelay'] & object}};
}

/** Answers the first question of each client in one way and its others in another: `x-client` tells them apart. */
function failingOnce(failure: OriginHandler): OriginHandler {
	const known = new Set<unknown>();
	return (request, response) => {
		const client = request.headers['x-client'];
		if (known.has(client)) {
			return 'answer';
		}
		known.add(client);
		return failure(request, response);
	};
}

const unavailable: OriginHandler = () => ({status: 503, body: 'failure'});
const teapot: OriginHandler = () => ({status: 418, body: 'failure'});
const broken: OriginHandler = (_request, response) => void response.destroy();
const later: OriginHandler = () => ({status: 503, headers: {'retry-after': '5'}, body: 'failure'});

describe('what is tried again is what got tries again', () => {
	it.each<[string, OriginHandler, Retry, RequestOptions, boolean]>([
		['limit: 0', unavailable, {limit: 0}, {}, false],
		['limit: 1', unavailable, {limit: 1}, {}, true],
		['methods with this one', unavailable, {methods: ['POST']}, {method: 'POST', json: 1}, true],
		['methods without this one', unavailable, {methods: ['POST']}, {}, false],
		['statusCodes with this one', teapot, {statusCodes: [418]}, {}, true],
		['statusCodes without this one', unavailable, {statusCodes: [418]}, {}, false],
		['errorCodes with this one', broken, {errorCodes: ['ECONNRESET']}, {}, true],
		['errorCodes without this one', broken, {errorCodes: ['ETIMEDOUT']}, {}, false],
		['maxRetryAfter above what the server asks for', later, {maxRetryAfter: 6000}, {}, true],
		['maxRetryAfter below it', later, {maxRetryAfter: 4000}, {}, false],
		['maxRetryAfter unset: the timeout above it', later, {}, {timeout: {request: 6000}}, true],
		['maxRetryAfter unset: the timeout below it', later, {}, {timeout: {request: 4000}}, false],
		['enforceRetryRules: false', unavailable, {enforceRetryRules: false}, {}, true],
	])('%s', async (_, failure, retry, options, isTriedAgain) => {
		await using origin = await startOrigin(failingOnce(failure));
		const settings = {allowedMethods: ['GET', 'POST'], allowedCodes: [200, 418, 503]};
		const clients = ['plain', 'session', 'session'].values();
		const outcomes = await askThreeWays(
			client =>
				ask(client, origin.url, {...hasty(retry), ...options, headers: {'x-client': clients.next().value ?? ''}}),
			settings,
		);
		const sent = (name: string) => origin.requests.filter(({headers}) => headers['x-client'] === name).length;
		const {plain, miss, hit} = outcomes;
		if (isTriedAgain) {
			for (const {value} of [plain, miss]) {
				expect(value).toMatchObject({body: 'answer', retryCount: 1});
			}
			expect(hit.value).toMatchObject({body: 'answer', retryCount: 0, isFromCache: true});
			expect([sent('plain'), sent('session')]).toEqual([2, 2]);
			return;
		}
		expect(comparableError(miss.error)).toEqual(comparableError(plain.error));
		// A failure is stored where it is an answer, and then it is the answer of a hit.
		const isStored = plain.error?.response !== undefined;
		expect(sent('plain')).toBe(1);
		expect(sent('session')).toBe(isStored ? 1 : 2);
		expect(hit).toMatchObject(isStored ? {error: {response: {isFromCache: true}}} : {value: {body: 'answer'}});
	});
});

describe('the time between two attempts is that of got', () => {
	it.each<[string, OriginHandler, Retry, [from: number, to: number]]>([
		['noise: 0', unavailable, {noise: 0}, [1000, 1000]],
		['noise', unavailable, {noise: 50}, [1000, 1050]],
		['backoffLimit', unavailable, {noise: 0, backoffLimit: 20}, [20, 20]],
		['Retry-After', later, {noise: 0}, [5000, 5000]],
	])('%s', async (_, failure, retry, [from, to]) => {
		await using origin = await startOrigin(failure);
		const seen: Attempt[] = [];
		await askThreeWays(client => client.get(origin.url, hasty({limit: 2, ...retry}, seen)));
		const delays = seen.filter(({attemptCount}) => attemptCount === 1).map(({computedValue}) => computedValue);
		expect(delays).toHaveLength(3);
		for (const delay of delays) {
			expect(delay).toBeGreaterThanOrEqual(from);
			expect(delay).toBeLessThanOrEqual(to);
		}
	});
});

describe('a validation for which a stale response stands by', () => {
	it.each<[string, RequestOptions]>([
		['where got would ask four times', hasty({limit: 3})],
		['whatever its calculateDelay says', {retry: {calculateDelay: ({attemptCount}) => (attemptCount < 4 ? 1 : 0)}}],
		[
			'whatever its calculateDelay says, without rules',
			{retry: {enforceRetryRules: false, calculateDelay: ({attemptCount}) => (attemptCount < 4 ? 1 : 0)}},
		],
	])('is asked once, %s', async (_, options) => {
		using clock = moveClock();
		await using origin = await startOrigin({headers: {etag: '"1"'}, body: 'answer'});
		await using session = new CachedSession({expireAfter: 10, staleIfError: true});
		await session.get(origin.url, options);
		clock.advance(11);
		origin.fallback(unavailable);
		expect(await session.get(origin.url, options)).toMatchObject({body: 'answer', isExpired: true});
		expect(origin.requests).toHaveLength(2);
		// Without one that stands by, got has its way.
		await expect(session.get(`${origin.url}/new`, options)).rejects.toMatchObject({name: 'HTTPError'});
		expect(origin.requests.length).toBeGreaterThan(4);
	});
});
