import {gzipSync} from 'node:zlib';
import {describe, expect, it} from '@jest/globals';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {CachedSession} from '../../src/index.js';
import {indexOf, language, varyBy} from './varying-origin.js';

describe('variants', () => {
	it('are stored beside each other, and chosen by what the request says', async () => {
		await using origin = await startOrigin(varyBy('accept-language'));
		await using session = new CachedSession();
		for (const isFromCache of [false, true, true]) {
			for (const value of ['de', 'fr']) {
				expect(await session.get(origin.url, language(value))).toMatchObject({body: value, isFromCache});
			}
			expect(await session.get(origin.url)).toMatchObject({body: 'none', isFromCache});
		}
		expect(origin.requests).toHaveLength(3);
	});

	it('are the same where the values mean the same', async () => {
		await using origin = await startOrigin(varyBy('accept-language'));
		await using session = new CachedSession();
		await session.get(origin.url, language('de, fr;q=0.5'));
		expect(await session.get(origin.url, language('DE ,fr;q=0.5'))).toMatchObject({isFromCache: true});
	});

	it('have keys of their own under the resource of their URL', async () => {
		await using origin = await startOrigin(varyBy('accept-language'));
		await using session = new CachedSession();
		const german = await session.get(origin.url, language('de'));
		const french = await session.get(origin.url, language('fr'));
		expect(german.cacheKey).not.toBe(french.cacheKey);
		expect((await session.get(origin.url, language('de'))).cacheKey).toBe(german.cacheKey);
		expect(await session.cache.contains(german.cacheKey!)).toBe(true);
		const resource = german.cacheKey!.split('.')[0];
		expect(french.cacheKey!.split('.')[0]).toBe(resource);
	});

	it('are told apart by the union of fields from the second response on', async () => {
		await using origin = await startOrigin(({url, headers}) => ({
			headers: {vary: headers['x-first'] ? 'x-a' : 'x-b'},
			body: `${url} ${headers['x-a']} ${headers['x-b']}`,
		}));
		await using session = new CachedSession();
		const ask = (headers: Record<string, string>) => session.get(origin.url, {headers});
		await ask({'x-first': '1', 'x-a': '1', 'x-b': '1'});
		await ask({'x-a': '2', 'x-b': '1'});
		expect((await indexOf(session)).fields).toEqual(['x-a', 'x-b']);
		expect(await ask({'x-a': '2', 'x-b': '1'})).toMatchObject({isFromCache: true});
		expect(await ask({'x-a': '2', 'x-b': '2'})).toMatchObject({isFromCache: false, body: '/ 2 2'});
		expect(await ask({'x-a': '3', 'x-b': '1'})).toMatchObject({isFromCache: false, body: '/ 3 1'});
		expect(await ask({'x-a': '2', 'x-b': '2'})).toMatchObject({isFromCache: true, body: '/ 2 2'});
	});

	it('give way to a response without Vary, and the other way round', async () => {
		await using origin = await startOrigin(varyBy('accept-language'));
		await using session = new CachedSession();
		await session.get(origin.url, language('de'));
		origin.fallback('for all');
		await session.get(origin.url, {...language('de'), forceRefresh: true});
		expect(await session.get(origin.url, language('fr'))).toMatchObject({body: 'for all', isFromCache: true});
		origin.fallback(varyBy('accept-language'));
		await session.get(origin.url, {...language('de'), forceRefresh: true});
		expect(await session.get(origin.url, language('fr'))).toMatchObject({body: 'fr', isFromCache: false});
		expect(await session.get(origin.url, language('de'))).toMatchObject({body: 'de', isFromCache: true});
	});

	it('are not mixed up by requests that run at the same time', async () => {
		const byLanguage = varyBy('accept-language');
		await using origin = await startOrigin(async (request, response) => ({
			...((await byLanguage(request, response)) as object),
			delay: 20,
		}));
		await using session = new CachedSession();
		const values = ['de', 'fr', 'de', 'es', 'fr', 'de'];
		const bodies = await Promise.all(values.map(async value => (await session.get(origin.url, language(value))).body));
		expect(bodies).toEqual(values);
		for (const value of values) {
			expect(await session.get(origin.url, language(value))).toMatchObject({body: value, isFromCache: true});
		}
	});

	it('of redirects are told apart too', async () => {
		await using origin = await startOrigin(({url, headers}) =>
			url === '/' ? {status: 302, headers: {vary: 'accept-language', location: `/${headers['accept-language']}`}} : url,
		);
		await using session = new CachedSession();
		for (const isFromCache of [false, true]) {
			for (const value of ['de', 'fr']) {
				expect(await session.get(origin.url, language(value))).toMatchObject({body: `/${value}`, isFromCache});
			}
		}
	});
});

describe('what is not stored', () => {
	it.each([
		['Vary: *', '*'],
		['Vary with * among others', 'accept-language, *'],
		['Vary with more fields than an index holds', Array.from({length: 33}, (_, index) => `x-${index}`).join()],
	])('%s', async (_name, vary) => {
		await using origin = await startOrigin(() => ({headers: {vary}, body: String(origin.requests.length)}));
		await using session = new CachedSession();
		await session.get(origin.url);
		expect(await session.get(origin.url)).toMatchObject({body: '2', cacheKey: undefined});
		expect(await session.cache.size()).toBe(0);
	});

	it('a response whose field a hook changed after the cache', async () => {
		const values = ['de', 'fr'];
		await using origin = await startOrigin(varyBy('accept-language'));
		const changeLanguage = (options: {headers: Record<string, unknown>}) => {
			options.headers['accept-language'] = values.shift();
		};
		await using session = new CachedSession({hooks: {beforeRequest: [changeLanguage]}});
		expect((await session.get(origin.url)).body).toBe('de');
		expect(await session.get(origin.url)).toMatchObject({body: 'fr', isFromCache: false});
		expect(await session.cache.size()).toBe(0);
	});
});

describe('Vary: Accept-Encoding', () => {
	it('chooses nothing among decoded bodies', async () => {
		await using origin = await startOrigin({
			headers: {vary: 'Accept-Encoding', 'content-encoding': 'gzip'},
			body: gzipSync('text'),
		});
		await using session = new CachedSession();
		expect(await session.get(origin.url)).toMatchObject({body: 'text', isFromCache: false});
		const hit = await session.get(origin.url, {headers: {'accept-encoding': 'identity'}});
		expect(hit).toMatchObject({body: 'text', isFromCache: true});
		expect(hit.headers).not.toHaveProperty('content-encoding');
		expect(await session.cache.size()).toBe(1);
	});

	it('chooses among bodies as they were sent', async () => {
		await using origin = await startOrigin(({headers}) =>
			headers['accept-encoding'] === 'identity'
				? {headers: {vary: 'accept-encoding'}, body: 'plain'}
				: {headers: {vary: 'accept-encoding', 'content-encoding': 'gzip'}, body: gzipSync('coded')},
		);
		await using session = new CachedSession();
		const coded = {decompress: false, responseType: 'buffer', headers: {'accept-encoding': 'gzip'}} as const;
		const plain = {...coded, headers: {'accept-encoding': 'identity'}};
		for (const isFromCache of [false, true]) {
			const response = await session.get(origin.url, coded);
			expect(response).toMatchObject({isFromCache, headers: {'content-encoding': 'gzip'}});
			expect(response.body).toEqual(gzipSync('coded'));
			expect((await session.get(origin.url, plain)).body).toEqual(Buffer.from('plain'));
		}
		expect(origin.requests).toHaveLength(2);
	});
});
