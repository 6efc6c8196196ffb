import {sampleResponse} from '@got-client-cache/contract';
import {describe, expect, it} from '@jest/globals';
import {Keyv} from 'keyv';
import {KeyvBackend} from '../../../src/backend/keyv-backend.js';
import {KeyvCache} from '../../../src/storage/keyv/keyv-cache.js';
import {bodyOf, cacheOver, fault, ListableAdapter, PlainAdapter} from './keyv-adapters.js';

const HOUR = 60 * 60 * 1000;

async function* piecesOfText(...texts: string[]): AsyncGenerator<Uint8Array> {
	for (const text of texts) {
		yield Buffer.from(text);
	}
}

describe('an adapter that cannot be listed', () => {
	it('finds records by their keys, and says what it cannot do', async () => {
		const cache = cacheOver(new PlainAdapter());
		const version = await cache.write('r.1', sampleResponse(), Buffer.from('x'));
		expect(await bodyOf(cache, 'r.1')).toBe('x');
		expect(await cache.touch('r.1', version, sampleResponse())).toBe(true);
		const said = fault("no 'iterator'");
		await expect(cache.size()).rejects.toMatchObject(said);
		await expect(cache.keysOf('r')).rejects.toMatchObject(said);
		await expect(cache.clear()).rejects.toMatchObject(said);
		await expect(cache.deleteExpired(1)).rejects.toMatchObject(said);
		expect(await cache.bulkDelete(['r.1', 'r.2'])).toBe(1);
	});
});

describe('what is stored', () => {
	it.each([
		['as Keyv does it', undefined],
		['as plain JSON', {serialize: JSON.stringify, deserialize: JSON.parse}],
		['not at all', {serialize: undefined, deserialize: undefined}],
	])('has its bytes, serialised %s', async (_, serialisers) => {
		const keyv = new Keyv({store: new Map(), ...(serialisers as object)});
		const cache = new KeyvCache(keyv, 'test', {pieceSize: 1024});
		const body = Buffer.from(Array.from({length: 5000}, (_, index) => index % 256));
		const given = Buffer.from(body);
		await cache.write('r.1', sampleResponse(), given);
		await cache.write('r.2', sampleResponse(), given.subarray(0, 300));
		given.fill(0);
		expect(Buffer.compare((await (await cache.read('r.1'))!.body.bytes()) as Uint8Array, body)).toBe(0);
		expect(Buffer.compare((await (await cache.read('r.2'))!.body.bytes()) as Uint8Array, body.subarray(0, 300))).toBe(
			0,
		);
	});

	it('has short and plain keys, and leaves other keys of the Keyv alone', async () => {
		const map = new Map<string, string>();
		const keyv = new Keyv({store: map});
		await keyv.set('mine', 'value');
		const [one, two] = ['one', 'two'].map(name => new KeyvBackend(name, {store: keyv, pieceSize: 1024}));
		for (const backend of [one!, two!]) {
			await backend.responses.write('ä/::? '.repeat(150), sampleResponse(), Buffer.alloc(5000));
			await backend.redirects.write('r.1', sampleResponse(), Buffer.alloc(10));
		}
		for (const key of map.keys()) {
			expect(key).toMatch(/^keyv:[\w.-]{1,160}$/);
		}
		await one!.clear();
		expect(await one!.responses.size()).toBe(0);
		expect(await two!.responses.size()).toBe(1);
		expect(await two!.redirects.size()).toBe(1);
		expect(await keyv.get('mine')).toBe('value');
		await two!.clear();
		expect([...map.keys()]).toEqual(['keyv:mine']);
	});

	it('is found under a namespace with a colon in it', async () => {
		const cache = new KeyvCache(new Keyv({store: new Map(), namespace: 'my:own'}), 'test', {pieceSize: 1024});
		await cache.write('r.1', sampleResponse(), Buffer.alloc(5000));
		expect(await cache.keysOf('r')).toEqual(['r.1']);
		await cache.clear();
		expect(await cache.contains('r.1')).toBe(false);
	});

	it('is none where it cannot be parsed, and goes', async () => {
		const adapter = new ListableAdapter();
		const cache = cacheOver(adapter);
		await cache.write('r.1', sampleResponse(), Buffer.from('x'));
		const [name] = adapter.values.keys();
		adapter.values.set(name!, '{"value":{"format":1,');
		expect(await cache.read('r.1')).toBeUndefined();
		expect(adapter.values.size).toBe(0);
	});

	it('is listed when an entry goes meanwhile', async () => {
		const adapter = new ListableAdapter();
		const cache = cacheOver(adapter);
		await cache.write('r.1', sampleResponse(), Buffer.from('x'));
		await cache.write('r.2', sampleResponse(), Buffer.from('x'));
		const {iterator} = adapter;
		let stumbles = 1;
		// As the adapter for Redis does, whose values are fetched after the keys.
		const keyv = new Keyv({
			store: Object.assign(adapter, {
				async *iterator() {
					const [first, second] = [...adapter.values];
					yield first;
					yield stumbles-- > 0 ? [second![0], undefined] : second;
				},
			}),
		});
		expect(await new KeyvCache(keyv, 'test').size()).toBe(2);
		Object.assign(adapter, {iterator});
	});
});

describe('an adapter that piles up what is set again, as that for GridFS does', () => {
	class PilingAdapter extends PlainAdapter {
		override readonly opts = {useGridFS: true};
		readonly piles = new Map<string, unknown[]>();

		override async get(key: string): Promise<unknown> {
			return this.piles.get(key)?.at(-1);
		}

		override async set(key: string, value: unknown): Promise<boolean> {
			this.piles.set(key, [...(this.piles.get(key) ?? []), value]);
			return true;
		}

		override async delete(key: string): Promise<boolean> {
			return this.piles.get(key)?.shift() !== undefined;
		}
	}

	it('has one value for a record, and none after it was deleted', async () => {
		const adapter = new PilingAdapter();
		const cache = cacheOver(adapter);
		await cache.write('r.1', sampleResponse(), Buffer.from('first'));
		const version = await cache.write('r.1', sampleResponse(), Buffer.from('second'));
		await cache.touch('r.1', version, sampleResponse({expires: 5}));
		expect([...adapter.piles.values()].map(pile => pile.length)).toEqual([1]);
		// Others may have written it at the same time.
		const [pile] = adapter.piles.values();
		pile!.unshift(pile![0], pile![0]);
		expect(await cache.delete('r.1')).toBe(true);
		expect(await cache.read('r.1')).toBeUndefined();
		expect(await cache.delete('r.1')).toBe(false);
	});
});

describe('times to live', () => {
	it('follow from what the metadata says, and the grace', async () => {
		const adapter = new PlainAdapter();
		const cache = cacheOver(adapter, {grace: 3600, pieceSize: 1024});
		const now = Date.now();
		await cache.write('r.1', sampleResponse({expires: now, keepUntil: now + 5000}), Buffer.alloc(2000));
		const ttls = [...adapter.ttls.values()].map(ttl => Math.round((ttl ?? 0) / 60_000));
		expect(ttls).toEqual([25 * 60, 25 * 60, 60]);
		adapter.ttls.clear();
		await cache.write('r.2', sampleResponse({expires: 1, keepUntil: 2}), Buffer.from('x'));
		await cache.write('r.3', sampleResponse({expires: undefined}), Buffer.from('x'));
		expect([...adapter.ttls.values()]).toEqual([1000, undefined]);
		const endless = cacheOver(adapter, {grace: Number.POSITIVE_INFINITY});
		adapter.ttls.clear();
		await endless.write('r.4', sampleResponse({expires: 1, keepUntil: 2}), Buffer.from('x'));
		expect([...adapter.ttls.values()]).toEqual([undefined]);
	});

	it('of pieces are made longer when a renewal needs it, and not each time', async () => {
		const adapter = new PlainAdapter();
		const cache = cacheOver(adapter, {grace: 0, pieceSize: 1024});
		const now = Date.now();
		const until = (keepUntil: number | undefined) => sampleResponse({expires: keepUntil, keepUntil});
		const version = await cache.write('r.1', until(now + HOUR), Buffer.alloc(3000, 'p'));
		adapter.ttls.clear();
		await cache.touch('r.1', version, until(now + 20 * HOUR));
		expect(adapter.ttls.size).toBe(1);
		await cache.touch('r.1', version, until(now + 30 * HOUR));
		expect(adapter.ttls.size).toBe(4);
		adapter.ttls.clear();
		await cache.touch('r.1', version, until(undefined));
		expect([...adapter.ttls.values()]).toEqual([undefined, undefined, undefined, undefined]);
		expect(await bodyOf(cache, 'r.1')).toBe('p'.repeat(3000));
	});
});

describe('bodies in pieces', () => {
	it('leave nothing behind when they are replaced, removed or broken off', async () => {
		const adapter = new ListableAdapter();
		const cache = cacheOver(adapter, {pieceSize: 1024});
		await cache.write('r.1', sampleResponse(), Buffer.alloc(5000));
		expect(adapter.values.size).toBe(6);
		await cache.write('r.1', sampleResponse(), Buffer.alloc(2000));
		expect(adapter.values.size).toBe(3);
		await cache.write('r.1', sampleResponse(), piecesOfText('small'));
		expect(adapter.values.size).toBe(1);
		await cache.write('r.1', sampleResponse(), Buffer.alloc(5000));
		await cache.delete('r.1');
		expect(adapter.values.size).toBe(0);
		async function* failing() {
			yield Buffer.alloc(3000);
			throw new Error('cut off');
		}
		await expect(cache.write('r.1', sampleResponse(), failing())).rejects.toThrow('cut off');
		expect(adapter.values.size).toBe(0);
	});

	it('of a process that was killed are swept up after an hour', async () => {
		const adapter = new ListableAdapter();
		const cache = cacheOver(adapter, {pieceSize: 1024});
		await cache.write('r.1', sampleResponse(), Buffer.alloc(2000));
		const record = [...adapter.values.keys()].find(key => !/\.\d+$/.test(key))!;
		adapter.values.delete(record);
		await cache.deleteExpired(0);
		expect(adapter.values.size).toBe(2);
		for (const [key, value] of adapter.values) {
			adapter.values.set(key, String(value).replace(/"writtenAt":\d+/, `"writtenAt":${Date.now() - HOUR - 1}`));
		}
		await cache.write('r.2', sampleResponse(), Buffer.alloc(2000));
		await cache.deleteExpired(0);
		expect(adapter.values.size).toBe(3);
		expect((await bodyOf(cache, 'r.2'))?.length).toBe(2000);
	});
});

describe('the options', () => {
	it.each([
		['store', undefined],
		['store', new Map()],
		['store', {get() {}, set() {}, delete() {}}],
	])('%s of %p is refused', (_, store) => {
		expect(() => new KeyvBackend('x', {store: store as unknown as Keyv})).toThrow(/'store'.*Keyv 5\.6/);
	});

	it('are checked', () => {
		const store = new Keyv();
		expect(() => new KeyvBackend('a:b', {store})).toThrow(/'name'/);
		expect(() => new KeyvBackend('', {store})).toThrow(/'name'/);
		expect(() => new KeyvBackend('n'.repeat(65), {store})).toThrow(/'name'/);
		expect(() => new KeyvBackend('x', {store, grace: -1})).toThrow(/'grace'/);
		expect(() => new KeyvBackend('x', {store, pieceSize: 10})).toThrow(/'pieceSize'/);
		expect(() => new KeyvBackend('x', {store, maxBytes: 1} as never)).toThrow(/'maxBytes'.*KeyvBackend/);
		expect(() => new KeyvBackend('x', undefined as never)).toThrow(/'store'/);
		expect(new KeyvBackend(undefined, {store, expireAfter: '1h'})).toMatchObject({
			name: 'http-cache',
			settings: {expireAfter: '1h'},
		});
	});
});
