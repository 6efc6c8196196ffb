import {describe, expect, it} from '@jest/globals';
import got from 'got';
import {type CacheContext, CachedSession} from '../../../src/index.js';
import {startSite} from './start-site.js';

describe('the settings of one request', () => {
	it('are given in its context', async () => {
		await using origin = await startSite();
		await using session = new CachedSession({expireAfter: 60});
		const client = session.toGot();
		const ask = (gotClientCache?: CacheContext['gotClientCache']) =>
			client(origin.url, {context: {mine: 1, ...({gotClientCache} satisfies CacheContext)}});
		const first = await ask({expireAfter: 600});
		const {expires, createdAt} = first as unknown as {expires: Date; createdAt: Date};
		expect(expires.getTime() - createdAt.getTime()).toBeGreaterThan(500_000);
		expect(await ask()).toMatchObject({isFromCache: true, request: {options: {context: {mine: 1}}}});
		expect(await ask({forceRefresh: true})).toMatchObject({isFromCache: false});
		expect(await ask({cache: false})).toMatchObject({isFromCache: false});
		const missing = client(`${origin.url}/new`, {
			context: {gotClientCache: {onlyIfCached: true}} satisfies CacheContext,
			throwHttpErrors: false,
		});
		expect(await missing).toMatchObject({statusCode: 504});
		expect(origin.requests).toHaveLength(3);
	});

	it('may be those of an extended instance', async () => {
		await using origin = await startSite();
		await using session = new CachedSession();
		const client = session.toGot().extend({context: {gotClientCache: {forceRefresh: true}} satisfies CacheContext});
		await client(origin.url);
		expect(await client(origin.url)).toMatchObject({isFromCache: false});
		const context: CacheContext = {gotClientCache: undefined};
		expect(await client(origin.url, {context})).toMatchObject({isFromCache: true});
	});

	it.each<[string, unknown]>([
		['no object', 'refresh'],
		['an unknown name', {refrehs: true}],
		['a wrong value', {refresh: 'yes'}],
	])('are refused: %s', async (_, gotClientCache) => {
		await using origin = await startSite();
		await using session = new CachedSession();
		const promise = session.toGot()(origin.url, {context: {gotClientCache}});
		await expect(promise).rejects.toMatchObject({code: 'ERR_INVALID_OPTION'});
		expect(origin.requests).toHaveLength(0);
	});

	it('cache: false passes the cache by, as with got; a cache of its own is no cache', async () => {
		await using origin = await startSite();
		await using session = new CachedSession();
		const client = session.toGot();
		await client(origin.url);
		expect(await client(origin.url, {cache: false})).toMatchObject({isFromCache: false});
		expect(await client.extend({cache: false})(origin.url)).toMatchObject({isFromCache: false});
		const own = new Map();
		expect(await client(origin.url, {cache: own})).toMatchObject({isFromCache: true});
		await client(`${origin.url}/b`, {cache: own});
		expect(own.size).toBe(0);
		expect(await got.extend(client)(origin.url)).toMatchObject({isFromCache: true});
	});
});
