import {describe, expect, it} from '@jest/globals';
import got from 'got';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {CachedSession, type ResponsePromise} from '../../src/index.js';

const EVENTS = ['request', 'response', 'redirect', 'uploadProgress', 'downloadProgress', 'retry'] as const;

type Listening = Promise<unknown> & {on(event: string, listener: (...args: unknown[]) => void): unknown};

async function eventsOf(promise: Listening): Promise<string[]> {
	const seen: string[] = [];
	for (const event of EVENTS) {
		promise.on(event, (...args: unknown[]) => {
			const [first] = args as [Record<string, unknown>];
			const detail = event.endsWith('Progress')
				? `${first['transferred']}/${first['total']}`
				: event === 'response'
					? String(first['statusCode'])
					: '';
			seen.push(`${event} ${detail}`.trim());
		});
	}
	await promise.catch(() => undefined);
	return seen;
}

function listening(promise: ResponsePromise<unknown>): Listening {
	return promise as unknown as Listening;
}

describe('the events of a promise', () => {
	it.each<[string, string, object]>([
		['a miss', '/', {}],
		['a redirect', '/moved', {}],
		['an upload', '/', {method: 'POST', json: {a: 1}}],
		['an error', '/missing', {}],
	])('are got’s: %s', async (_, path, options) => {
		await using origin = await startOrigin({headers: {'content-length': 4}, body: 'body'});
		origin.route('/moved', {status: 302, headers: {location: '/'}});
		origin.route('/missing', {status: 404, body: 'none'});
		await using session = new CachedSession({retry: {limit: 0}});
		const native = await eventsOf(got(`${origin.url}${path}`, {...options, retry: {limit: 0}}) as unknown as Listening);
		expect(await eventsOf(listening(session.request(`${origin.url}${path}`, options)))).toEqual(native);
	});

	it('on a hit are the response, and that all of it is there', async () => {
		await using origin = await startOrigin('body');
		await using session = new CachedSession();
		await session.get(origin.url);
		const hit = session.get(origin.url);
		const responses: unknown[] = [];
		hit.on('response', response => void responses.push(response));
		expect(await eventsOf(listening(hit))).toEqual(['downloadProgress 4/4', 'response 200']);
		expect(responses).toEqual([await hit]);
	});

	it('tell of attempts', async () => {
		await using origin = await startOrigin(() => (origin.requests.length === 1 ? {status: 503} : 'there'));
		await using session = new CachedSession({retry: {calculateDelay: ({computedValue}) => (computedValue ? 1 : 0)}});
		const retries: unknown[] = [];
		await session.get(origin.url).on('retry', (count, {code}) => void retries.push([count, code]));
		expect(retries).toEqual([[1, 'ERR_NON_2XX_3XX_RESPONSE']]);
	});

	it('reach a listener once with once, and not any more after off', async () => {
		await using origin = await startOrigin('body');
		await using session = new CachedSession();
		const seen: string[] = [];
		const never = () => void seen.push('never');
		const promise = session.get(origin.url);
		expect(promise.once('uploadProgress', () => void seen.push('once'))).toBe(promise);
		expect(promise.on('response', never).off('response', never)).toBe(promise);
		await promise;
		expect(seen).toEqual(['once']);
	});

	it('with the response of another caller’s request are those of a hit', async () => {
		await using origin = await startOrigin('body');
		await using session = new CachedSession();
		const [, follower] = await Promise.all([session.get(origin.url), eventsOf(listening(session.get(origin.url)))]);
		expect(follower).toEqual(['downloadProgress 4/4', 'response 200']);
	});

	it('a listener that throws rejects the promise, and nothing else', async () => {
		await using origin = await startOrigin('body');
		await using session = new CachedSession();
		await session.get(origin.url);
		const hit = session.get(origin.url).on('response', () => {
			throw new RangeError('mine');
		});
		await expect(hit).rejects.toThrow('mine');
	});
});
