/** Hooks belong to the network: a hit runs none. `beforeCache` decides what is stored. */
import {describe, expect, it} from '@jest/globals';
import {RequestError} from 'got';
import {moveClock} from '../../../../../test-support/moved-clock.js';
import {type Origin, startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession, type RequestOptions} from '../../../src/index.js';

type BeforeCache = NonNullable<NonNullable<RequestOptions['hooks']>['beforeCache']>[number];

describe('hooks', () => {
	it('run on a miss as in got, and none of them on a hit but `init`', async () => {
		await using origin = await startOrigin();
		let failures = 1;
		origin.route('/a', () => {
			if (failures-- > 0) {
				return {status: 503};
			}
			return {status: 302, headers: {location: '/b'}};
		});
		const called: string[] = [];
		const note = (name: string) => () => void called.push(name);
		await using session = new CachedSession({
			retry: {limit: 1, calculateDelay: ({computedValue}) => Math.min(computedValue, 1)},
			hooks: {
				init: [note('init')],
				beforeRequest: [note('beforeRequest')],
				beforeRedirect: [note('beforeRedirect')],
				beforeRetry: [note('beforeRetry')],
				beforeCache: [note('beforeCache')],
				beforeError: [
					error => {
						called.push('beforeError');
						return error;
					},
				],
				afterResponse: [
					response => {
						called.push('afterResponse');
						return response;
					},
				],
			},
		});
		called.length = 0;
		await session.get(`${origin.url}/a`, {headers: {'x-a': 'b'}});
		expect(called.filter(name => name !== 'init' && name !== 'afterResponse')).toEqual([
			'beforeRequest',
			'beforeRetry',
			'beforeRequest',
			'beforeRedirect',
			'beforeRequest',
			'beforeCache',
			'beforeCache',
		]);
		expect(called).toContain('afterResponse');
		called.length = 0;
		expect((await session.get(`${origin.url}/a`, {headers: {'x-a': 'b'}})).isFromCache).toBe(true);
		expect(called.filter(name => name !== 'init')).toEqual([]);
	});

	it('beforeError sees the errors of the network, and none that a hit gives', async () => {
		await using origin = await startOrigin({status: 404});
		const seen: string[] = [];
		await using session = new CachedSession({
			allowedCodes: [200, 404],
			hooks: {
				beforeError: [
					error => {
						seen.push(error.name);
						return error;
					},
				],
			},
		});
		await expect(session.get(origin.url)).rejects.toMatchObject({name: 'HTTPError'});
		await expect(session.get(origin.url)).rejects.toMatchObject({name: 'HTTPError'});
		expect(seen).toEqual(['HTTPError']);
		expect(origin.requests).toHaveLength(1);
	});

	it('afterResponse decides what its caller gets and what is stored', async () => {
		await using origin = await startOrigin('of the server');
		await using session = new CachedSession({
			hooks: {
				afterResponse: [
					response => {
						response.body = 'of the hook';
						return response;
					},
				],
			},
		});
		expect(await session.get(origin.url)).toMatchObject({body: 'of the hook', isFromCache: false});
		// Bytes are stored, and of those this hook has changed nothing.
		expect(await session.get(origin.url)).toMatchObject({body: 'of the server', isFromCache: true});
	});
});

describe('beforeCache', () => {
	/** A session whose requests run a hook. */
	function sessionWith(hook: BeforeCache, options: object = {}): CachedSession {
		return new CachedSession({hooks: {beforeCache: [hook]}, ...options});
	}

	async function startFresh(): Promise<Origin> {
		return startOrigin(() => ({headers: {'cache-control': 'max-age=60', 'x-secret': 'token', etag: '"1"'}, body: 'a'}));
	}

	it.each([false, true])(
		'that gives `false` keeps a response out of the store; with cacheControl: %p',
		async cacheControl => {
			await using origin = await startFresh();
			await using session = sessionWith(() => false, {cacheControl});
			for (let call = 0; call < 2; call++) {
				const response = await session.get(origin.url);
				expect(response).toMatchObject({isFromCache: false, cacheKey: undefined, body: 'a'});
				expect(response.headers['cache-control']).toBe('max-age=60');
				expect(response.cacheStatus?.detail).toBe('beforeCache');
			}
			expect(await session.cache.size()).toBe(0);
		},
	);

	it('may choose by status and headers, and the hooks after one that refuses are not called', async () => {
		await using origin = await startOrigin(({url}) => ({headers: {'x-keep': url === '/keep' ? 'yes' : 'no'}}));
		let called = 0;
		await using session = new CachedSession({
			hooks: {
				beforeCache: [
					({headers, statusCode}) => (statusCode === 200 && headers['x-keep'] === 'yes' ? undefined : false),
					() => void called++,
				],
			},
		});
		for (const path of ['/keep', '/leave', '/keep', '/leave']) {
			await session.get(origin.url + path);
		}
		expect(origin.requests.map(({url}) => url)).toEqual(['/keep', '/leave', '/leave']);
		expect(called).toBe(1);
	});

	it('changes the fields that are stored and by which it is decided, not those of the one who asked', async () => {
		using clock = moveClock();
		await using origin = await startFresh();
		const hook: BeforeCache = response => {
			delete response.headers['x-secret'];
			response.headers['cache-control'] = 'max-age=600';
			response.headers['set-cookie'] = ['a=1', 'b=2'];
		};
		await using session = sessionWith(hook, {cacheControl: true});
		const miss = await session.get(origin.url);
		expect(miss.headers).toMatchObject({'cache-control': 'max-age=60', 'x-secret': 'token'});
		clock.advance(300);
		const hit = await session.get(origin.url);
		expect(hit).toMatchObject({isFromCache: true, isExpired: false});
		expect(hit.headers).toMatchObject({'cache-control': 'max-age=600', 'set-cookie': ['a=1', 'b=2']});
		expect(hit.headers).not.toHaveProperty('x-secret');
		expect(hit.headers.etag).toBe('"1"');
	});

	it('changes the status that is stored', async () => {
		await using origin = await startOrigin({status: 203});
		await using session = sessionWith(response => {
			response.statusCode = 200;
			response.statusMessage = 'Good';
		});
		await session.get(origin.url);
		expect(await session.get(origin.url)).toMatchObject({isFromCache: true, statusCode: 200, statusMessage: 'Good'});
	});

	it('that refuses a renewal deletes what is stored', async () => {
		using clock = moveClock();
		await using origin = await startOrigin(({headers}) =>
			headers['if-none-match'] ? {status: 304} : {headers: {etag: '"1"'}, body: 'a'},
		);
		await using session = sessionWith(({statusCode}) => (statusCode === 304 ? false : undefined), {expireAfter: 10});
		await session.get(origin.url);
		clock.advance(11);
		expect(await session.get(origin.url)).toMatchObject({body: 'a'});
		expect(await session.cache.size()).toBe(0);
	});

	it('may refuse a redirect, which is then asked for again', async () => {
		await using origin = await startOrigin('end');
		origin.route('/a', {status: 301, headers: {location: '/b'}});
		await using session = sessionWith(({statusCode}) => (statusCode === 301 ? false : undefined));
		await session.get(`${origin.url}/a`);
		await session.get(`${origin.url}/a`);
		expect(origin.requests.filter(({url}) => url === '/a')).toHaveLength(2);
		expect(await session.get(`${origin.url}/b`)).toMatchObject({isFromCache: true});
	});

	it('does not run where the cache takes no part', async () => {
		await using origin = await startFresh();
		let called = 0;
		await using session = sessionWith(() => void called++);
		await session.get(origin.url, {cache: false});
		await session.disabled(() => session.get(origin.url));
		expect(called).toBe(0);
	});

	it.each<[string, () => unknown]>([
		[
			'throws',
			() => {
				throw new Error('of the hook');
			},
		],
		['gives a promise', async () => false],
		['gives anything else', () => true],
	])('that %s fails the request, as in got, and nothing is stored', async (_, hook) => {
		await using origin = await startFresh();
		await using session = sessionWith(hook as BeforeCache);
		await expect(session.get(origin.url)).rejects.toBeInstanceOf(RequestError);
		expect(await session.cache.size()).toBe(0);
	});
});
