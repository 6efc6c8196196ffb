import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it, jest} from '@jest/globals';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {makeSession} from './stepping-session.js';

describe('an interceptor that changes the request', () => {
	it('before the cache changes the key: users it tells apart do not share', async () => {
		await using origin = await startOrigin(({headers}) => `for ${headers.authorization}`);
		let user = 'a';
		await using session = makeSession('before', (request, next) => {
			request.options.headers['authorization'] = `Bearer ${user}`;
			return next(request);
		});
		const bodies: unknown[] = [];
		for (user of ['a', 'b', 'a']) {
			const {body, isFromCache} = await session.get(origin.url);
			bodies.push([body, isFromCache]);
		}
		expect(bodies).toEqual([
			['for Bearer a', false],
			['for Bearer b', false],
			['for Bearer a', true],
		]);
	});

	it('before the cache may send it elsewhere', async () => {
		await using origin = await startOrigin(({url}) => url);
		let path = '/one';
		await using session = makeSession('before', (request, next) => {
			request.options.url = new URL(path, origin.url);
			return next(request);
		});
		expect(await session.get(origin.url).text()).toBe('/one');
		path = '/two';
		expect(await session.get(origin.url).text()).toBe('/two');
		expect(await session.get(origin.url)).toMatchObject({isFromCache: true, url: `${origin.url}/two`});
	});

	it('before the cache may hand on a copy', async () => {
		await using origin = await startOrigin(({url}) => `{"url": "${url}"}`);
		await using session = makeSession('before', (request, next) =>
			next(
				request.derive(options => {
					(options.url as URL).searchParams.set('copy', '1');
				}),
			),
		);
		const miss = await session.get(origin.url, {responseType: 'json'});
		const hit = await session.get(origin.url, {responseType: 'json'});
		expect([miss.body, hit.body]).toEqual([{url: '/?copy=1'}, {url: '/?copy=1'}]);
		expect(hit.isFromCache).toBe(true);
		// The caller's request is still the one that it made.
		expect(hit.requestUrl.href).toBe(`${origin.url}/`);
	});

	it('before the cache may wait', async () => {
		await using origin = await startOrigin();
		await using session = makeSession('before', async (request, next) => {
			await sleep(1);
			return next(request);
		});
		await session.get(origin.url);
		expect((await session.get(origin.url)).isFromCache).toBe(true);
	});

	it('behind the cache so that it becomes another user is not stored, and warned of once', async () => {
		await using origin = await startOrigin();
		const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
		await using session = makeSession('behind', (request, next) =>
			next(
				request.derive(options => {
					options.headers['authorization'] = 'Bearer late';
				}),
			),
		);
		const answers = [await session.get(origin.url), await session.get(origin.url)];
		expect(answers.map(({isFromCache}) => isFromCache)).toEqual([false, false]);
		expect(origin.requests[0]?.headers.authorization).toBe('Bearer late');
		expect(warn.mock.calls.map(([, options]) => options)).toEqual([
			expect.objectContaining({code: 'GOT_CLIENT_CACHE_CREDENTIALS_CHANGED'}),
		]);
		warn.mockRestore();
	});
});
