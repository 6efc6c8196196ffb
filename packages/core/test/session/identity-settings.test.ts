import {afterEach, beforeEach, describe, expect, it} from '@jest/globals';
import {type Origin, startOrigin} from '../../../../test-support/origin-server.js';
import {CacheBackend, CachedSession} from '../../src/index.js';

let origin: Origin;

beforeEach(async () => {
	origin = await startOrigin(({url, headers}) => `${url} for ${headers.authorization ?? 'nobody'}`);
});

afterEach(async () => {
	await origin.close();
});

describe('the setting identity', () => {
	const as = (name: string) => ({headers: {authorization: `Bearer ${name}`}});

	it('as a string stands for all credentials', async () => {
		const cache = new CacheBackend('shared', {autoclose: false});
		await using annas = new CachedSession({cache, identity: 'anna'});
		await using bens = new CachedSession({cache, identity: 'ben'});
		expect(await annas.get(origin.url, as('token 1'))).toMatchObject({isFromCache: false});
		expect(await annas.get(origin.url, as('token 2'))).toMatchObject({body: '/ for Bearer token 1', isFromCache: true});
		expect(await bens.get(origin.url, as('token 1'))).toMatchObject({isFromCache: false});
		await using plain = new CachedSession({cache});
		expect(await plain.get(origin.url, as('token 1'))).toMatchObject({isFromCache: false});
	});

	it('as a function of the request is asked for each, and may give a promise', async () => {
		await using session = new CachedSession({
			identity: async ({headers}) => String(headers['authorization']).replace(/ token .*/, ''),
		});
		expect(await session.get(origin.url, as('anna token 1'))).toMatchObject({isFromCache: false});
		expect(await session.get(origin.url, as('ben token 1'))).toMatchObject({isFromCache: false});
		expect(await session.get(origin.url, as('anna token 2'))).toMatchObject({
			body: '/ for Bearer anna token 1',
			isFromCache: true,
		});
		expect(await session.get(origin.url, as('ben token 2'))).toMatchObject({
			body: '/ for Bearer ben token 1',
			isFromCache: true,
		});
	});

	it('false makes all requests one user’s, and not those of others who have not logged in', async () => {
		const cache = new CacheBackend('shared', {autoclose: false});
		await using session = new CachedSession({cache, identity: false});
		await session.get(origin.url, as('anna'));
		expect(await session.get(origin.url, as('ben'))).toMatchObject({body: '/ for Bearer anna', isFromCache: true});
		expect(await session.get(origin.url)).toMatchObject({body: '/ for Bearer anna', isFromCache: true});
		await using plain = new CachedSession({cache});
		expect(await plain.get(origin.url)).toMatchObject({body: '/ for nobody', isFromCache: false});
	});

	it('can leave out a token that rotates, by ignoredParams', async () => {
		await using session = new CachedSession({ignoredParams: ['X-Request-Token']});
		const headers = (token: string) => ({headers: {'x-request-token': token, authorization: 'Bearer anna'}});
		await session.get(origin.url, headers('1'));
		expect(await session.get(origin.url, headers('2'))).toMatchObject({isFromCache: true});
		expect(await session.get(origin.url, as('ben'))).toMatchObject({isFromCache: false});
	});
});

describe('the setting secretKey', () => {
	it('makes keys that those without it, or with another, do not have', async () => {
		const cache = new CacheBackend('shared', {autoclose: false});
		const as = {headers: {authorization: 'Bearer anna'}};
		await using plain = new CachedSession({cache});
		await using first = new CachedSession({cache, secretKey: 'pepper'});
		await using same = new CachedSession({cache, secretKey: Buffer.from('pepper')});
		await using other = new CachedSession({cache, secretKey: 'salt'});
		const keys = [];
		for (const session of [plain, first, other]) {
			const response = await session.get(origin.url, as);
			expect(response.isFromCache).toBe(false);
			keys.push(response.cacheKey);
		}
		expect(new Set(keys).size).toBe(3);
		expect(await same.get(origin.url, as)).toMatchObject({isFromCache: true, cacheKey: keys[1]});
		expect(await plain.cache.deleteUrl(origin.url)).toBe(3);
	});
});
