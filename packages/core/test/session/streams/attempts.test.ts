import {getEventListeners, once} from 'node:events';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from '@jest/globals';
import {TimeoutError} from 'got';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession, DO_NOT_CACHE, type SessionStream} from '../../../src/index.js';
import {failureOf, sampleBytes, textOf} from './read-stream.js';

const soon = {retry: {limit: 2, calculateDelay: ({computedValue}: {computedValue: number}) => (computedValue ? 1 : 0)}};

/** Reads a stream, and those that take its place when attempts fail. */
async function readTrying(first: SessionStream) {
	const attempts: Array<[number, string | undefined]> = [];
	const read = (stream: SessionStream): Promise<string> =>
		new Promise((resolve, reject) => {
			let text = '';
			stream.on('data', chunk => {
				text += chunk;
			});
			stream.once('end', () => resolve(text));
			stream.once('error', reject);
			stream.once('retry', (count, error, createRetryStream) => {
				attempts.push([count, error.code]);
				read(createRetryStream({headers: {'x-attempt': String(count)}})).then(resolve, reject);
			});
		});
	return {text: await read(first).catch((error: Error) => error), attempts};
}

describe('a stream with a listener for retries', () => {
	it('is tried again as got does, and only the last answer is stored', async () => {
		await using origin = await startOrigin(({headers}) =>
			origin.requests.length < 3 ? {status: 503, body: 'later'} : `answer ${headers['x-attempt']}`,
		);
		await using session = new CachedSession({...soon, allowedCodes: [200, 503]});
		const {text, attempts} = await readTrying(session.stream(origin.url));
		expect(text).toBe('answer 2');
		expect(attempts).toEqual([
			[1, 'ERR_NON_2XX_3XX_RESPONSE'],
			[2, 'ERR_NON_2XX_3XX_RESPONSE'],
		]);
		expect(origin.requests).toHaveLength(3);
		expect((await session.get(origin.url)).isFromCache).toBe(true);
	});

	it('is tried again with other settings of the cache, if its listener likes', async () => {
		await using origin = await startOrigin(() => (origin.requests.length === 1 ? {status: 503} : 'text'));
		await using session = new CachedSession({...soon, expireAfter: 1000});
		const text = await new Promise<string>((resolve, reject) => {
			session
				.stream(origin.url)
				.once('retry', (_count, _error, createRetryStream) => {
					textOf(createRetryStream({expireAfter: DO_NOT_CACHE, headers: {'x-again': 'yes'}})).then(resolve, reject);
				})
				.resume();
		});
		expect(text).toBe('text');
		expect(origin.requests[1]?.headers['x-again']).toBe('yes');
		expect(await session.cache.hasUrl(origin.url)).toBe(false);
	});

	it('is tried again when its body breaks off', async () => {
		await using origin = await startOrigin((_request, response) => {
			if (origin.requests.length === 1) {
				response.write(sampleBytes(1000), () => setTimeout(() => response.destroy(), 10));
				return undefined;
			}
			return 'whole';
		});
		await using session = new CachedSession(soon);
		const {text, attempts} = await readTrying(session.stream(origin.url));
		expect(text).toBe('whole');
		expect(attempts).toEqual([[1, 'ECONNRESET']]);
		expect(await session.get(origin.url).text()).toBe('whole');
		expect(origin.requests).toHaveLength(2);
	});

	it('gives up after as many attempts as the options say', async () => {
		await using origin = await startOrigin({status: 503, body: 'never'});
		const session = new CachedSession(soon);
		const {text, attempts} = await readTrying(session.stream(origin.url));
		expect(text).toMatchObject({name: 'HTTPError', response: {statusCode: 503}});
		expect(attempts.map(([count]) => count)).toEqual([1, 2]);
		expect(origin.requests).toHaveLength(3);
		await session.close();
	});

	it('is tried again while the session is closing', async () => {
		await using origin = await startOrigin(() => (origin.requests.length === 1 ? {status: 503} : 'second'));
		const session = new CachedSession(soon);
		const reading = readTrying(session.stream(origin.url));
		await sleep(1);
		const closing = session.close();
		expect((await reading).text).toBe('second');
		await closing;
	});

	it('leaves those who wait for it to another', async () => {
		await using origin = await startOrigin(async () => {
			const count = origin.requests.length;
			await sleep(20);
			return count === 1 ? {status: 503} : `answer ${count}`;
		});
		await using session = new CachedSession(soon);
		const first = readTrying(session.stream(origin.url));
		await sleep(5);
		const second = textOf(session.stream(origin.url));
		expect((await first).text).toBe('answer 2');
		expect(await second).toBe('answer 2');
		expect(origin.requests).toHaveLength(2);
	});

	it('takes no second listener', () => {
		const session = new CachedSession();
		const stream = session.stream('http://127.0.0.1:1/').on('error', () => undefined);
		stream.once('retry', () => undefined);
		expect(() => stream.once('retry', () => undefined)).toThrow('A retry listener has been attached already.');
	});
});

it('a stream without one is not tried again', async () => {
	await using origin = await startOrigin({status: 503});
	await using session = new CachedSession(soon);
	expect(await failureOf(session.stream(origin.url))).toMatchObject({response: {statusCode: 503}});
	expect(origin.requests).toHaveLength(1);
});

describe('time', () => {
	it.each<[string, object]>([
		['response', {timeout: {response: 30}}],
		['request', {timeout: {request: 30}}],
		['request', {signal: AbortSignal.timeout(30)}],
	])('runs out before the answer: %s', async (_event, options) => {
		await using origin = await startOrigin(() => sleep(5000, 'late', {ref: false}));
		await using session = new CachedSession({retry: {limit: 0}});
		expect(await failureOf(session.stream(origin.url, options))).toBeInstanceOf(TimeoutError);
		expect(await session.cache.hasUrl(origin.url)).toBe(false);
	});

	it('runs out in the middle of the body, which is not stored', async () => {
		await using origin = await startOrigin((_request, response) => void response.write(sampleBytes(1000)));
		await using session = new CachedSession({retry: {limit: 0}});
		const stream = session.stream(origin.url, {timeout: {request: 60}});
		expect(await failureOf(stream)).toMatchObject({name: 'TimeoutError', event: 'request'});
		expect(stream.downloadProgress.transferred).toBe(1000);
		expect(await session.cache.hasUrl(origin.url)).toBe(false);
	});
});

describe('a signal', () => {
	it('that is aborted already sends nothing, on a hit either', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession();
		expect(await failureOf(session.stream(origin.url, {signal: AbortSignal.abort()}))).toMatchObject({
			name: 'AbortError',
			code: 'ERR_ABORTED',
		});
		expect(origin.requests).toHaveLength(0);
		await session.get(origin.url);
		expect(await failureOf(session.stream(origin.url, {signal: AbortSignal.abort()}))).toMatchObject({
			name: 'AbortError',
		});
	});

	it('is left without listeners, however a stream ends', async () => {
		await using origin = await startOrigin();
		origin.route('/cut', (_request, response) => void response.writeHead(200, {'content-length': 9}).destroy());
		origin.route('/404', {status: 404});
		origin.route('/open', (_request, response) => void response.write('x'));
		await using session = new CachedSession({retry: {limit: 0}});
		const {signal} = new AbortController();
		await textOf(session.stream(origin.url, {signal}));
		await textOf(session.stream(origin.url, {signal}));
		await failureOf(session.stream(`${origin.url}/cut`, {signal}));
		await failureOf(session.stream(`${origin.url}/404`, {signal}));
		await failureOf(session.stream('http://127.0.0.1:1/', {signal}));
		const open = session.stream(`${origin.url}/open`, {signal});
		await once(open, 'data');
		open.destroy();
		await once(open, 'close');
		await sleep(5);
		expect(getEventListeners(signal, 'abort')).toHaveLength(0);
	});
});
