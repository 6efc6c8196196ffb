import {afterEach, beforeEach, describe, expect, it} from '@jest/globals';
import {CookieJar} from 'tough-cookie';
import type {Origin} from '../../../../test-support/origin-server.js';
import {CachedSession} from '../../src/index.js';
import {modes, startWhoAsked, storable} from './who-asked.js';

let origin: Origin;

beforeEach(async () => {
	origin = await startWhoAsked();
});

afterEach(async () => {
	await origin.close();
});

describe.each(modes)('by %s: redirects', (_mode, mode) => {
	const anna = {headers: {authorization: 'Bearer anna'}};
	const ben = {headers: {authorization: 'Bearer ben'}};

	it('lead each user to the own place', async () => {
		origin.route('/', ({headers}) =>
			storable({
				status: 302,
				headers: {location: `/home/${String(headers.authorization).slice(7)}`},
			}),
		);
		await using session = new CachedSession(mode);
		for (const isFromCache of [false, true]) {
			expect(await session.get(origin.url, anna)).toMatchObject({url: `${origin.url}/home/anna`, isFromCache});
			expect(await session.get(origin.url, ben)).toMatchObject({url: `${origin.url}/home/ben`, isFromCache});
		}
		expect(origin.requests).toHaveLength(4);
		// Ben has not been there himself.
		expect(await session.get(`${origin.url}/home/anna`, ben)).toMatchObject({isFromCache: false});
	});

	it('to another origin go on without credentials, and what is there is stored for nobody in particular', async () => {
		await using other = await startWhoAsked();
		origin.route('/', storable({status: 307, headers: {location: `${other.url}/public`}}));
		await using session = new CachedSession(mode);
		expect(await session.get(origin.url, anna)).toMatchObject({body: '/public {}', isFromCache: false});
		expect(await session.get(origin.url, anna)).toMatchObject({body: '/public {}', isFromCache: true});
		expect(await session.get(`${other.url}/public`)).toMatchObject({body: '/public {}', isFromCache: true});
		expect(await session.get(`${other.url}/public`, anna)).toMatchObject({
			body: '/public {"authorization":"Bearer anna"}',
			isFromCache: false,
		});
		expect(await session.get(origin.url, ben)).toMatchObject({body: '/public {}', isFromCache: false});
	});

	it('keep an API key, as got does, and what is stored behind them is of its user', async () => {
		await using other = await startWhoAsked();
		origin.route('/', storable({status: 307, headers: {location: `${other.url}/`}}));
		await using session = new CachedSession(mode);
		for (const isFromCache of [false, true]) {
			for (const key of ['1', '2']) {
				expect(await session.get(origin.url, {headers: {'x-api-key': key}})).toMatchObject({
					body: `/ {"x-api-key":"${key}"}`,
					isFromCache,
				});
			}
		}
		expect(await session.get(other.url)).toMatchObject({body: '/ {}', isFromCache: false});
	});

	it('that set a cookie go on with it', async () => {
		origin.route('/', ({headers}) =>
			storable({
				status: 302,
				headers: {location: '/home', ...(headers.cookie === undefined && {'set-cookie': 'session=new'})},
			}),
		);
		await using session = new CachedSession({...mode, cookieJar: new CookieJar()});
		const home = '/home {"cookie":"session=new"}';
		expect((await session.get(origin.url)).body).toBe(home);
		expect((await session.get(origin.url)).body).toBe(home);
		expect(await session.get(origin.url)).toMatchObject({body: home, isFromCache: true});
		await using other = new CachedSession({...mode, cache: session.cache, autoclose: false});
		expect(await other.get(`${origin.url}/home`)).toMatchObject({body: '/home {}', isFromCache: false});
	});
});
