import process from 'node:process';
import {Readable} from 'node:stream';
import {afterEach, beforeEach, describe, expect, it, jest} from '@jest/globals';
import got, {type BeforeRequestHook, type Response} from 'got';
import {Mixin} from 'ts-mixer';
import {type Origin, startOrigin} from '../../../../test-support/origin-server.js';
import {
	CacheBackend,
	CachedSession,
	type CachedSessionOptions,
	CacheMixin,
	ClientSession,
	interceptor,
	type Next,
	type SessionRequest,
} from '../../src/index.js';

let origin: Origin;
let warn: jest.SpiedFunction<typeof process.emitWarning>;
type Sending = Parameters<BeforeRequestHook>[0];

/** Who asks, for everything here that adds a token as the last thing. */
let user: string | undefined;
/** Who asks with the next requests, in turn; then it is `user` again. */
const nextUsers: string[] = [];

beforeEach(async () => {
	user = 'anna';
	origin = await startOrigin(({url, headers}) => `${url} for ${headers.authorization ?? 'nobody'}`);
	warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
});

afterEach(async () => {
	await origin.close();
	warn.mockRestore();
});

function addToken({headers}: Pick<Sending, 'headers'>): void {
	const name = nextUsers.shift() ?? user;
	if (name !== undefined) {
		headers['authorization'] = `Bearer ${name}`;
	}
}

/** Adds the token between the cache and got. */
class TokenMixin {
	@interceptor
	async addTheToken(request: SessionRequest, next: Next) {
		addToken(request.options);
		return next(request);
	}
}

class TokenAfterCache extends Mixin(CacheMixin, TokenMixin, ClientSession) {
	constructor(options: CachedSessionOptions = {}) {
		super(options);
	}
}

/** Sends a changed copy of the request, and leaves the request itself alone. */
class CopyingMixin {
	@interceptor
	async sendCopy(request: SessionRequest, next: Next) {
		return next(request.derive(addToken));
	}
}

class CopyAfterCache extends Mixin(CacheMixin, CopyingMixin, ClientSession) {
	constructor(options: CachedSessionOptions = {}) {
		super(options);
	}
}

class TokenBeforeCache extends CachedSession {
	@interceptor
	async addTheToken(request: SessionRequest, next: Next) {
		addToken(request.options);
		return next(request);
	}
}

interface Session extends AsyncDisposable {
	readonly cache: CacheBackend;
	get: CachedSession['get'];
}

const places: Array<[name: string, open: (options?: CachedSessionOptions) => Session]> = [
	['a beforeRequest hook', options => new CachedSession({...options, hooks: {beforeRequest: [addToken]}})],
	['an interceptor after the cache', options => new TokenAfterCache(options)],
	['a copying interceptor after the cache', options => new CopyAfterCache(options)],
	[
		'a handler of the got instance',
		options =>
			new CachedSession({
				...options,
				got: got.extend({
					handlers: [
						(gotOptions, next) => {
							addToken(gotOptions);
							return next(gotOptions);
						},
					],
				}),
			}),
	],
];

describe.each(places)('a token that %s adds', (_name, open) => {
	it('keeps the response out of the store, and says so once', async () => {
		await using session = open();
		for (user of ['anna', 'ben', 'anna']) {
			expect(await session.get(origin.url)).toMatchObject({
				body: `/ for Bearer ${user}`,
				isFromCache: false,
				cacheKey: undefined,
			});
		}
		expect(await session.cache.size()).toBe(0);
		expect(warn).toHaveBeenCalledTimes(1);
		expect(warn).toHaveBeenCalledWith(expect.stringContaining(origin.url), {
			code: 'GOT_CLIENT_CACHE_CREDENTIALS_CHANGED',
		});
		expect(String(warn.mock.calls[0]?.[0])).not.toMatch(/anna|Bearer/);
	});

	it('is not shared by those who ask at the same time', async () => {
		origin.fallback(({headers}) => ({body: `${headers.authorization}`, delay: 20}));
		await using session = open();
		nextUsers.push('anna', 'ben', 'carl', 'dora');
		const answers = await Promise.all([1, 2, 3, 4].map(() => session.get(origin.url)));
		const bodies = answers.map(({body}) => body).sort();
		expect(bodies).toEqual(['Bearer anna', 'Bearer ben', 'Bearer carl', 'Bearer dora']);
		expect(origin.requests).toHaveLength(4);
	});

	it('keeps redirects and their ends out of the store', async () => {
		origin.route('/from', ({headers}) => ({status: 302, headers: {location: `/to?${headers.authorization}`}}));
		await using session = open();
		for (user of ['anna', 'ben']) {
			expect((await session.get(`${origin.url}/from`)).body).toContain(`Bearer ${user}`);
		}
		expect(await session.cache.getUrls()).toEqual([]);
	});

	it('makes a 304 to our validation worthless: the whole is asked for', async () => {
		origin.fallback(({headers}) =>
			headers['if-none-match'] ? {status: 304} : {headers: {etag: '"a"'}, body: `for ${headers.authorization}`},
		);
		const cache = new CacheBackend('shared', {autoclose: false});
		await using plain = new CachedSession({cache});
		await plain.get(origin.url);
		await using session = open({cache, alwaysRevalidate: true});
		expect(await session.get(origin.url)).toMatchObject({body: 'for Bearer anna', isFromCache: false});
		expect(await plain.get(origin.url)).toMatchObject({body: 'for undefined', isFromCache: true});
	});

	it('is of no concern with the setting identity: responses are stored per identity', async () => {
		await using session = open({identity: () => String(user)});
		for (const isFromCache of [false, true]) {
			for (user of ['anna', 'ben']) {
				expect(await session.get(origin.url)).toMatchObject({body: `/ for Bearer ${user}`, isFromCache});
			}
		}
		expect(origin.requests).toHaveLength(2);
		expect(warn).not.toHaveBeenCalled();
	});

	it('may be left out: then the response is stored', async () => {
		await using session = open();
		user = undefined;
		await session.get(origin.url);
		expect(await session.get(origin.url)).toMatchObject({body: '/ for nobody', isFromCache: true});
		expect(warn).not.toHaveBeenCalled();
	});
});

describe('what a hook changes besides', () => {
	it.each([
		['an API key', ({headers}: Sending) => void Object.assign(headers, {'x-api-key': user})],
		['a cookie', ({headers}: Sending) => void Object.assign(headers, {cookie: `session=${user}`})],
		['the query', (options: Sending) => (options.url as URL).searchParams.set('user', String(user))],
		['the path', (options: Sending) => void Object.assign(options, {url: new URL(`/of/${user}`, options.url)})],
		['the method', (options: Sending) => void Object.assign(options, {method: 'POST'})],
	])('%s keeps the response out of the store', async (_name, change) => {
		const changeRequest = (options: Sending) => {
			change(options);
		};
		await using session = new CachedSession({hooks: {beforeRequest: [changeRequest]}});
		for (user of ['anna', 'ben']) {
			expect(await session.get(origin.url)).toMatchObject({isFromCache: false, cacheKey: undefined});
		}
		expect(await session.cache.size()).toBe(0);
		expect(warn).toHaveBeenCalledTimes(1);
	});

	it('a header in the key does so too, others do not', async () => {
		const change = ({headers}: Sending) => {
			headers['x-in-key'] = '1';
		};
		await using strict = new CachedSession({includeHeaders: ['x-in-key'], hooks: {beforeRequest: [change]}});
		await strict.get(origin.url);
		expect(await strict.get(origin.url)).toMatchObject({isFromCache: false});
		expect(warn).toHaveBeenCalledTimes(1);
		await using session = new CachedSession({hooks: {beforeRequest: [change]}});
		await session.get(origin.url);
		expect(await session.get(origin.url)).toMatchObject({isFromCache: true});
		expect(warn).toHaveBeenCalledTimes(1);
	});

	it('a token that a retry brings keeps the response out of the store', async () => {
		origin.fallback(({headers}) =>
			headers.authorization === 'Bearer new' ? `for ${headers.authorization}` : {status: 401},
		);
		await using session = new CachedSession({
			headers: {authorization: 'Bearer old'},
			hooks: {
				afterResponse: [
					(response, retry) =>
						response.statusCode === 401 ? retry({headers: {authorization: 'Bearer new'}}) : response,
				],
			},
		});
		expect((await session.get(origin.url)).body).toBe('for Bearer new');
		expect(await session.get(origin.url)).toMatchObject({isFromCache: false, cacheKey: undefined});
		expect(await session.cache.size()).toBe(0);
	});

	it('a whole response keeps it out of the store: nobody can tell what was asked', async () => {
		const answer = () => {
			const head = {statusCode: 200, headers: {'x-a': ['1', '2']}, url: origin.url, complete: true};
			return Object.assign(Readable.from([Buffer.from(`made for ${user}`)]), head) as unknown as Response;
		};
		await using session = new CachedSession({hooks: {beforeRequest: [answer]}});
		for (user of ['anna', 'ben']) {
			expect(await session.get(origin.url)).toMatchObject({body: `made for ${user}`, cacheKey: undefined});
		}
	});
});

describe('a token that an interceptor before the cache adds', () => {
	it('is part of the identity', async () => {
		await using session = new TokenBeforeCache();
		for (const isFromCache of [false, true]) {
			for (user of ['anna', 'ben']) {
				expect(await session.get(origin.url)).toMatchObject({body: `/ for Bearer ${user}`, isFromCache});
			}
		}
		expect(warn).not.toHaveBeenCalled();
	});
});
