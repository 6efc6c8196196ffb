import {sampleResponse} from '@got-client-cache/contract';
import {describe, expect, it, jest} from '@jest/globals';
import KeyvRedis from '@keyv/redis';
import {Keyv} from 'keyv';
import {startRedis} from '../../../../../test-support/redis-servers.js';
import {KeyvBackend} from '../../../src/backend/keyv-backend.js';
import type {BaseCache} from '../../../src/storage/base-cache.js';
import {bodyOf, cacheOver, fault, PlainAdapter} from './keyv-adapters.js';

describe('failures that Keyv keeps to itself', () => {
	it('reject, for an adapter that rejects', async () => {
		const adapter = new PlainAdapter();
		const cache = cacheOver(adapter);
		const version = await cache.write('r.1', sampleResponse(), Buffer.from('x'));
		const failing = async () => {
			throw new Error('the place is gone');
		};
		Object.assign(adapter, {get: failing});
		await expect(cache.read('r.1')).rejects.toMatchObject(fault('the place is gone'));
		await expect(cache.contains('r.1')).rejects.toMatchObject(fault('the place is gone'));
		await expect(cache.touch('r.1', version, sampleResponse())).rejects.toMatchObject(fault('the place is gone'));
		Object.assign(adapter, {get: PlainAdapter.prototype.get, set: failing, delete: failing});
		await expect(cache.write('r.1', sampleResponse(), Buffer.from('y'))).rejects.toMatchObject(
			fault('the place is gone'),
		);
		await expect(cache.delete('r.1')).rejects.toMatchObject(fault('the place is gone'));
		expect(await bodyOf(cache, 'r.1')).toBe('x');
	});

	it('reject, for an adapter that tells of them in events, and answers as if there was nothing', async () => {
		const adapter = new PlainAdapter();
		const cache = cacheOver(adapter);
		await cache.write('r.1', sampleResponse(), Buffer.from('x'));
		const failing = async () => {
			adapter.listener(new Error('told in an event'));
			return undefined;
		};
		Object.assign(adapter, {get: failing});
		await expect(cache.read('r.1')).rejects.toMatchObject(fault('told in an event'));
		Object.assign(adapter, {get: PlainAdapter.prototype.get, set: failing, delete: failing});
		await expect(cache.write('r.1', sampleResponse(), Buffer.from('y'))).rejects.toMatchObject(
			fault('told in an event'),
		);
		await expect(cache.delete('r.1')).rejects.toMatchObject(fault('told in an event'));
		adapter.listener(new Error('told between operations'));
		expect(await bodyOf(cache, 'r.1')).toBe('x');
	});

	it('reject, for a set that gives false', async () => {
		const adapter = new PlainAdapter();
		const cache = cacheOver(adapter);
		Object.assign(adapter, {set: async () => false});
		await expect(cache.write('r.1', sampleResponse(), Buffer.from('y'))).rejects.toMatchObject(fault('could not set'));
	});

	it('reject, for a Redis that goes away, and are over when it is back', async () => {
		await using server = await startRedis();
		const keyv = new Keyv({store: new KeyvRedis({url: server.url, disableOfflineQueue: true})});
		const {responses} = new KeyvBackend('test', {store: keyv});
		try {
			await responses.write('r.1', sampleResponse(), Buffer.from('x'));
			server.signal('SIGKILL');
			await expect(readUntilItFails(responses)).rejects.toMatchObject({code: 'ERR_CACHE_FAULT'});
			await expect(responses.write('r.1', sampleResponse(), Buffer.from('y'))).rejects.toMatchObject(fault(''));
			await server.restart();
			await expect(writeUntilItWorks(responses)).resolves.toBeUndefined();
			expect(await bodyOf(responses, 'r.2')).toBe('again');
		} finally {
			await keyv.disconnect();
		}
	}, 30_000);

	it('are listened to once, however many caches there are, so that no event ends the process', async () => {
		const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
		const keyv = new Keyv();
		for (let count = 0; count < 200; count++) {
			await new KeyvBackend('test', {store: keyv}).close();
		}
		expect(keyv.listeners('error')).toHaveLength(1);
		expect(warn).not.toHaveBeenCalled();
		warn.mockRestore();
	});
});

async function readUntilItFails(cache: BaseCache): Promise<void> {
	for (let count = 0; count < 100; count++) {
		await cache.read('r.1');
		await new Promise(resolve => setTimeout(resolve, 20));
	}
}

async function writeUntilItWorks(cache: BaseCache): Promise<void> {
	for (let count = 0; ; count++) {
		try {
			await cache.write('r.2', sampleResponse(), Buffer.from('again'));
			return;
		} catch (error) {
			if (count === 200) {
				throw error;
			}
			await new Promise(resolve => setTimeout(resolve, 50));
		}
	}
}
