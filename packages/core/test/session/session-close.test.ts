import {once} from 'node:events';
import {Agent} from 'node:http';
import {describe, expect, it, jest} from '@jest/globals';
import {Mixin} from 'ts-mixer';
import {moveClock} from '../../../../test-support/moved-clock.js';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {
	CacheBackend,
	CachedSession,
	CacheMixin,
	ClientSession,
	interceptor,
	MemoryCache,
	type Next,
	type SessionRequest,
} from '../../src/index.js';
import {ClosableCache} from './closable-cache.js';
import {makeGate} from './gate.js';
import {isPending} from './is-pending.js';

const isClosed = expect.objectContaining({code: 'ERR_SESSION_CLOSED', name: 'CachedSessionError'});

describe('close', () => {
	it('refuses new requests, whatever is stored', async () => {
		await using origin = await startOrigin();
		const session = new CachedSession({autoclose: false});
		await session.get(origin.url);
		await session.close();
		await expect(session.get(origin.url)).rejects.toEqual(isClosed);
		await expect(session.post(origin.url, {json: {}})).rejects.toEqual(isClosed);
		await expect(session.get(origin.url).json()).rejects.toEqual(isClosed);
		expect(origin.requests).toHaveLength(1);
	});

	it('refuses them from the moment it is called, and waits for those that run', async () => {
		const gate = makeGate();
		await using origin = await startOrigin(() => gate.pass().then(() => 'late'));
		const store = new ClosableCache();
		const session = new CachedSession({cache: new CacheBackend('x', {responses: store})});
		const running = session.get(origin.url);
		const closing = session.close();
		await expect(session.get(origin.url)).rejects.toEqual(isClosed);
		expect(await isPending(closing)).toBe(true);
		expect(store.closed).toBe(0);

		await gate.arrivals(1);
		gate.open();
		expect((await running).body).toBe('late');
		await closing;
		expect(store.closed).toBe(1);
	});

	it('waits for requests that fail too, and not for those that were never sent', async () => {
		await using origin = await startOrigin((_, response) => void response.destroy());
		const session = new CachedSession({retry: {limit: 0}});
		const failing = session.get(origin.url);
		const refused = session.get(origin.url, {isStream: true} as object);
		const wrong = session.get(origin.url, {unheardOf: 1} as object);
		const wrongUrl = session.get('nowhere');
		const outcomes = await Promise.allSettled([failing, refused, wrong, wrongUrl, session.close()]);
		expect(outcomes.map(({status}) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected', 'fulfilled']);
	});

	it('gives every caller the same promise, and does its work once', async () => {
		const store = new ClosableCache();
		const session = new CachedSession({cache: new CacheBackend('x', {responses: store})});
		const closing = session.close();
		expect(session.close()).toBe(closing);
		await closing;
		expect(session.close()).toBe(closing);
		expect(store.closed).toBe(1);
	});

	it('is what `await using` does', async () => {
		const store = new ClosableCache();
		{
			await using session = new CachedSession({cache: new CacheBackend('x', {responses: store})});
			expect(session[Symbol.asyncDispose]()).toBe(session.close());
			// Called too early; a second session shows that the end of a block is enough.
		}
		expect(store.closed).toBe(1);
		{
			await using _session = new CachedSession({cache: new CacheBackend('y', {responses: store})});
		}
		expect(store.closed).toBe(2);
	});

	it.each<[string, object, object, number]>([
		['by default', {}, {}, 1],
		['unless the backend says no', {autoclose: false}, {}, 0],
		['unless the session says no', {}, {autoclose: false}, 0],
		['when the session says yes', {autoclose: false}, {autoclose: true}, 1],
	])('closes the backend %s', async (_, backendOptions, sessionOptions, expected) => {
		const store = new ClosableCache();
		const cache = new CacheBackend('x', {responses: store, ...backendOptions});
		await new CachedSession({cache, ...sessionOptions}).close();
		expect(store.closed).toBe(expected);
	});
});

describe('the agents', () => {
	it('that it made are destroyed with their connections', async () => {
		await using origin = await startOrigin();
		const session = new ClientSession();
		const agent = session.got.defaults.options.agent.http as Agent;
		const freed = once(agent, 'free');
		await session.get(origin.url);
		await freed;
		const [sockets] = Object.values(agent.freeSockets);
		expect(sockets).toHaveLength(1);
		await session.close();
		expect(sockets![0]!.destroyed).toBe(true);
	});

	it.each(['a session option', 'a got instance'])('that it was given in %s stay', async way => {
		await using origin = await startOrigin();
		const agent = new Agent({keepAlive: true});
		const {got} = new ClientSession({agent: {http: agent}});
		const session = way === 'a got instance' ? new ClientSession({got}) : new ClientSession({agent: {http: agent}});
		const freed = once(agent, 'free');
		await session.get(origin.url);
		await freed;
		await session.close();
		const [sockets] = Object.values(agent.freeSockets);
		expect(sockets?.[0]?.destroyed).toBe(false);
		agent.destroy();
	});

	it('reuse connections', async () => {
		const ports = new Set<unknown>();
		await using origin = await startOrigin((_, response) => {
			ports.add(response.req.socket.remotePort);
			return 'x';
		});
		await using session = new ClientSession();
		const agent = session.got.defaults.options.agent.http as Agent;
		for (let request = 0; request < 3; request++) {
			const freed = once(agent, 'free');
			await session.get(origin.url);
			await freed;
		}
		expect(ports.size).toBe(1);
	});
});

describe('close and what runs in the background', () => {
	it('waits for a refresh behind a stale response, and keeps its answer', async () => {
		const gate = makeGate();
		await using origin = await startOrigin();
		using clock = moveClock();
		const store = new ClosableCache();
		const cache = new CacheBackend('x', {responses: store, autoclose: false});
		const session = new CachedSession({cache, expireAfter: 1, staleWhileRevalidate: true, autoclose: true});
		const {cacheKey} = await session.get(origin.url);
		clock.advance(2);
		origin.fallback(() => gate.pass().then(() => 'renewed'));
		const stale = await session.get(origin.url);
		expect(stale).toMatchObject({body: 'response 1', isExpired: true});

		const closing = session.close();
		expect(await isPending(closing)).toBe(true);
		expect(store.closed).toBe(0);
		await gate.arrivals(1);
		gate.open();
		await closing;
		expect(store.closed).toBe(1);
		const body = await store.read(cacheKey!)?.body.bytes();
		expect(Buffer.from(body!).toString()).toBe('renewed');
	});

	it('does not fail because such a refresh fails', async () => {
		await using origin = await startOrigin();
		using clock = moveClock();
		const session = new CachedSession({expireAfter: 1, staleWhileRevalidate: true, retry: {limit: 0}});
		await session.get(origin.url);
		clock.advance(2);
		origin.fallback((_, response) => void response.destroy());
		await session.get(origin.url);
		await expect(session.close()).resolves.toBeUndefined();
	});

	it('lets an interceptor that is under way send its request', async () => {
		const gate = makeGate();
		class WaitingMixin {
			@interceptor
			async wait(request: SessionRequest, next: Next) {
				await gate.pass();
				return next(request);
			}
		}
		await using origin = await startOrigin();
		class Session extends Mixin(CacheMixin, WaitingMixin, ClientSession) {}
		const session = new Session();
		const running = session.get(origin.url);
		await isPending(running);
		const closing = session.close();
		await gate.arrivals(1);
		gate.open();
		expect((await running).body).toBe('response 1');
		await closing;
	});
});

it('does not wait for ever for a store that does not close', async () => {
	class StuckCache extends MemoryCache {
		override close(): Promise<void> {
			return new Promise(() => undefined);
		}
	}
	jest.useFakeTimers();
	try {
		const session = new CachedSession({cache: new CacheBackend('stuck', {responses: new StuckCache()})});
		const closing = session.close().catch((error: unknown) => error);
		await jest.advanceTimersByTimeAsync(5000);
		expect(await closing).toMatchObject({code: 'ERR_CACHE_FAULT', cause: {code: 'ERR_CACHE_TIMEOUT'}});
	} finally {
		jest.useRealTimers();
	}
});
