import {describe, expect, it} from '@jest/globals';
import got, {type Got, type OptionsInit, type Response} from 'got';
import {GOT_MAJOR} from '../../../../../test-support/got-version.js';
import {CachedSession, type CachedSessionOptions} from '../../../src/index.js';
import {comparable, comparableError, outcomeOf} from '../ask-three-ways.js';
import {startSite} from './start-site.js';

const settings: CachedSessionOptions = {
	allowedCodes: [200, 404],
	allowedMethods: ['GET', 'HEAD', 'POST'],
	retry: {limit: 0},
};
const facts = (value: unknown) => value as {isFromCache: boolean; cacheKey?: string; createdAt: Date};

describe('the instance of got is asked as got is', () => {
	it.each<[string, (client: Got, url: string) => PromiseLike<unknown>]>([
		['got(url)', (client, url) => client(url)],
		['a URL object', (client, url) => client(new URL(url))],
		['got(url, options)', (client, url) => client(url, {headers: {'x-mark': 'a'}})],
		['.get', (client, url) => client.get(`${url}/a`)],
		['.head', (client, url) => client.head(`${url}/a`)],
		['.post', (client, url) => client.post(`${url}/a`, {json: {a: 1}})],
		['a form', (client, url) => client.post(`${url}/a`, {form: {a: 1}})],
		['searchParams', (client, url) => client(`${url}/a?b=1`, {searchParams: {c: 2}})],
		['responseType', (client, url) => client(url, {responseType: 'json'})],
		['an error status', (client, url) => client(`${url}/missing`)],
		['an error status that is none', (client, url) => client(`${url}/missing`, {throwHttpErrors: false})],
		['what is no JSON', (client, url) => client(`${url}/text`, {responseType: 'json'})],
		['a redirect', (client, url) => client(`${url}/moved`)],
		['extend', (client, url) => client.extend({prefixUrl: url, headers: {'x-mark': 'b'}})('a')],
		['extend, twice', (client, url) => client.extend({prefixUrl: url}).extend({responseType: 'json'}).get('a')],
		['got.extend(instance)', (client, url) => got.extend(client, {responseType: 'buffer'})(url)],
		['two merged instances', (client, url) => client.extend(got.extend({headers: {'x-mark': 'c'}}))(url)],
	])('%s', async (_, call) => {
		await using origin = await startSite();
		origin.fallback(({method, url, headers, body}) => ({
			body: {method, url, accept: headers.accept, key: headers['x-mark'], body: body.toString()},
		}));
		const plain = await outcomeOf(call(got.extend({retry: {limit: 0}}), origin.url));
		await using session = new CachedSession(settings);
		const client = session.toGot();
		const miss = await outcomeOf(call(client, origin.url));
		const sent = origin.requests.length;
		const hit = await outcomeOf(call(client, origin.url));
		const seen = ({value, error}: typeof plain) => (error ? comparableError(error) : comparable(value));
		expect(seen(miss)).toEqual(seen(plain));
		expect(seen(hit)).toEqual(seen(plain));
		expect(origin.requests).toHaveLength(sent);
		expect(facts(miss.value ?? miss.error?.response).isFromCache).toBe(false);
		expect(facts(hit.value ?? hit.error?.response)).toMatchObject({
			isFromCache: true,
			cacheKey: facts(miss.value ?? miss.error?.response).cacheKey,
			createdAt: expect.any(Date),
		});
	});

	it('with .json(), .text() and .buffer(), that ask for JSON as got does', async () => {
		await using origin = await startSite();
		await using session = new CachedSession();
		const client = session.toGot();
		for (let round = 0; round < 2; round++) {
			expect(await client(origin.url).json()).toMatchObject({accept: 'application/json', n: 1});
			expect(JSON.parse(await client(`${origin.url}/a`).text())).toMatchObject({url: '/a'});
			const bytes = await client(`${origin.url}/a`).buffer();
			expect(JSON.parse(Buffer.from(bytes).toString())).toMatchObject({url: '/a'});
			expect(Buffer.isBuffer(bytes)).toBe(GOT_MAJOR === 14);
			const body = await client(`${origin.url}/a`, {resolveBodyOnly: true, responseType: 'json'});
			expect(body).toMatchObject({url: '/a'});
		}
		expect(origin.requests).toHaveLength(2);
	});

	it('with events', async () => {
		await using origin = await startSite();
		await using session = new CachedSession();
		const client = session.toGot();
		const seen: string[] = [];
		const ask = async () => {
			const promise = client(`${origin.url}/moved`);
			const unwanted = () => seen.push('unwanted');
			const returned = promise.on('response', ({statusCode, isFromCache}: Response) => {
				seen.push(`response ${statusCode} ${isFromCache}`);
			});
			expect(returned).toBe(promise);
			promise.on('redirect', () => seen.push('redirect'));
			promise.on('response', unwanted).off('response', unwanted);
			await promise;
		};
		await ask();
		await ask();
		expect(seen).toEqual(['redirect', 'response 200 false', 'response 200 true']);
	});
});

describe('what got refuses is refused, whatever is stored', () => {
	it.each<[string, OptionsInit | undefined, string | undefined]>([
		['an unknown option', {unknown: true} as object, undefined],
		['an unknown option among others', {headers: {}, searchparams: {a: 1}, context: {}} as object, undefined],
		['an option of the wrong type', {timeout: 'soon'} as object, undefined],
		['the last one of them', {method: 'GET', followRedirect: 'perhaps'} as object, undefined],
		['a URL that is none', undefined, 'nowhere'],
		['a URL that is none, with options', {retry: {limit: 0}}, 'nowhere'],
	])('%s', async (_, options, url) => {
		await using origin = await startSite();
		await using session = new CachedSession();
		const client = session.toGot();
		await client(origin.url);
		const plain = await outcomeOf(got(url ?? origin.url, options as object));
		const ours = await outcomeOf(client(url ?? origin.url, options as object));
		expect(plain.error).toBeDefined();
		expect([ours.error?.name, ours.error?.message]).toEqual([plain.error?.name, plain.error?.message]);
		expect(origin.requests).toHaveLength(1);
	});

	it('and what it accepts is served, also with options that it skips', async () => {
		await using origin = await startSite();
		await using session = new CachedSession();
		const client = session.toGot();
		await client(origin.url);
		const options = {
			cacheOptions: {shared: true},
			localAddress: '127.0.0.1',
			maxHeaderSize: 10_000,
			timeout: {request: 9000},
		};
		expect(await client(origin.url, options)).toMatchObject({isFromCache: true});
		const {followRedirects: _, ...harmless} = {followRedirects: 1, body: undefined};
		expect(await client(origin.url, harmless)).toMatchObject({isFromCache: true});
	});
});
