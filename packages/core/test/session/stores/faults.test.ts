import process from 'node:process';
import {setImmediate as turn} from 'node:timers/promises';
import {describe, expect, it, jest} from '@jest/globals';
import {moveClock} from '../../../../../test-support/moved-clock.js';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {CacheBackend, CachedSession, CacheFaultError} from '../../../src/index.js';
import {collectErrors, faultyBackend, rejects, throws} from '../faulty-store.js';

describe('a store that fails', () => {
	it.each([
		['rejects', rejects],
		['throws', throws],
		['rejects with no error', () => Promise.reject('nothing')],
		['throws undefined', () => raise(undefined)],
	])('and %s leaves requests to the network, and is reported', async (_how, fault) => {
		await using origin = await startOrigin();
		const {backend, store} = faultyBackend();
		await using session = new CachedSession({cache: backend});
		const errors = collectErrors(session);
		store.fail(['read', 'write', 'delete', 'touch'], fault);
		expect(await session.get(origin.url)).toMatchObject({body: 'response 1', cacheKey: undefined});
		expect(await session.get(origin.url)).toMatchObject({body: 'response 2', isFromCache: false});
		await turn();
		expect(errors[0]).toBeInstanceOf(CacheFaultError);
		expect(errors[0]).toMatchObject({code: 'ERR_CACHE_FAULT', operation: 'read', name: 'CacheFaultError'});
		expect(errors).toHaveLength(1);
	});

	it('only on write serves what it has, and is reported once', async () => {
		await using origin = await startOrigin();
		const {backend, store} = faultyBackend();
		store.isSlow = true;
		await using session = new CachedSession({cache: backend});
		const errors = collectErrors(session);
		await session.get(`${origin.url}/stored`);
		store.fail(['write'], rejects);
		for (let index = 0; index < 10; index++) {
			expect(await session.get(`${origin.url}/stored`)).toMatchObject({isFromCache: true});
			expect(await session.get(`${origin.url}/new`)).toMatchObject({isFromCache: false, cacheKey: undefined});
		}
		await turn();
		expect(errors.map(({operation}) => operation)).toEqual(['write']);
		expect(errors[0]?.cause).toMatchObject({message: 'the disk is gone'});
	});

	it('on touch serves a validated response all the same', async () => {
		await using origin = await startOrigin(({headers}) =>
			headers['if-none-match'] ? {status: 304} : {headers: {etag: '"a"'}, body: 'kept'},
		);
		const {backend, store} = faultyBackend();
		await using session = new CachedSession({cache: backend, alwaysRevalidate: true});
		const errors = collectErrors(session);
		await session.get(origin.url);
		store.fail(['touch'], rejects);
		expect(await session.get(origin.url)).toMatchObject({body: 'kept', isFromCache: true});
		await turn();
		expect(errors.map(({operation}) => operation)).toEqual(['touch']);
	});

	it('does not keep a stale response from being served when the server fails as well', async () => {
		using clock = moveClock();
		await using origin = await startOrigin('kept');
		const {backend, store} = faultyBackend();
		await using session = new CachedSession({cache: backend, expireAfter: 60, staleIfError: true});
		collectErrors(session);
		await session.get(origin.url);
		store.fail(['write', 'delete', 'touch'], rejects);
		await origin.close();
		clock.advance(61);
		expect(await session.get(origin.url)).toMatchObject({body: 'kept', isFromCache: true});
	});
});

describe('the error event', () => {
	it('comes once a cause, and again after the store has worked', async () => {
		await using origin = await startOrigin();
		const {backend, store} = faultyBackend();
		for (const isSlow of [false, true]) {
			store.isSlow = isSlow;
			await using session = new CachedSession({cache: backend});
			const errors = collectErrors(session);
			const messages = () => errors.map(({cause}) => (cause as Error).message);
			const ask = async () => {
				await session.get(`${origin.url}/${isSlow}`);
				await turn();
			};
			// Each request that finds nothing reads twice: there may be a redirect.
			for (const message of ['one', 'two', 'one']) {
				store.fail(['read'], () => rejects(message));
				await ask();
				store.fail(['read']);
				await ask();
			}
			expect(messages()).toEqual(['one', 'two', 'one']);
		}
	});

	it('without a listener is a process warning', async () => {
		const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
		await using origin = await startOrigin();
		const {backend, store} = faultyBackend();
		await using session = new CachedSession({cache: backend});
		store.fail(['read'], rejects);
		await session.get(origin.url);
		await session.get(origin.url);
		await turn();
		const warnings = warn.mock.calls.slice();
		warn.mockRestore();
		expect(warnings).toEqual([
			['The cache failed to read: the disk is gone', {type: 'CacheFaultError', code: 'ERR_CACHE_FAULT'}],
		]);
	});

	it('does not tell what was asked', async () => {
		await using origin = await startOrigin();
		const {backend, store} = faultyBackend();
		await using session = new CachedSession({cache: backend});
		const errors = collectErrors(session);
		store.fail(['read', 'write'], throws);
		await session.get(`${origin.url}/?api_key=secret`, {headers: {authorization: 'Bearer secret'}});
		await turn();
		expect(errors.map(String).join()).not.toContain('secret');
	});
});

describe('onCacheError', () => {
	it.each([
		['read', 0],
		['write', 1],
	] as const)('throw: a request rejects with a fault on %s', async (operation, sent) => {
		await using origin = await startOrigin();
		const {backend, store} = faultyBackend();
		await using session = new CachedSession({cache: backend, onCacheError: 'throw'});
		collectErrors(session);
		store.fail([operation], throws);
		await expect(session.get(origin.url)).rejects.toMatchObject({
			code: 'ERR_CACHE_FAULT',
			operation,
			cause: {message: 'the disk is gone'},
		});
		expect(origin.requests).toHaveLength(sent);
	});

	it('of a backend holds where the session says nothing', async () => {
		await using origin = await startOrigin();
		const {backend, store} = faultyBackend({onCacheError: 'throw'});
		await using strict = new CachedSession({cache: backend});
		await using lenient = new CachedSession({cache: backend, onCacheError: 'continue'});
		collectErrors(strict);
		collectErrors(lenient);
		store.fail(['read'], rejects);
		await expect(strict.get(origin.url)).rejects.toBeInstanceOf(CacheFaultError);
		expect(await lenient.get(origin.url)).toMatchObject({isFromCache: false});
	});
});

describe('a store that keeps failing', () => {
	it('is left alone for ten seconds, and then tried again', async () => {
		using clock = moveClock();
		await using origin = await startOrigin();
		const {backend, store} = faultyBackend();
		await using session = new CachedSession({cache: backend});
		const errors = collectErrors(session);
		const calls = async () => {
			store.calls.length = 0;
			await session.get(origin.url);
			return store.calls.length;
		};
		store.fail(['read', 'write', 'delete', 'touch'], rejects);
		for (let index = 0; index < 5; index++) {
			await session.get(origin.url);
		}
		expect(await calls()).toBe(0);
		clock.advance(9.9);
		expect(await calls()).toBe(0);
		clock.advance(0.2);
		expect(await calls()).toBeGreaterThan(0);
		expect(await calls()).toBe(0);
		expect(errors).toHaveLength(1);

		store.fail(['read', 'write', 'delete', 'touch']);
		expect(await calls()).toBe(0);
		clock.advance(10);
		await session.get(origin.url);
		expect(await session.get(origin.url)).toMatchObject({isFromCache: true});
	});

	it('is left alone although the other store of its backend works', async () => {
		await using origin = await startOrigin();
		const {backend, store} = faultyBackend();
		await using session = new CachedSession({cache: new CacheBackend('half', {responses: backend.responses})});
		const errors = collectErrors(session);
		store.fail(['read', 'write'], rejects);
		for (let index = 0; index < 5; index++) {
			await session.get(origin.url);
		}
		store.calls.length = 0;
		await session.get(origin.url);
		expect(store.calls).toEqual([]);
		expect(errors).toHaveLength(1);
	});

	it('now and then is not left alone', async () => {
		await using origin = await startOrigin();
		const {backend, store} = faultyBackend();
		await using session = new CachedSession({cache: backend});
		collectErrors(session);
		await session.get(origin.url);
		for (let index = 0; index < 10; index++) {
			store.fail(['read'], throws);
			expect(await session.get(origin.url)).toMatchObject({isFromCache: false});
			store.fail(['read']);
			expect(await session.get(origin.url)).toMatchObject({isFromCache: true});
		}
	});
});

function raise(reason: unknown): never {
	throw reason;
}
