import {describe, expect, it} from '@jest/globals';
import {AbortError, HTTPError, MaxRedirectsError, ParseError, RequestError, TimeoutError} from 'got';
import {GOT_MAJOR} from '../../../../../test-support/got-version.js';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {until} from '../../../../../test-support/until.js';
import {CachedSession, type RequestOptions} from '../../../src/index.js';
import {askThreeWays, comparableError} from '../ask-three-ways.js';
import {expectSame, expectSameError} from './expect-same.js';

describe('errors', () => {
	it("are got's own on a hit as on a miss: HTTPError", async () => {
		await using origin = await startOrigin({status: 404, body: 'gone'});
		const options = {allowedCodes: [404]};
		const error = await expectSameError(client => client.get(origin.url), options);
		expect(error).toBeInstanceOf(HTTPError);
		expect(error.response).toMatchObject({isFromCache: true, statusCode: 404, body: 'gone'});
		await expectSame(origin, client => client.get(origin.url, {throwHttpErrors: false}), options);
	});

	it('ParseError, whose response is the cached one', async () => {
		await using origin = await startOrigin('{');
		const error = await expectSameError(client => client.get(origin.url, {responseType: 'json'}));
		expect(error).toBeInstanceOf(ParseError);
		expect(error.response).toMatchObject({isFromCache: true, body: '{'});
		const throwing = () => {
			throw new RangeError('of the parser');
		};
		const own = await expectSameError(client => client.get(origin.url, {responseType: 'json', parseJson: throwing}));
		expect(own.message).toContain('of the parser');
	});

	it('MaxRedirectsError', async () => {
		await using origin = await startOrigin({status: 302, headers: {location: '/'}});
		const error = await expectSameError(client => client.get(origin.url, {maxRedirects: 2}));
		expect(error).toBeInstanceOf(MaxRedirectsError);
	});

	it('TimeoutError, by each of its timers; a hit is never late', async () => {
		await using origin = await startOrigin(() => new Promise(() => {}));
		for (const timeout of [{request: 20}, {response: 20}, {socket: 20}]) {
			const error = await expectSameError(client => client.get(origin.url, {timeout, retry: {limit: 0}}));
			expect(error).toBeInstanceOf(TimeoutError);
			expect((error as TimeoutError).event).toBe(Object.keys(timeout)[0]);
		}
		await using quick = await startOrigin('answer');
		await using session = new CachedSession();
		await session.get(quick.url);
		const late = {timeout: {request: 0, response: 0, connect: 0, lookup: 0, socket: 0, send: 0, read: 0}};
		expect(await session.get(quick.url, late)).toMatchObject({isFromCache: true});
	});

	it('AbortError, with the reason where this got gives it', async () => {
		await using origin = await startOrigin('answer');
		const reason = new Error('mine');
		await using session = new CachedSession();
		await session.get(origin.url);
		const {plain, miss, hit} = await askThreeWays(
			client => client.get(origin.url, {signal: AbortSignal.abort(reason)}),
			{cache: session.cache, autoclose: false},
		);
		for (const {error} of [plain, miss, hit]) {
			expect(error).toBeInstanceOf(AbortError);
			expect(error?.code).toBe('ERR_ABORTED');
			expect(error?.cause === reason).toBe(plain.error?.cause === reason);
		}
	});

	it('CancelError, by the cancel() that got 14 alone has', async () => {
		await using origin = await startOrigin(() => new Promise(() => {}));
		await using session = new CachedSession({retry: {limit: 0}});
		const call = (client: CachedSession) => client.get(origin.url) as PromiseLike<unknown> & {cancel?: () => void};
		if (GOT_MAJOR > 14) {
			const pending = session.get(origin.url, {signal: AbortSignal.timeout(1)});
			expect(pending.cancel).toBeUndefined();
			await pending.catch(() => {});
			return;
		}
		const {plain, miss} = await askThreeWays(client => {
			const pending = call(client);
			setTimeout(() => pending.cancel?.(), 20);
			return pending;
		});
		expect([plain.error?.name, plain.error?.code]).toEqual(['CancelError', 'ERR_CANCELED']);
		// It is rejected at once, without a look at how far the request has come.
		expect(comparableError(miss.error)).toEqual({...comparableError(plain.error), hasTimings: false});
	});

	it('RequestError, for a server that is not there', async () => {
		const origin = await startOrigin();
		await origin.close();
		const {plain, miss} = await askThreeWays(client => client.get(origin.url, {retry: {limit: 0}}));
		for (const {error} of [plain, miss]) {
			expect(error).toBeInstanceOf(RequestError);
			expect([error?.name, error?.code]).toEqual(['RequestError', 'ECONNREFUSED']);
		}
	});
});

const describeFor14 = GOT_MAJOR === 14 ? describe : () => {};

describeFor14('cancel()', () => {
	it('ends one caller, and not the others who wait for the same', async () => {
		let answer: (body: string) => void = () => {};
		await using origin = await startOrigin(() => new Promise(resolve => (answer = resolve)));
		await using session = new CachedSession();
		const calls = [1, 2, 3].map(() => session.get(origin.url));
		const outcomes = Promise.allSettled(calls);
		await until('it was sent', () => origin.requests.length === 1);
		calls[1]!.cancel?.();
		await expect(calls[1]).rejects.toMatchObject({name: 'CancelError'});
		calls[0]!.cancel?.();
		await expect(calls[0]).rejects.toMatchObject({name: 'CancelError'});
		answer('answer');
		expect((await outcomes).map(({status}) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
		expect(await calls[2]).toMatchObject({body: 'answer'});
		calls[2]!.cancel?.();
		expect(await session.get(origin.url)).toMatchObject({isFromCache: true});
		expect(origin.requests).toHaveLength(1);
	});

	it('by the last one who waits ends the request', async () => {
		let hasClosed = false;
		await using origin = await startOrigin((_request, response) => {
			response.once('close', () => {
				hasClosed = true;
			});
			return new Promise(() => {});
		});
		await using session = new CachedSession();
		const calls = [1, 2].map(() => session.get(origin.url));
		const outcomes = Promise.allSettled(calls);
		await until('it was sent', () => origin.requests.length === 1);
		for (const call of calls) {
			expect(hasClosed).toBe(false);
			call.cancel?.();
		}
		expect((await outcomes).map(({status}) => status)).toEqual(['rejected', 'rejected']);
		await until('it is closed', () => hasClosed);
		expect(origin.requests).toHaveLength(1);
	});

	it('before anything was sent sends nothing', async () => {
		await using origin = await startOrigin('answer');
		await using session = new CachedSession();
		const call = session.get(origin.url);
		call.cancel?.();
		await expect(call).rejects.toMatchObject({name: 'CancelError'});
		await session.get(origin.url);
		expect(origin.requests.length).toBeLessThanOrEqual(2);
		expect(await session.get(origin.url)).toMatchObject({isFromCache: true});
	});
});

describe('retry', () => {
	it('asks again as got does, and stores what came last', async () => {
		await using origin = await startOrigin(() => (origin.requests.length % 2 === 1 ? {status: 503} : 'answer'));
		const retry = {limit: 1, calculateDelay: ({computedValue}: {computedValue: number}) => Math.min(computedValue, 1)};
		await using session = new CachedSession({allowedCodes: [200, 503]});
		const miss = await session.get(origin.url, {retry});
		expect(miss).toMatchObject({body: 'answer', retryCount: 1, isFromCache: false});
		expect(await session.get(origin.url, {retry})).toMatchObject({body: 'answer', retryCount: 0, isFromCache: true});
		expect(origin.requests).toHaveLength(2);
	});

	it('enforceRetryRules lets a calculateDelay of one’s own decide or not, as in this got', async () => {
		await using origin = await startOrigin({status: 404});
		const options: RequestOptions = {retry: {limit: 1, calculateDelay: ({attemptCount}) => (attemptCount > 1 ? 0 : 1)}};
		const {plain, miss} = await askThreeWays(client => client.get(origin.url, options));
		expect([plain.error?.name, miss.error?.name]).toEqual(['HTTPError', 'HTTPError']);
		// A 404 is none of the statuses to be retried: from 15 on that is the last word.
		expect(origin.requests.length).toBe(GOT_MAJOR < 15 ? 6 : 3);
	});
});
