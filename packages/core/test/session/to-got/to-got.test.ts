import {describe, expect, it} from '@jest/globals';
import got, {type Got, type OptionsInit, type Response} from 'got';
import {Mixin} from 'ts-mixer';
import {GOT_MAJOR} from '../../../../../test-support/got-version.js';
import {type Origin, startOrigin} from '../../../../../test-support/origin-server.js';
import {
	type CacheContext,
	CachedSession,
	type CachedSessionOptions,
	CacheMixin,
	ClientSession,
	interceptor,
	type Next,
	type SessionRequest,
} from '../../../src/index.js';
import {comparable, comparableError, outcomeOf} from '../ask-three-ways.js';

/** Answers with JSON that says what was asked, and how often. */
async function startSite(): Promise<Origin> {
	const origin = await startOrigin(({method, url, headers, body}) => ({
		body: {
			method,
			url,
			accept: headers.accept,
			key: headers['x-mark'],
			body: body.toString(),
			n: origin.requests.length,
		},
	}));
	origin.route('/moved', {status: 302, headers: {location: '/end'}});
	origin.route('/missing', {status: 404, body: {error: 'none'}});
	origin.route('/text', 'no JSON');
	return origin;
}

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

describe('hooks and handlers', () => {
	/** An instance that notes what of it is called. */
	function extended(client: Got, seen: string[], name: string): Got {
		return client.extend({
			hooks: {
				init: [() => void seen.push(`${name} init`)],
				beforeRequest: [() => void seen.push(`${name} beforeRequest`)],
				afterResponse: [
					response => {
						seen.push(`${name} afterResponse`);
						return response;
					},
				],
			},
			handlers: [
				(options, next) => {
					seen.push(`${name} handler`);
					return next(options);
				},
				async (options, next) => next(options),
			],
		});
	}

	it('added on top are behind the cache, each called once for a miss; those of the session too', async () => {
		await using origin = await startSite();
		const seen: string[] = [];
		await using session = new CachedSession({got: extended(got, seen, 'own')});
		const client = extended(session.toGot(), seen, 'top');
		seen.length = 0;
		const {body} = await client(`${origin.url}/moved`, {searchParams: {a: 1}});
		expect(seen.filter(what => what.includes('handler'))).toEqual(['own handler', 'top handler']);
		expect(seen.filter(what => what.includes('init'))).toEqual(['own init', 'top init']);
		expect(seen.filter(what => what.includes('beforeRequest'))).toHaveLength(4);
		expect(seen.filter(what => what.includes('afterResponse'))).toEqual(['own afterResponse', 'top afterResponse']);
		seen.length = 0;
		expect(await client(`${origin.url}/moved`, {searchParams: {a: 1}})).toMatchObject({isFromCache: true, body});
		expect(seen).toEqual(['own init', 'top init']);
	});

	it('are the same for the session itself and for the instance', async () => {
		await using origin = await startSite();
		const seen: string[] = [];
		await using session = new CachedSession({got: extended(got, seen, 'own')});
		const client = session.toGot();
		seen.length = 0;
		await session.get(`${origin.url}/a`, {});
		const bySession = seen.splice(0);
		await client.get(`${origin.url}/b`);
		expect(seen).toEqual(bySession);
	});

	it('get the options that got made, and may change them', async () => {
		await using origin = await startSite();
		await using session = new CachedSession();
		const client = session.toGot().extend({
			handlers: [
				(options, next) => {
					options.headers['x-mark'] = 'of the handler';
					return next(options);
				},
			],
		});
		expect(await client(origin.url).json()).toMatchObject({key: 'of the handler'});
	});

	it('that change who asks keep the answer out of the store', async () => {
		await using origin = await startSite();
		await using session = new CachedSession();
		process.once('warning', () => undefined);
		const client = session.toGot().extend({
			handlers: [
				(options, next) => {
					options.headers['authorization'] = 'Bearer late';
					return next(options);
				},
			],
		});
		await client(origin.url);
		expect(await client(origin.url)).toMatchObject({isFromCache: false});
		expect(await session.get(origin.url)).toMatchObject({isFromCache: false});
	});

	it('leave nothing of the session behind in the options', async () => {
		await using origin = await startSite();
		await using session = new CachedSession();
		const seen: number[] = [];
		const client = session.toGot().extend({hooks: {beforeRequest: [() => undefined]}});
		for (const path of ['/a', '/moved', '/a']) {
			const {request} = await client(`${origin.url}${path}`, {resolveBodyOnly: false});
			seen.push(request.options.hooks.beforeRequest.length);
			expect(request.options.resolveBodyOnly).toBe(false);
		}
		expect(seen).toEqual([1, 1, 1]);
		const bodyOnly = await outcomeOf(client(`${origin.url}/missing`, {resolveBodyOnly: true, retry: {limit: 0}}));
		expect(bodyOnly.error?.options.resolveBodyOnly).toBe(true);
		expect(bodyOnly.error?.options.hooks.beforeRequest).toHaveLength(1);
	});

	it('retry as got does, and nothing that is tried again is stored', async () => {
		await using origin = await startOrigin(() => (origin.requests.length === 1 ? {status: 503} : 'well'));
		await using session = new CachedSession({allowedCodes: [200, 503]});
		const retries: number[] = [];
		const client = session.toGot().extend({
			retry: {limit: 1, calculateDelay: ({computedValue}) => (computedValue === 0 ? 0 : 1)},
			hooks: {beforeRetry: [(_error, count) => void retries.push(count ?? 0)]},
		});
		expect(await client(origin.url)).toMatchObject({body: 'well', isFromCache: false, retryCount: 1});
		expect(await client(origin.url)).toMatchObject({body: 'well', isFromCache: true});
		expect(retries).toEqual([1]);
	});

	it('of init may change what is asked', async () => {
		await using origin = await startSite();
		await using session = new CachedSession();
		const client = session.toGot().extend({
			hooks: {init: [plain => void Object.assign(plain, {headers: {...plain.headers, 'x-mark': 'init'}})]},
		});
		expect(await client(origin.url, {retry: {limit: 0}}).json()).toMatchObject({key: 'init'});
		expect(await client(origin.url, {foo: 1} as object).catch((error: Error) => error.message)).toContain('foo');
	});
});

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

describe('everything of the session', () => {
	class NotingMixin {
		seen: string[] = [];
		@interceptor
		async note(request: SessionRequest, next: Next) {
			this.seen.push(`${request.isStream ? 'stream' : 'promise'} ${new URL(String(request.options.url)).pathname}`);
			const response = await next(request);
			return {...response, statusMessage: 'Noted'};
		}
	}
	class NotingSession extends Mixin(CacheMixin, NotingMixin, ClientSession) {}

	it('its interceptors are passed', async () => {
		await using origin = await startSite();
		await using session = new NotingSession();
		const client = session.toGot();
		expect(await client(`${origin.url}/a`)).toMatchObject({statusMessage: 'Noted'});
		await client(`${origin.url}/a`);
		expect(session.seen).toEqual(['promise /a']);
	});

	it('an interceptor that asks twice gets two answers', async () => {
		await using origin = await startSite();
		class Twice extends CachedSession {
			@interceptor
			async twice(request: SessionRequest, next: Next) {
				await next(request);
				return next(request);
			}
		}
		await using session = new Twice({allowedMethods: ['POST']});
		const body = await session.toGot()(origin.url).json();
		expect(body).toMatchObject({n: 2});
	});

	it('identical requests at the same time are sent once, with those of the session', async () => {
		await using origin = await startOrigin(() => ({body: `${origin.requests.length}`, delay: 20}));
		await using session = new CachedSession();
		const client = session.toGot();
		const answers = await Promise.all([client(origin.url), session.get(origin.url), client(origin.url).text()]);
		expect(answers.map(answer => (typeof answer === 'string' ? answer : answer.body))).toEqual(['1', '1', '1']);
		expect(origin.requests).toHaveLength(1);
	});

	it('what is stale is renewed behind', async () => {
		await using origin = await startSite();
		await using session = new CachedSession({expireAfter: 0.001, staleWhileRevalidate: true});
		const client = session.toGot();
		await client(origin.url);
		await new Promise(resolve => setTimeout(resolve, 5));
		expect(await client(origin.url).json()).toMatchObject({n: 1});
		await session.idle();
		expect(origin.requests).toHaveLength(2);
		expect(await client(origin.url).json()).toMatchObject({n: 2});
	});

	it('a validation that is refused is asked anew', async () => {
		await using origin = await startOrigin(({headers}) =>
			headers['if-none-match'] ? {status: 304, headers: {etag: '"other"'}} : {headers: {etag: '"a"'}, body: 'whole'},
		);
		await using session = new CachedSession({alwaysRevalidate: true});
		const client = session.toGot();
		expect(await client(origin.url).text()).toBe('whole');
		expect(await client(origin.url).text()).toBe('whole');
		expect(origin.requests.length).toBeGreaterThan(1);
	});

	it('is closed with it', async () => {
		await using origin = await startSite();
		const session = new CachedSession();
		const client = session.toGot();
		await session.close();
		await expect(client(origin.url)).rejects.toMatchObject({code: 'ERR_SESSION_CLOSED'});
		await expect(client.get(origin.url).json()).rejects.toMatchObject({code: 'ERR_SESSION_CLOSED'});
		expect(origin.requests).toHaveLength(0);
	});

	it('close() waits for its requests', async () => {
		await using origin = await startOrigin({body: 'late', delay: 30});
		const session = new CachedSession();
		const promise = session.toGot()(origin.url).text();
		const ends: string[] = [];
		await Promise.all([promise.then(() => ends.push('request')), session.close().then(() => ends.push('close'))]);
		expect(ends).toEqual(['request', 'close']);
	});

	it('and nothing of got is missing', async () => {
		await using session = new CachedSession({headers: {'x-mark': 'default'}, prefixUrl: 'http://127.0.0.1/a'});
		const client = session.toGot();
		const names = (instance: Got) => Object.keys(instance).sort();
		expect(names(client)).toEqual(names(got));
		expect(Object.keys(client.stream).sort()).toEqual(Object.keys(got.stream).sort());
		expect(client.defaults.options.headers).toMatchObject({'x-mark': 'default'});
		expect(client.defaults.options.prefixUrl).toBe('http://127.0.0.1/a/');
		expect(client.defaults.mutableDefaults).toBe(false);
		expect(Object.isFrozen(client.defaults.options)).toBe(Object.isFrozen(got.defaults.options));
		expect(Object.isFrozen(client.defaults.handlers)).toBe(true);
		expect(session.toGot()).toBe(client);
	});

	it('defaults that may change are those of the moment when it is made', async () => {
		await using origin = await startSite();
		const base = got.extend({mutableDefaults: true});
		await using session = new CachedSession({got: base});
		base.defaults.options.headers['x-mark'] = 'changed';
		expect(await session.toGot()(origin.url).json()).toMatchObject({key: 'changed'});
		const client = session.toGot();
		client.defaults.options.headers['x-mark'] = 'its own';
		expect(await client(`${origin.url}/b`).json()).toMatchObject({key: 'its own'});
		expect(await session.get(origin.url).json()).toMatchObject({key: 'changed'});
	});

	it('a session over the instance of another one has both caches', async () => {
		await using origin = await startSite();
		await using inner = new CachedSession();
		await using outer = new CachedSession({got: inner.toGot()});
		await outer.get(origin.url);
		await outer.cache.clear();
		expect(await outer.get(origin.url).json()).toMatchObject({n: 1});
		expect(await inner.get(origin.url)).toMatchObject({isFromCache: true});
		expect(origin.requests).toHaveLength(1);
	});
});
