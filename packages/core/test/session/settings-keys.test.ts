import {describe, expect, it} from '@jest/globals';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {CachedSession, type CacheSettings, type RequestOptions} from '../../src/index.js';

/** Whether, under these settings, the answer to the first request is served for the second. */
async function share(settings: CacheSettings, first: Ask, second: Ask): Promise<boolean> {
	await using origin = await startOrigin();
	await using session = new CachedSession({allowedMethods: ['GET', 'POST'], ...settings});
	const ask = ({path = '/', ...options}: Ask) => session.request(`${origin.url}${path}`, options);
	const answer = await ask(first);
	const {body, cacheKey, isFromCache} = await ask(second);
	expect(isFromCache).toBe(body === answer.body);
	expect(cacheKey === answer.cacheKey).toBe(isFromCache);
	return isFromCache;
}

type Ask = Omit<RequestOptions, 'responseType' | 'resolveBodyOnly'> & {readonly path?: string};
type Row = [name: string, settings: CacheSettings, first: Ask, second: Ask, isShared: boolean];

const german = {headers: {'accept-language': 'de'}};
const french = {headers: {'Accept-Language': 'fr'}};

describe('includeHeaders', () => {
	it.each([
		['is off unless given', {}, german, french, true],
		['false', {includeHeaders: false}, german, french, true],
		['true', {includeHeaders: true}, german, french, false],
		['true, with the same value', {includeHeaders: true}, german, german, true],
		['true, of the session itself', {includeHeaders: true}, {}, {headers: {'user-agent': 'other'}}, false],
		['a list with the name in another case', {includeHeaders: ['ACCEPT-Language']}, german, french, false],
		['a list of others', {includeHeaders: ['x-a']}, german, french, true],
		['a list, absent and empty', {includeHeaders: ['x-a']}, {}, {headers: {'x-a': ''}}, false],
		['true, with what is asked of the cache', {includeHeaders: true}, {}, {headers: {pragma: 'no-cache'}}, true],
	] as Row[])('%s', async (_name, settings, first, second, isShared) => {
		expect(await share(settings, first, second)).toBe(isShared);
	});

	it("counts an accept header that got's responseType adds", async () => {
		expect(await share({includeHeaders: ['accept']}, {}, {headers: {accept: 'application/json'}})).toBe(false);
		await using origin = await startOrigin({body: {a: 1}});
		await using session = new CachedSession({includeHeaders: ['accept']});
		await session.get(origin.url, {responseType: 'json'});
		expect(await session.get(origin.url, {headers: {accept: 'application/json'}})).toMatchObject({isFromCache: true});
		await session.get(origin.url).json();
		expect(origin.requests).toHaveLength(1);
	});
});

describe('what got adds by itself', () => {
	it.each(['content-type', 'content-length', 'accept-encoding'])('may be in the list: %s', async name => {
		const settings = {includeHeaders: [name]};
		expect(await share(settings, {method: 'POST', json: [1]}, {method: 'POST', json: [1]})).toBe(true);
	});

	it('is left out where a header is undefined', async () => {
		await using origin = await startOrigin({body: {a: 1}});
		await using session = new CachedSession({includeHeaders: true});
		const options: RequestOptions = {responseType: 'json', headers: {accept: undefined, 'user-agent': undefined}};
		await session.get(origin.url, options);
		expect(await session.get(origin.url, options)).toMatchObject({isFromCache: true});
		expect(origin.requests[0]?.headers.accept).toBeUndefined();
	});
});

describe('ignoredParams', () => {
	const post = (json: unknown): Ask => ({method: 'POST', json});
	const form = (fields: Record<string, string>): Ask => ({method: 'POST', form: fields});
	const ts = {ignoredParams: ['ts']};
	const withHeader = {ignoredParams: ['X-Ts'], includeHeaders: true};

	it.each([
		['of the query', ts, {path: '/?a=1&ts=1'}, {path: '/?ts=2&a=1'}, true],
		['of the query, absent and there', ts, {path: '/'}, {path: '/?ts=2'}, true],
		['of the query, others', ts, {path: '/?a=1&ts=1'}, {path: '/?a=2&ts=1'}, false],
		['of the query, by searchParams', ts, {searchParams: {a: 1, ts: 1}}, {searchParams: {a: 1, ts: 2}}, true],
		['of the headers, in any case', withHeader, {headers: {'x-ts': '1'}}, {headers: {'X-TS': '2'}}, true],
		['of the headers, others', withHeader, {headers: {'x-other': '1'}}, {headers: {'x-other': '2'}}, false],
		['of a JSON body', ts, post({a: 1, ts: 1}), post({ts: 2, a: 1}), true],
		['of a JSON body, not deeper down', ts, post({meta: {ts: 1}}), post({meta: {ts: 2}}), false],
		['of a JSON body, by path', {ignoredParams: ['meta.ts']}, post({meta: {ts: 1, b: 1}}), post({meta: {b: 1}}), true],
		['of a JSON body, by path only', {ignoredParams: ['meta.ts']}, post({ts: 1}), post({ts: 2}), false],
		['of a JSON body, in a list', {ignoredParams: ['list.ts']}, post({list: [{ts: 1}]}), post({list: [{ts: 2}]}), true],
		['of a form', ts, form({a: '1', ts: '1'}), form({a: '1', ts: '2'}), true],
		['of a form, others', ts, form({a: '1', ts: '1'}), form({a: '2', ts: '1'}), false],
	] as Row[])('%s', async (_name, settings, first, second, isShared) => {
		expect(await share(settings, first, second)).toBe(isShared);
	});

	it('leave each response its own URL, stored, hit or shared', async () => {
		await using origin = await startOrigin(() => ({body: 'text', delay: 10}));
		await using session = new CachedSession(ts);
		const urls = ['/?a=1&ts=secret', '/?ts=2&a=1', '/?a=1'].map(path => `${origin.url}${path}`);
		for (let round = 0; round < 2; round++) {
			const responses = await Promise.all(urls.map(url => session.get(url)));
			expect(responses.map(({url, requestUrl}) => [url, requestUrl.href])).toEqual(urls.map(url => [url, url]));
		}
		expect(origin.requests).toHaveLength(1);
	});

	it('are sent all the same', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession({...ts, allowedMethods: ['POST']});
		await session.post(`${origin.url}/?ts=1`, {json: {ts: 2}, headers: {ts: '3'}});
		expect(origin.requests[0]).toMatchObject({url: '/?ts=1', headers: {ts: '3'}});
		expect(origin.requests[0]?.body.toString()).toBe('{"ts":2}');
	});
});

describe('keyFn', () => {
	const byPath: CacheSettings = {keyFn: ({url}) => new URL(url).pathname};

	it.each([
		['makes what it sees as one the same', byPath, {path: '/a?b=1'}, {path: '/a?b=2', method: 'POST'}, true],
		['tells the rest apart', byPath, {path: '/a?b=1'}, {path: '/b?b=1'}, false],
		['may give a promise', {keyFn: async () => 'one'}, {path: '/a'}, {path: '/b'}, true],
		['does not replace the identity', {keyFn: () => 'one'}, {}, {headers: {authorization: 'Bearer a'}}, false],
	] as Row[])('%s', async (_name, settings, first, second, isShared) => {
		expect(await share(settings, first, second)).toBe(isShared);
	});

	it('sees the request as it will be sent', async () => {
		const seen: unknown[] = [];
		await using origin = await startOrigin();
		await using session = new CachedSession({
			headers: {'x-default': '1'},
			allowedMethods: ['POST'],
			keyFn: request => {
				seen.push(request);
				return 'key';
			},
		});
		await session.post('a?b=1', {prefixUrl: origin.url, json: {c: 1}});
		expect(seen[0]).toMatchObject({
			method: 'POST',
			url: `${origin.url}/a?b=1`,
			headers: {'x-default': '1', 'content-type': 'application/json'},
			body: {kind: 'json', text: '{"c":1}'},
		});
	});

	it.each([
		['keyFn', {keyFn: () => Promise.reject(new Error('no key'))}],
		['identity', {identity: () => Promise.reject(new Error('no key'))}],
	] as Array<[string, CacheSettings]>)('rejects the request when %s does', async (_name, settings) => {
		await using origin = await startOrigin();
		await using session = new CachedSession(settings);
		await expect(session.get(origin.url)).rejects.toThrow('no key');
		expect(origin.requests).toHaveLength(0);
	});

	it.each([
		['keyFn', 'nothing', undefined],
		['keyFn', 'a number', 7],
		['identity', 'nothing', Promise.resolve(undefined)],
		['identity', 'an object', {user: 'a'}],
		['identity', 'false', false],
	])('rejects the request when %s gives %s, and does not take it for something else', async (name, _what, given) => {
		await using origin = await startOrigin();
		await using session = new CachedSession({[name]: () => given});
		await expect(session.get(origin.url)).rejects.toMatchObject({code: 'ERR_INVALID_OPTION', option: name});
		expect(origin.requests).toHaveLength(0);
	});
});
