import {gzipSync} from 'node:zlib';
import {describe, expect, it} from '@jest/globals';
import {moveClock} from '../../../../test-support/moved-clock.js';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {CacheBackend, type CachedEntry, CachedSession, DO_NOT_CACHE} from '../../src/index.js';

const URL_A = 'http://127.0.0.1:9/a';
const URL_B = 'http://127.0.0.1:9/b';

async function list(backend: CacheBackend): Promise<CachedEntry[]> {
	const entries: CachedEntry[] = [];
	for await (const entry of backend.filter()) {
		entries.push(entry);
	}
	return entries.sort((a, b) => a.url.localeCompare(b.url));
}

describe('save()', () => {
	it.each([
		['text', {body: 'text'}, 'text'],
		['bytes', {body: Buffer.from('bytes')}, 'bytes'],
		['an object, as JSON', {body: {a: 1}}, '{"a":1}'],
		['rawBody before body', {rawBody: Buffer.from('raw'), body: 'parsed'}, 'raw'],
		['nothing', {}, ''],
	])('keeps %s, which a session serves', async (_name, response, text) => {
		await using origin = await startOrigin();
		await using session = new CachedSession();
		const key = await session.cache.save(origin.url, {...response, headers: {'x-a': ['1', '2'], 'x-b': undefined}});
		const hit = await session.get(origin.url);
		expect(hit).toMatchObject({
			statusCode: 200,
			body: text,
			isFromCache: true,
			cacheKey: key,
			headers: {'x-a': '1, 2'},
		});
		expect(hit.headers).not.toHaveProperty('x-b');
		expect(origin.requests).toHaveLength(0);
	});

	it("keeps a response of got's, decoded or not", async () => {
		await using origin = await startOrigin({
			status: 203,
			headers: {'content-encoding': 'gzip', 'set-cookie': ['a=1', 'b=2'], 'x-a': 'b'},
			body: gzipSync('text'),
		});
		await using session = new CachedSession();
		const fetched = await session.got(origin.url);
		await session.cache.save(origin.url, fetched);
		const hit = await session.get(origin.url);
		expect(hit).toMatchObject({statusCode: 203, body: 'text', isFromCache: true});
		expect(hit.headers).toMatchObject({'x-a': 'b', 'set-cookie': ['a=1', 'b=2']});
		expect(hit.headers).not.toHaveProperty('content-encoding');

		const coded = await session.got(origin.url, {decompress: false, responseType: 'buffer'});
		const key = await session.cache.save(`${origin.url}/coded`, coded);
		expect((await session.get(`${origin.url}/coded`, {responseType: 'buffer'})).body).toEqual(gzipSync('text'));
		await session.cache.save(`${origin.url}/coded`, await session.get(origin.url));
		expect(await session.get(`${origin.url}/coded`)).toMatchObject({body: 'text', cacheKey: key, isFromCache: true});
		expect(origin.requests).toHaveLength(2);
	});

	it('is for the request that it names, and for nobody else', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession({allowedMethods: ['GET', 'POST']});
		const anna = {headers: {authorization: 'Bearer anna'}};
		await session.cache.save({url: origin.url, ...anna}, {body: 'for anna'});
		await session.cache.save({url: origin.url, method: 'POST', form: {a: '1'}}, {body: 'for the form'});
		expect(await session.get(origin.url, anna)).toMatchObject({body: 'for anna'});
		expect(await session.post(origin.url, {form: {a: '1'}})).toMatchObject({body: 'for the form'});
		expect(await session.get(origin.url)).toMatchObject({body: 'response 1'});
		expect(await session.post(origin.url, {form: {a: '2'}})).toMatchObject({body: 'response 2'});
	});

	it('gives the life that is asked for, or that the settings have for the URL', async () => {
		using _ = moveClock();
		const backend = new CacheBackend('lives', {expireAfter: 10, urlsExpireAfter: {'*/b': 20}});
		await backend.save(URL_A, {});
		await backend.save(URL_B, {});
		await backend.save('http://127.0.0.1:9/c', {}, {expireAfter: 30});
		const lives = (await list(backend)).map(({expires}) => Number(expires) - Date.now());
		expect(lives).toEqual([10_000, 20_000, 30_000]);
	});

	it('is refused under a veto of the settings, whatever else they say', async () => {
		const backend = new CacheBackend('veto', {expireAfter: DO_NOT_CACHE, urlsExpireAfter: {'*/a': 20}});
		await expect(backend.save(URL_A, {})).rejects.toMatchObject({option: 'expireAfter'});
		expect(await backend.size()).toBe(0);
	});

	it('takes the place of what was there: a response or a redirect', async () => {
		await using origin = await startOrigin(({url}) => (url === '/' ? {status: 302, headers: {location: '/to'}} : url));
		await using session = new CachedSession();
		await session.get(origin.url);
		await session.cache.save(origin.url, {body: 'saved'});
		expect(await session.get(origin.url)).toMatchObject({body: 'saved', redirectUrls: []});
		expect(await session.cache.redirects.size()).toBe(0);
		await session.cache.save(origin.url, {body: 'again'});
		expect(await session.get(origin.url)).toMatchObject({body: 'again'});
	});

	it('copies what it is given', async () => {
		const backend = new CacheBackend();
		const bytes = Buffer.from('text');
		const headers = {'x-a': 'b'};
		await backend.save(URL_A, {body: bytes, headers});
		bytes.fill(0);
		headers['x-a'] = 'c';
		const [entry] = await list(backend);
		expect(String(await entry?.rawBody())).toBe('text');
		expect(entry?.rawHeaders).toEqual(['x-a', 'b']);
	});

	it.each([
		['statusCode', {statusCode: 99}, {}],
		['statusCode', {statusCode: 100}, {}],
		['statusCode', {statusCode: 600}, {}],
		['statusCode', {statusCode: '200' as unknown as number}, {}],
		['expireAfter', {}, {expireAfter: DO_NOT_CACHE}],
		['expireAfter', {}, {expireAfter: 'soon'}],
	])('refuses a wrong %s', async (option, response, options) => {
		const backend = new CacheBackend();
		await expect(backend.save(URL_A, response, options)).rejects.toMatchObject({
			code: 'ERR_INVALID_OPTION',
			option,
		});
		expect(await backend.size()).toBe(0);
	});
});
