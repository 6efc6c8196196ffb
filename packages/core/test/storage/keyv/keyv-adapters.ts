import {expect} from '@jest/globals';
import {Keyv} from 'keyv';
import type {BaseCache} from '../../../src/storage/base-cache.js';
import {KeyvCache} from '../../../src/storage/keyv/keyv-cache.js';
import type {KeyvCacheOptions} from '../../../src/storage/keyv/keyv-options.js';

/** A fault that says this. */
export const fault = (message: string) => ({code: 'ERR_CACHE_FAULT', message: expect.stringContaining(message)});

/** An adapter that keeps what it is given, with no more methods than Keyv asks for. */
export class PlainAdapter {
	readonly opts = {};
	readonly values = new Map<string, unknown>();
	readonly ttls = new Map<string, number | undefined>();
	listener: (error: unknown) => void = () => {};

	async get(key: string): Promise<unknown> {
		return this.values.get(key);
	}

	async set(key: string, value: unknown, ttl?: number): Promise<boolean> {
		this.values.set(key, value);
		this.ttls.set(key, ttl);
		return true;
	}

	async delete(key: string): Promise<boolean> {
		return this.values.delete(key);
	}

	async clear(): Promise<void> {
		this.values.clear();
	}

	on(_event: string, listener: (error: unknown) => void): this {
		this.listener = listener;
		return this;
	}
}

/** The same, which can be listed. */
export class ListableAdapter extends PlainAdapter {
	override readonly opts = {dialect: 'sqlite'};

	async *iterator(): AsyncGenerator<[string, unknown]> {
		yield* [...this.values];
	}
}

/** A cache over an adapter. */
export function cacheOver(adapter: object, options?: KeyvCacheOptions): KeyvCache {
	return new KeyvCache(new Keyv({store: adapter}), 'test', options);
}

/** The text that is stored under a key. */
export async function bodyOf(cache: BaseCache, key: string): Promise<string | undefined> {
	const record = await cache.read(key);
	return record && Buffer.from(await record.body.bytes()).toString();
}
