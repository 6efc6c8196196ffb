import {describe, expect, it} from '@jest/globals';
import defaultGot, {type Headers, Options} from 'got';
import {Mixin} from 'ts-mixer';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {
	CacheBackend,
	CachedSession,
	type CachedSessionOptions,
	CacheMixin,
	ClientSession,
	interceptor,
	MemoryCache,
	type Next,
	type SessionRequest,
	type SessionResponse,
} from '../../src/index.js';

class ClosableCache extends MemoryCache {
	closed = 0;

	override close(): void {
		this.closed++;
	}
}

interface TagOptions {
	readonly tag?: string;
}

class TagMixin {
	readonly tag: string;

	constructor({tag = 'none'}: TagOptions = {}) {
		this.tag = tag;
	}

	@interceptor
	async addTag(request: SessionRequest, next: Next): Promise<SessionResponse> {
		request.options.headers['x-tag'] = this.tag;
		return next(request);
	}
}

class TaggedSession extends Mixin(CacheMixin, TagMixin, ClientSession) {
	constructor(options: CachedSessionOptions & TagOptions = {}) {
		super(options);
	}
}

describe('extend', () => {
	it('gives a session of the same class that answers from the same cache', async () => {
		await using origin = await startOrigin();
		class OwnSession extends CachedSession {}
		await using session = new OwnSession();
		const extended = session.extend({headers: {'x-a': 'b'}});
		expect(extended).toBeInstanceOf(OwnSession);

		const stored = await session.get(origin.url);
		const hit = await extended.get(origin.url);
		expect(hit).toMatchObject({isFromCache: true, body: stored.body, cacheKey: stored.cacheKey});
		await extended.get(`${origin.url}/other`);
		expect((await session.get(`${origin.url}/other`)).isFromCache).toBe(true);
	});

	it("merges got's options as got.extend() does", async () => {
		await using origin = await startOrigin();
		const calls: string[] = [];
		const own = {
			headers: {'x-a': 'parent', 'x-b': 'parent'},
			hooks: {beforeRequest: [() => void calls.push('parent')]},
		};
		const more = {headers: {'x-b': 'child', 'x-c': 'child'}, hooks: {beforeRequest: [() => void calls.push('child')]}};
		await defaultGot.extend(own).extend(more)(origin.url);
		const expected = [...calls];
		calls.length = 0;

		await using session = new ClientSession(own);
		await using extended = session.extend(more);
		await extended.get(origin.url);
		expect(calls).toEqual(expected);
		expect(origin.requests[1]?.headers).toEqual({...origin.requests[0]?.headers, connection: expect.anything()});

		await session.get(origin.url);
		expect(origin.requests[2]?.headers).toMatchObject({'x-b': 'parent'});
		expect(origin.requests[2]?.headers).not.toHaveProperty('x-c');
	});

	it('runs handlers and hooks of its parent once, however often it is extended', async () => {
		await using origin = await startOrigin();
		let handled = 0;
		const got = defaultGot.extend({
			handlers: [
				(options, next) => {
					handled++;
					return next(options);
				},
			],
		});
		await using session = new CachedSession({got, headers: {'x-a': 'b'}});
		await using extended = session.extend({headers: {'x-b': 'c'}}).extend({headers: {'x-c': 'd'}});
		await extended.get(origin.url);
		expect(handled).toBe(1);
		expect(origin.requests[0]?.headers).toMatchObject({'x-a': 'b', 'x-b': 'c', 'x-c': 'd'});
	});

	it('lets settings of its own win, leaves the others, and does not touch those of the parent', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession({expireAfter: 10, allowedCodes: [200, 404]});
		const extended = session.extend({expireAfter: 100});
		const {expires, createdAt} = await extended.get(origin.url);
		expect(expires!.getTime() - createdAt.getTime()).toBe(100_000);
		expect(extended.cache.settings).toMatchObject({expireAfter: 100, allowedCodes: [200, 404]});
		expect(session.cache.settings).toMatchObject({expireAfter: 10, allowedCodes: [200, 404]});
	});

	it('takes options of value undefined for options not given', async () => {
		await using session = new CachedSession({expireAfter: 10, headers: {'x-a': 'b'}});
		const extended = session.extend({
			cache: undefined,
			expireAfter: undefined,
			headers: undefined as unknown as Headers,
		});
		expect(extended.cache.responses).toBe(session.cache.responses);
		expect(extended.cache.settings.expireAfter).toBe(10);
		expect(extended.got.defaults.options.headers['x-a']).toBe('b');
	});

	it('throws what the constructor throws', async () => {
		await using session = new CachedSession();
		expect(() => session.extend({expireAfter: 'soon'})).toThrow(expect.objectContaining({option: 'expireAfter'}));
		expect(() => session.extend({maxRedirects: 'many' as unknown as number})).toThrow(
			expect.objectContaining({message: messageOf(() => new Options(undefined, {maxRedirects: 'many' as never}))}),
		);
		expect(() => session.extend({expireafter: 1} as object)).toThrow("'expireafter'");
	});

	it('does not close the cache, unless it is told to or has one of its own', async () => {
		await using origin = await startOrigin();
		const store = new ClosableCache();
		const session = new CachedSession({cache: new CacheBackend('shared', {responses: store})});
		await session.extend().close();
		await session.extend({expireAfter: 1}).close();
		expect(store.closed).toBe(0);
		expect(await session.get(origin.url).text()).toBe('response 1');

		const own = new ClosableCache();
		await session.extend({cache: new CacheBackend('own', {responses: own})}).close();
		expect([own.closed, store.closed]).toEqual([1, 0]);

		await session.extend({autoclose: true}).close();
		expect(store.closed).toBe(1);
		await session.close();
	});

	it('goes on after its parent was closed, where the cache stays open', async () => {
		await using origin = await startOrigin();
		const session = new CachedSession({autoclose: false});
		await using extended = session.extend();
		await session.get(origin.url);
		await session.close();
		expect((await extended.get(origin.url)).isFromCache).toBe(true);
		expect((await extended.get(`${origin.url}/other`)).isFromCache).toBe(false);
	});

	it('uses the connections of its parent, and leaves them alone when it closes', async () => {
		await using origin = await startOrigin();
		await using session = new ClientSession();
		const extended = session.extend();
		expect(extended.got.defaults.options.agent.http).toBe(session.got.defaults.options.agent.http);
		expect(session.agents).toHaveLength(2);
		expect(extended.agents).toHaveLength(0);
		await extended.get(origin.url);
		await extended.close();
		expect((await session.get(origin.url)).statusCode).toBe(200);
	});

	it("hands a mixin's options on, and takes new ones", async () => {
		await using origin = await startOrigin();
		await using session = new TaggedSession({tag: 'one', expireAfter: 5});
		const same = session.extend({headers: {'x-a': 'b'}});
		const other = session.extend({tag: 'two'} as CachedSessionOptions);
		await same.get(`${origin.url}/1`);
		await other.get(`${origin.url}/2`);
		expect(same).toBeInstanceOf(TaggedSession);
		expect(origin.requests.map(({headers}) => headers['x-tag'])).toEqual(['one', 'two']);
		expect(other.cache.settings.expireAfter).toBe(5);
	});

	it('still sees the defaults of a mutable instance change', async () => {
		await using origin = await startOrigin();
		const got = defaultGot.extend({mutableDefaults: true});
		await using session = new CachedSession({got});
		await using extended = session.extend({expireAfter: 1});
		got.defaults.options.headers['x-late'] = 'seen';
		await extended.get(origin.url);
		expect(origin.requests[0]?.headers['x-late']).toBe('seen');
	});
});

function messageOf(call: () => unknown): string {
	try {
		call();
	} catch (error) {
		return (error as Error).message;
	}
	throw new Error('nothing was thrown');
}
