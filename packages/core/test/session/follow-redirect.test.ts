import {describe, expect, it} from '@jest/globals';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {CachedSession} from '../../src/index.js';
import {comparable} from './ask-three-ways.js';
import type {Call} from './redirect-chain.js';
import {expectSameChain, startChain, takeRequests} from './redirect-chain.js';

describe('followRedirect: false', () => {
	const options = {followRedirect: false} as const;

	it('stores nothing, and reads no hop, unless its status is allowed', async () => {
		await using origin = await startChain();
		await using session = new CachedSession();
		await session.get(`${origin.url}/a`);
		takeRequests(origin);
		for (let call = 0; call < 2; call++) {
			const response = await session.get(`${origin.url}/a`, options);
			expect(response).toMatchObject({isFromCache: false, statusCode: 302, redirectUrls: []});
			expect(response.headers.location).toBe(`${origin.url}/b`);
		}
		expect(takeRequests(origin)).toEqual(['GET /a', 'GET /a']);
		expect((await session.get(`${origin.url}/a`)).isFromCache).toBe(true);
	});

	it('stores and serves its own 3xx where that is allowed', async () => {
		await using origin = await startChain();
		const call: Call = client => client.get(`${origin.url}/a`, options);
		expect(await expectSameChain(origin, call, {allowedCodes: [200, 302]})).toEqual(['GET /a']);
		const never = () => false;
		const throwing: Call = client => client.get(`${origin.url}/a`, {followRedirect: never});
		expect(await expectSameChain(origin, throwing, {allowedCodes: [200, 302]})).toEqual(['GET /a']);
	});

	it('stores what a call that follows redirects then follows', async () => {
		await using origin = await startChain();
		await using session = new CachedSession({allowedCodes: [200, 302]});
		await session.get(`${origin.url}/a`, options);
		await session.get(`${origin.url}/b`, options);
		const {body} = await session.get(`${origin.url}/c`);
		takeRequests(origin);
		const followed = await session.get(`${origin.url}/a`);
		expect(followed).toMatchObject({isFromCache: true, statusCode: 200, body, url: `${origin.url}/c`});
		expect(followed.redirectUrls.map(String)).toEqual([`${origin.url}/b`, `${origin.url}/c`]);
		expect(takeRequests(origin)).toEqual([]);
	});

	it.each<[string, string]>([
		['in UTF-8', Buffer.from('/ü?ß').toString('latin1')],
		['to another query', '?step=2'],
	])('stores a Location %s that is followed as got follows it', async (_, location) => {
		await using origin = await startOrigin(({url}) => url);
		const start = `${origin.url}/start;jsessionid=secret`;
		origin.fallback(({url}) =>
			url.endsWith('secret') ? {status: 302, headers: {location}} : {body: url, headers: {etag: '"x"'}},
		);
		await using session = new CachedSession({allowedCodes: [200, 302]});
		await using other = new CachedSession();
		const expected = await other.get(start);
		await session.get(expected.url);
		await session.get(start, options);
		takeRequests(origin);
		const actual = await session.get(start);
		expect(takeRequests(origin)).toEqual([]);
		expect(comparable(actual)).toEqual(comparable(expected));
	});

	it('and its stored answer do not disturb those who follow at the same time', async () => {
		await using origin = await startChain();
		await using session = new CachedSession({allowedCodes: [200, 302]});
		const [own, followed, ownToo] = await Promise.all([
			session.get(`${origin.url}/a`, options),
			session.get(`${origin.url}/a`),
			session.get(`${origin.url}/a`, options),
		]);
		expect([own.statusCode, followed.statusCode, ownToo.statusCode]).toEqual([302, 200, 302]);
		const [followedFirst, last] = await Promise.all([
			session.get(`${origin.url}/b`),
			session.get(`${origin.url}/b`, options),
		]);
		expect([followedFirst.statusCode, last.statusCode]).toEqual([200, 302]);
	});

	it('as a function is asked by got, for every redirect', async () => {
		await using origin = await startChain();
		await using session = new CachedSession();
		await session.get(`${origin.url}/a`);
		takeRequests(origin);
		const followRedirect = ({url}: {url: string}) => url.endsWith('/a');
		const expected = await new CachedSession().get(`${origin.url}/a`, {followRedirect});
		const actual = await session.get(`${origin.url}/a`, {followRedirect});
		expect(actual).toMatchObject({statusCode: 302, url: `${origin.url}/b`});
		expect(comparable(actual)).toEqual(comparable(expected));
	});
});
