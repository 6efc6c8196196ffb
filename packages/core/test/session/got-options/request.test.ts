import {describe, expect, it} from '@jest/globals';
import {GOT_MAJOR} from '../../../../../test-support/got-version.js';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession, type RequestOptions} from '../../../src/index.js';
import {ask, expectSame, expectSameError} from './expect-same.js';
import {postable, startMirror} from './start-mirror.js';

describe('the URL', () => {
	it.each<[string, RequestOptions]>([
		['a string', {searchParams: 'b=2&a=1 2'}],
		['an object', {searchParams: {b: 2, a: 'ü', none: null, truth: true, gone: undefined}}],
		[
			'URLSearchParams',
			{
				searchParams: new URLSearchParams([
					['a', '1'],
					['a', '2'],
				]),
			},
		],
	])('with searchParams as %s', async (_, options) => {
		await using origin = await startMirror();
		await expectSame(origin, client => client.get(`${origin.url}/?c=3`, options));
		await using session = new CachedSession();
		await session.get(`${origin.url}/?c=3`, options);
		expect((await session.get(`${origin.url}/?c=3`)).isFromCache).toBe(false);
	});

	it('with a prefixUrl, of the session or of the request', async () => {
		await using origin = await startMirror();
		await expectSame(origin, client => client.get('users/1', {prefixUrl: `${origin.url}/v1`}));
		await using session = new CachedSession({prefixUrl: `${origin.url}/v1/`});
		expect((await session.get('users')).url).toBe(`${origin.url}/v1/users`);
		expect(await session.get(`${origin.url}/v1/users`)).toMatchObject({isFromCache: true});
		await expect(session.get('/users')).rejects.toMatchObject({name: 'RequestError'});
	});

	it('outside a prefixUrl, with allowAbsoluteUrls: false from got 15 on', async () => {
		await using origin = await startMirror();
		const options = {prefixUrl: `${origin.url}/v1`, allowAbsoluteUrls: false} as RequestOptions;
		const error = await expectSameError(client => client.get(`${origin.url}/v2`, options));
		expect(error.message).toMatch(GOT_MAJOR < 15 ? 'Unexpected option' : 'must be relative');
	});

	it('with a user and a password', async () => {
		await using origin = await startMirror();
		await expectSame(origin, client => client.get(origin.url, {username: 'ann', password: 'secret'}));
		await expectSame(origin, client => client.get(origin.url.replace('//', '//ann:secret@')));
		await using session = new CachedSession();
		await session.get(origin.url, {username: 'ann', password: 'secret'});
		expect(await session.get(origin.url.replace('//', '//ann:secret@'))).toMatchObject({isFromCache: true});
		expect(await session.get(origin.url, {username: 'ben', password: 'secret'})).toMatchObject({isFromCache: false});
		expect(await session.get(origin.url)).toMatchObject({isFromCache: false});
	});

	it('with a user and an Authorization header, of which this got sends one', async () => {
		await using origin = await startMirror();
		const headers = {authorization: 'Bearer token'};
		const {body} = await expectSame(origin, client => client.get(origin.url.replace('//', '//ann:secret@'), {headers}));
		expect(body).toContain(GOT_MAJOR < 15 ? 'Basic ' : 'Bearer ');
		const without = {headers: {authorization: undefined}};
		await expectSame(origin, client => client.get(origin.url.replace('//', '//ann:secret@'), without));
	});

	it('in the options is refused, as there is one already', async () => {
		await using origin = await startMirror();
		await using session = new CachedSession();
		const options = {url: `${origin.url}/other`} as RequestOptions;
		await expect(session.get(origin.url, options)).rejects.toMatchObject({name: 'RequestError'});
		expect(origin.requests).toHaveLength(0);
	});
});

describe('the method and the headers', () => {
	it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const)('%s', async method => {
		await using origin = await startMirror();
		await expectSame(origin, client => ask(client, origin.url, {method}), postable);
	});

	it('QUERY, which got knows from 16 on', async () => {
		await using origin = await startMirror();
		const options = {method: 'QUERY', body: 'select'} as unknown as RequestOptions;
		if (GOT_MAJOR < 16) {
			await using session = new CachedSession();
			await expect(session.request(origin.url, {...options, cache: false})).resolves.toBeDefined();
			return;
		}
		await expectSame(origin, client => ask(client, origin.url, options), {allowedMethods: ['GET', 'QUERY']});
		await using session = new CachedSession({allowedMethods: ['QUERY']});
		await session.request(origin.url, options);
		expect(await session.request(origin.url, {...options, body: 'other'})).toMatchObject({isFromCache: false});
	});

	it('headers of all shapes', async () => {
		await using origin = await startMirror();
		const headers = {'X-Case': 'a', 'x-list': ['a', 'b'], 'x-gone': undefined, 'user-agent': undefined, accept: '*/*'};
		await expectSame(origin, client => client.get(origin.url, {headers}));
	});

	it('a number as header, which is the string that it is sent as', async () => {
		await using origin = await startMirror();
		const number = {headers: {'x-version': 5 as unknown as string}};
		await expectSame(origin, client => client.get(origin.url, number), {includeHeaders: ['x-version']});
		await using session = new CachedSession({includeHeaders: ['x-version']});
		await session.get(origin.url, number);
		expect(await session.get(origin.url, {headers: {'x-version': '5'}})).toMatchObject({isFromCache: true});
	});

	it('accept-encoding: undefined, which from 16 on means none', async () => {
		await using origin = await startOrigin(({headers}) => ({
			headers: {vary: 'accept-encoding'},
			body: headers['accept-encoding'] ?? 'none',
		}));
		const options = {headers: {'accept-encoding': undefined}};
		const {body} = await expectSame(origin, client => client.get(origin.url, options));
		expect(body === 'none').toBe(GOT_MAJOR >= 16);
	});

	it('setHost: false and copyPipedHeaders: true change nothing for the cache', async () => {
		await using origin = await startMirror();
		await expectSame(origin, client => client.get(origin.url, {setHost: true, copyPipedHeaders: true}));
		await using session = new CachedSession();
		await session.get(origin.url);
		const {host} = new URL(origin.url);
		expect(await session.get(origin.url, {setHost: false, headers: {host}})).toMatchObject({isFromCache: true});
	});
});

describe('context', () => {
	it('is merged as got merges it, reaches interceptors and hooks, and is no part of the key', async () => {
		await using origin = await startMirror();
		const seen: unknown[] = [];
		await using session = new CachedSession({
			context: {of: 'session'},
			hooks: {beforeRequest: [({context}) => void seen.push(context)]},
		});
		await session.get(origin.url, {context: {token: 1}});
		const hit = await session.get(origin.url, {context: {token: 2}});
		expect(hit.isFromCache).toBe(true);
		expect(hit.request.options.context).toEqual({of: 'session', token: 2});
		expect(seen).toEqual([{of: 'session', token: 1}]);
	});
});
