import {sampleResponse, sampleVaryIndex} from '@got-client-cache/contract';
import {describe, expect, it} from '@jest/globals';
import {InvalidOptionError} from '../../src/errors.js';
import {MemoryCache} from '../../src/storage/memory-cache.js';

const bytes = (size: number) => new Uint8Array(size).fill(7);

async function keysOf(cache: MemoryCache): Promise<string[]> {
	const keys: string[] = [];
	for await (const key of cache.keys()) {
		keys.push(key);
	}
	return keys.sort();
}

describe('MemoryCache answers at once', () => {
	it('reads without a promise, and gives every reader the same record', () => {
		const cache = new MemoryCache();
		const version = cache.write('a.1', sampleResponse(), bytes(3));
		const record = cache.read('a.1');
		expect(record?.version).toBe(version);
		expect(record?.body.bytes()).toEqual(bytes(3));
		expect(cache.read('a.1')).toBe(record);
	});

	it('writes bytes, deletes and clears without a promise', () => {
		const cache = new MemoryCache();
		expect(typeof cache.write('a.1', sampleResponse(), bytes(3))).toBe('string');
		expect(cache.delete('a.1')).toBe(true);
		expect(cache.clear()).toBeUndefined();
	});

	it('writes a body in pieces with a promise', () => {
		async function* pieces() {
			yield bytes(1);
		}
		expect(new MemoryCache().write('a.1', sampleResponse(), pieces())).toBeInstanceOf(Promise);
	});
});

describe('MemoryCache keeps its own bytes', () => {
	it('does not see what the caller does to its buffer, nor hold on to a pool', () => {
		const cache = new MemoryCache();
		const pool = new Uint8Array(100_000).fill(1);
		cache.write('a.1', sampleResponse(), pool.subarray(10, 20));
		pool.fill(2);
		const kept = cache.read('a.1')?.body.bytes() as Uint8Array;
		expect([...kept]).toEqual(new Array(10).fill(1));
		expect(kept.buffer.byteLength).toBe(10);
	});

	it('keeps everything when it is closed', async () => {
		const cache = new MemoryCache();
		cache.write('a.1', sampleResponse(), bytes(3));
		await cache.close();
		expect(cache.read('a.1')).toBeDefined();
	});
});

describe('MemoryCache is bounded', () => {
	it('gives up the record used longest ago when there are too many', async () => {
		const cache = new MemoryCache({maxEntries: 3});
		for (const key of ['a.1', 'a.2', 'a.3']) {
			cache.write(key, sampleResponse(), bytes(1));
		}
		cache.read('a.1');
		cache.write('a.4', sampleResponse(), bytes(1));
		expect(await keysOf(cache)).toEqual(['a.1', 'a.3', 'a.4']);
		cache.write('a.3', sampleResponse(), bytes(2));
		cache.write('a.5', sampleResponse(), bytes(1));
		expect(await keysOf(cache)).toEqual(['a.3', 'a.4', 'a.5']);
	});

	it('gives up as many records as the bytes of a new one need', async () => {
		const cache = new MemoryCache({maxBytes: 100_000});
		for (let index = 0; index < 100; index++) {
			cache.write(`a.${index}`, sampleResponse(), bytes(10_000));
		}
		const kept = await keysOf(cache);
		expect(kept.length).toBeGreaterThanOrEqual(7);
		expect(kept.length).toBeLessThan(10);
		expect(kept).toContain('a.99');
		cache.write('b.1', sampleResponse(), bytes(90_000));
		expect(await keysOf(cache)).toEqual(['b.1']);
	});

	it('counts keys and metadata too', async () => {
		const cache = new MemoryCache({maxBytes: 200_000});
		const rawHeaders = ['X-Long', 'x'.repeat(20_000)];
		for (let index = 0; index < 100; index++) {
			cache.write(`a.${index}`, sampleResponse({rawHeaders}), bytes(0));
			cache.write(`${'k'.repeat(20_000)}.${index}`, sampleVaryIndex(), bytes(0));
		}
		expect(await cache.size()).toBeLessThan(10);
		const small = new MemoryCache({maxBytes: 200_000});
		for (let index = 0; index < 1000; index++) {
			small.write(`a.${index}`, sampleVaryIndex(), bytes(0));
		}
		expect(await small.size()).toBeLessThan(200);
	});

	it('does not keep what alone is too large, nor what it would have replaced', async () => {
		const cache = new MemoryCache({maxBytes: 50_000});
		cache.write('a.1', sampleResponse(), bytes(10));
		cache.write('a.2', sampleResponse(), bytes(10));
		expect(typeof cache.write('a.1', sampleResponse(), bytes(50_001))).toBe('string');
		expect(await keysOf(cache)).toEqual(['a.2']);
		expect(await cache.keysOf('a')).toEqual(['a.2']);
	});

	it('counts a body that replaces another once', async () => {
		const cache = new MemoryCache({maxBytes: 50_000});
		cache.write('a.1', sampleResponse(), bytes(10));
		for (let index = 0; index < 50; index++) {
			cache.write('a.2', sampleResponse(), bytes(20_000));
		}
		expect(await keysOf(cache)).toEqual(['a.1', 'a.2']);
	});

	it('has bounds from the start', async () => {
		const cache = new MemoryCache();
		for (let index = 0; index <= 10_000; index++) {
			cache.write(`a.${index}`, sampleResponse(), bytes(0));
		}
		expect(await cache.size()).toBe(10_000);
		cache.write('large.1', sampleResponse(), bytes(90 * 1024 * 1024));
		cache.write('large.2', sampleResponse(), bytes(90 * 1024 * 1024));
		expect(cache.read('large.1')).toBeUndefined();
		expect(cache.read('large.2')).toBeDefined();
	});

	it('lists without counting that as a use', async () => {
		const cache = new MemoryCache({maxEntries: 2});
		const version = await cache.write('a.1', sampleResponse(), bytes(1));
		cache.write('a.2', sampleResponse(), bytes(1));
		for await (const _ of cache.values()) {
		}
		for await (const _ of cache.entries()) {
		}
		await cache.contains('a.1');
		cache.write('a.3', sampleResponse(), bytes(1));
		expect(await keysOf(cache)).toEqual(['a.2', 'a.3']);
		expect(await cache.touch('a.1', version, sampleResponse())).toBe(false);
	});
});

describe('MemoryCache knows the keys of a resource', () => {
	it('also after records had to make room', async () => {
		const cache = new MemoryCache({maxEntries: 4});
		for (const key of ['a.1', 'a.2', 'b.1', 'a.3', 'a.4', 'a.5']) {
			cache.write(key, sampleResponse(), bytes(1));
		}
		expect((await cache.keysOf('a')).sort()).toEqual(['a.3', 'a.4', 'a.5']);
		expect(await cache.keysOf('b')).toEqual(['b.1']);
		cache.write('a.5', sampleResponse(), bytes(2));
		expect((await cache.keysOf('a')).sort()).toEqual(['a.3', 'a.4', 'a.5']);
		cache.write('c.1', sampleResponse(), bytes(1));
		expect(await cache.keysOf('b')).toEqual([]);
	});

	it('by the whole resource, where that has dots itself', async () => {
		const cache = new MemoryCache();
		for (const key of ['a.b.1', 'a.b.2', 'a.c.1', 'a.1']) {
			cache.write(key, sampleResponse(), bytes(1));
		}
		expect((await cache.keysOf('a.b')).sort()).toEqual(['a.b.1', 'a.b.2']);
		expect((await cache.keysOf('a')).sort()).toEqual(['a.1', 'a.b.1', 'a.b.2', 'a.c.1']);
	});
});

describe("MemoryCache's options", () => {
	it.each([
		['maxBytes', -1],
		['maxBytes', Number.NaN],
		['maxBytes', '1mb'],
		['maxBytes', null],
		['maxEntries', -1],
		['maxEntries', Number.NEGATIVE_INFINITY],
		['maxEntries', '10'],
		['maxSize', 10],
	])('refuses %s: %p, by name', (option, value) => {
		const make = () => new MemoryCache({[option]: value});
		expect(make).toThrow(InvalidOptionError);
		expect(make).toThrow(`'${option}'`);
	});

	it('takes Infinity for no bound, and undefined for the default', async () => {
		const cache = new MemoryCache({maxBytes: Number.POSITIVE_INFINITY, maxEntries: Number.POSITIVE_INFINITY});
		for (let index = 0; index < 10_001; index++) {
			cache.write(`a.${index}`, sampleResponse(), bytes(0));
		}
		expect(await cache.size()).toBe(10_001);
		const byDefault = new MemoryCache({maxBytes: undefined, maxEntries: undefined});
		byDefault.write('a.1', sampleResponse(), bytes(1));
		expect(await byDefault.size()).toBe(1);
	});

	it.each([{maxBytes: 0}, {maxEntries: 0}])('keeps nothing with %p', async options => {
		const cache = new MemoryCache(options);
		expect(typeof cache.write('a.1', sampleResponse(), bytes(0))).toBe('string');
		expect(cache.read('a.1')).toBeUndefined();
		expect(await cache.keysOf('a')).toEqual([]);
	});
});
