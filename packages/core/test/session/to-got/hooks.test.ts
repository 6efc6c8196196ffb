import {describe, expect, it} from '@jest/globals';
import got, {type Got} from 'got';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession} from '../../../src/index.js';
import {outcomeOf} from '../ask-three-ways.js';
import {startSite} from './start-site.js';

describe('hooks and handlers', () => {
	/** An instance that notes what of it is called. */
	function extended(client: Got, seen: string[], name: string): Got {
		return client.extend({
			hooks: {
				init: [() => void seen.push(`${name} init`)],
				beforeRequest: [() => void seen.push(`${name} beforeRequest`)],
				afterResponse: [
					response => {
						seen.push(`${name} afterResponse`);
						return response;
					},
				],
			},
			handlers: [
				(options, next) => {
					seen.push(`${name} handler`);
					return next(options);
				},
				async (options, next) => next(options),
			],
		});
	}

	it('added on top are behind the cache, each called once for a miss; those of the session too', async () => {
		await using origin = await startSite();
		const seen: string[] = [];
		await using session = new CachedSession({got: extended(got, seen, 'own')});
		const client = extended(session.toGot(), seen, 'top');
		seen.length = 0;
		const {body} = await client(`${origin.url}/moved`, {searchParams: {a: 1}});
		expect(seen.filter(what => what.includes('handler'))).toEqual(['own handler', 'top handler']);
		expect(seen.filter(what => what.includes('init'))).toEqual(['own init', 'top init']);
		expect(seen.filter(what => what.includes('beforeRequest'))).toHaveLength(4);
		expect(seen.filter(what => what.includes('afterResponse'))).toEqual(['own afterResponse', 'top afterResponse']);
		seen.length = 0;
		expect(await client(`${origin.url}/moved`, {searchParams: {a: 1}})).toMatchObject({isFromCache: true, body});
		expect(seen).toEqual(['own init', 'top init']);
	});

	it('are the same for the session itself and for the instance', async () => {
		await using origin = await startSite();
		const seen: string[] = [];
		await using session = new CachedSession({got: extended(got, seen, 'own')});
		const client = session.toGot();
		seen.length = 0;
		await session.get(`${origin.url}/a`, {});
		const bySession = seen.splice(0);
		await client.get(`${origin.url}/b`);
		expect(seen).toEqual(bySession);
	});

	it('get the options that got made, and may change them', async () => {
		await using origin = await startSite();
		await using session = new CachedSession();
		const client = session.toGot().extend({
			handlers: [
				(options, next) => {
					options.headers['x-mark'] = 'of the handler';
					return next(options);
				},
			],
		});
		expect(await client(origin.url).json()).toMatchObject({key: 'of the handler'});
	});

	it('that change who asks keep the answer out of the store', async () => {
		await using origin = await startSite();
		await using session = new CachedSession();
		process.once('warning', () => undefined);
		const client = session.toGot().extend({
			handlers: [
				(options, next) => {
					options.headers['authorization'] = 'Bearer late';
					return next(options);
				},
			],
		});
		await client(origin.url);
		expect(await client(origin.url)).toMatchObject({isFromCache: false});
		expect(await session.get(origin.url)).toMatchObject({isFromCache: false});
	});

	it('leave nothing of the session behind in the options', async () => {
		await using origin = await startSite();
		await using session = new CachedSession();
		const seen: number[] = [];
		const client = session.toGot().extend({hooks: {beforeRequest: [() => undefined]}});
		for (const path of ['/a', '/moved', '/a']) {
			const {request} = await client(`${origin.url}${path}`, {resolveBodyOnly: false});
			seen.push(request.options.hooks.beforeRequest.length);
			expect(request.options.resolveBodyOnly).toBe(false);
		}
		expect(seen).toEqual([1, 1, 1]);
		const bodyOnly = await outcomeOf(client(`${origin.url}/missing`, {resolveBodyOnly: true, retry: {limit: 0}}));
		expect(bodyOnly.error?.options.resolveBodyOnly).toBe(true);
		expect(bodyOnly.error?.options.hooks.beforeRequest).toHaveLength(1);
	});

	it('retry as got does, and nothing that is tried again is stored', async () => {
		await using origin = await startOrigin(() => (origin.requests.length === 1 ? {status: 503} : 'well'));
		await using session = new CachedSession({allowedCodes: [200, 503]});
		const retries: number[] = [];
		const client = session.toGot().extend({
			retry: {limit: 1, calculateDelay: ({computedValue}) => (computedValue === 0 ? 0 : 1)},
			hooks: {beforeRetry: [(_error, count) => void retries.push(count ?? 0)]},
		});
		expect(await client(origin.url)).toMatchObject({body: 'well', isFromCache: false, retryCount: 1});
		expect(await client(origin.url)).toMatchObject({body: 'well', isFromCache: true});
		expect(retries).toEqual([1]);
	});

	it('of init may change what is asked', async () => {
		await using origin = await startSite();
		await using session = new CachedSession();
		const client = session.toGot().extend({
			hooks: {init: [plain => void Object.assign(plain, {headers: {...plain.headers, 'x-mark': 'init'}})]},
		});
		expect(await client(origin.url, {retry: {limit: 0}}).json()).toMatchObject({key: 'init'});
		expect(await client(origin.url, {foo: 1} as object).catch((error: Error) => error.message)).toContain('foo');
	});
});
