import {describe, expect, it} from '@jest/globals';
import got, {type Got} from 'got';
import {Mixin} from 'ts-mixer';
import {moveClock} from '../../../../../test-support/moved-clock.js';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {
	CachedSession,
	CacheMixin,
	ClientSession,
	interceptor,
	type Next,
	type SessionRequest,
} from '../../../src/index.js';
import {startSite} from './start-site.js';

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
		using clock = moveClock();
		await using session = new CachedSession({expireAfter: 1, staleWhileRevalidate: true});
		const client = session.toGot();
		await client(origin.url);
		clock.advance(2);
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
