/** What got refuses, and what a session does not take, is refused before the cache is asked: also where the answer is stored. */
import {describe, expect, it} from '@jest/globals';
import got from 'got';
import {GOT_MAJOR} from '../../../../../test-support/got-version.js';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession, type CachedSessionOptions, type RequestOptions} from '../../../src/index.js';
import {outcomeOf} from '../ask-three-ways.js';

describe('refused by got, and so on a hit', () => {
	it.each<[string, object]>([
		['searchParameters', {searchParameters: {a: 1}}],
		['auth', {auth: 'ann:secret'}],
		['followRedirects', {followRedirects: false}],
		['a name that nobody knows', {searchParam: 'a=1'}],
		['a timeout that is a number', {timeout: 100}],
		['a name of https that nobody knows', {https: {certificates: []}}],
		['two bodies', {json: 1, form: {a: '1'}, method: 'POST'}],
		['a body for a GET', {body: 'text'}],
	])('%s', async (_, options) => {
		await using origin = await startOrigin('answer');
		await using session = new CachedSession({allowedMethods: ['GET', 'POST']});
		await session.get(origin.url);
		await session.post(origin.url);
		origin.requests.length = 0;
		const plain = await outcomeOf(got(origin.url, options));
		const {error} = await outcomeOf(session.request(origin.url, options));
		expect(error).toBeInstanceOf(Error);
		expect([error?.name, error?.message]).toEqual([plain.error?.name, plain.error?.message]);
		expect(origin.requests).toHaveLength(0);
	});

	it('a socket where enableUnixSockets is off', async () => {
		const url = 'http://unix:/nowhere/socket:/path';
		await using session = new CachedSession();
		await session.cache.save(url, {body: 'stored'});
		expect(await session.get(url, {enableUnixSockets: true})).toMatchObject({isFromCache: true, body: 'stored'});
		const plain = await outcomeOf(got(url));
		const hit = await outcomeOf(session.get(url));
		expect(plain.error?.message).toContain('`enableUnixSockets`');
		expect([hit.error?.name, hit.error?.message]).toEqual([plain.error?.name, plain.error?.message]);
	});

	it('an absolute URL with allowAbsoluteUrls: false, from got 15 on', async () => {
		await using origin = await startOrigin('answer');
		await using session = new CachedSession();
		await session.get(`${origin.url}/v2`);
		const options = {prefixUrl: `${origin.url}/v1`, allowAbsoluteUrls: false} as RequestOptions;
		const plain = await outcomeOf(got(`${origin.url}/v2`, options));
		const hit = await outcomeOf(session.get(`${origin.url}/v2`, options));
		expect(plain.error?.message).toMatch(GOT_MAJOR < 15 ? 'Unexpected option' : 'must be relative');
		expect([hit.error?.name, hit.error?.message]).toEqual([plain.error?.name, plain.error?.message]);
		expect(origin.requests).toHaveLength(1);
	});
});

describe('refused by a session, and so on a hit', () => {
	it('isStream and url', async () => {
		await using origin = await startOrigin('answer');
		await using session = new CachedSession();
		await session.get(origin.url);
		for (const options of [{isStream: true}, {url: origin.url}]) {
			await expect(session.get(origin.url, options as RequestOptions)).rejects.toBeInstanceOf(Error);
		}
		expect(origin.requests).toHaveLength(1);
	});

	it.each(['cacheOptions', 'url', 'isStream'])('%s as an option of its own', option => {
		const given = {[option]: option === 'cacheOptions' ? {shared: true} : true} as CachedSessionOptions;
		expect(() => new CachedSession(given)).toThrow(
			expect.objectContaining({code: 'ERR_INVALID_OPTION', option}) as unknown as Error,
		);
	});
});

describe('without effect', () => {
	it('cacheOptions of a request', async () => {
		await using origin = await startOrigin({headers: {'cache-control': 'private, max-age=60'}, body: 'answer'});
		await using session = new CachedSession({cacheControl: true});
		const options = {cacheOptions: {shared: true, immutableMinTimeToLive: 0}} as RequestOptions;
		await session.get(origin.url, options);
		expect(await session.get(origin.url, options)).toMatchObject({isFromCache: true});
		expect(await session.get(origin.url)).toMatchObject({isFromCache: true});
	});

	it('pagination of a single request', async () => {
		await using origin = await startOrigin({headers: {link: '</2>; rel="next"'}, body: '[1, 2]'});
		await using session = new CachedSession();
		const pagination = {
			transform: () => {
				throw new Error('it is no page');
			},
			requestLimit: 0,
		};
		await session.get(origin.url, {pagination});
		expect(await session.get(origin.url, {pagination})).toMatchObject({isFromCache: true, body: '[1, 2]'});
		expect(await session.get(origin.url)).toMatchObject({isFromCache: true});
		expect(origin.requests.map(({url}) => url)).toEqual(['/']);
	});
});
