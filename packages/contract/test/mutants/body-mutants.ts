import {randomUUID} from 'node:crypto';
import type {StoredMetadata} from 'got-client-cache';
import {type Body, PlaceCache, type Row, turn} from '../place-cache.js';
import {bytesOfBody, type Mutant, untilFailure} from './mutant.js';

/** Faults in writing bodies. */
export const bodyMutants: readonly Mutant[] = [
	{
		fault: 'takes bodies for text',
		Cache: class extends PlaceCache {
			override async partsOf(body: Body) {
				return super.partsOf(Buffer.from(Buffer.from(await bytesOfBody(body)).toString('utf8')));
			}
		},
		kills: ['keeps every byte value', 'answers a second request from the cache, byte for byte'],
	},
	{
		fault: 'takes an empty body for none',
		Cache: class extends PlaceCache {
			override async read(key: string) {
				const record = await super.read(key);
				return record && record.body.size > 0 ? record : undefined;
			}
		},
		kills: ['keeps an empty body, given as bytes or as no pieces at all'],
	},
	{
		fault: 'loses a last part of one byte',
		Cache: class extends PlaceCache {
			override async partsOf(body: Body) {
				return (await super.partsOf(body)).filter(({byteLength}) => byteLength > 1);
			}
		},
		kills: ['keeps bodies of one byte less, as much, and more than places cut them by'],
	},
	{
		fault: 'keeps parts of a larger body behind a smaller one',
		Cache: class extends PlaceCache {
			readonly left = new Map<string, Uint8Array[]>();
			override toRow(metadata: StoredMetadata, version: string, parts: Uint8Array[]): Row {
				const all = [...parts, ...(this.left.get(metadata.url) ?? []).slice(parts.length)];
				this.left.set(metadata.url, all);
				return super.toRow(metadata, version, all);
			}
		},
		kills: ['keeps a large body, and a small one after it'],
	},
	{
		fault: 'keeps the whole buffer of which it was given a part',
		Cache: class extends PlaceCache {
			override partsOf(body: Body) {
				return super.partsOf(body instanceof Uint8Array ? new Uint8Array(body.buffer) : body);
			}
		},
		kills: ['writes the bytes that it is given, not what else is in their buffer'],
	},
	{
		fault: 'copies bytes too late',
		Cache: class extends PlaceCache {
			override async write(key: string, metadata: StoredMetadata, body: Body) {
				await turn();
				return super.write(key, metadata, body);
			}
		},
		kills: ['keeps the bytes as they were when it was called, whatever becomes of them meanwhile'],
	},
	{
		fault: 'takes an empty piece for the end',
		Cache: class extends PlaceCache {
			override partsOf(body: Body) {
				return super.partsOf(body instanceof Uint8Array ? body : untilEmpty(body));
			}
		},
		kills: ['joins pieces, large, tiny and empty ones'],
	},
	{
		fault: 'bounds bodies',
		Cache: class extends PlaceCache {
			override toRow(metadata: StoredMetadata, version: string, parts: Uint8Array[]): Row {
				const row = super.toRow(metadata, version, parts);
				if (row.size > 400_000) {
					throw new Error('Item size has exceeded the maximum allowed size');
				}
				return row;
			}
		},
		kills: [
			'keeps a large body',
			'keeps a large body, and a small one after it',
			'leaves a large body when it renews metadata, again and again',
		],
	},
	{
		fault: 'shows a record before its body has ended',
		Cache: class extends PlaceCache {
			override async write(key: string, metadata: StoredMetadata, body: Body) {
				if (!(body instanceof Uint8Array)) {
					await super.write(key, metadata, new Uint8Array());
				}
				return super.write(key, metadata, body);
			}
		},
		kills: [
			'shows nothing of a record before its body has ended',
			'keeps what was there when a body fails, at its start, midway or at its end',
			'keeps nothing of a new record whose body fails, at its start, midway or at its end',
		],
	},
	{
		fault: 'removes the earlier record first',
		Cache: class extends PlaceCache {
			override async write(key: string, metadata: StoredMetadata, body: Body) {
				this.rows.delete(key);
				return super.write(key, metadata, body);
			}
		},
		kills: [
			'shows nothing of a record before its body has ended',
			'keeps what was there when a body fails, at its start, midway or at its end',
			'shows readers whole records only, while they are written',
		],
	},
	{
		fault: 'takes a body that fails for one that ends',
		Cache: class extends PlaceCache {
			override partsOf(body: Body) {
				return super.partsOf(body instanceof Uint8Array ? body : untilFailure(body));
			}
		},
		kills: [
			'keeps what was there when a body fails, at its start, midway or at its end',
			'keeps nothing of a new record whose body fails, at its start, midway or at its end',
		],
	},
	{
		fault: 'lists what it was given of a body that failed',
		Cache: class extends PlaceCache {
			override async write(key: string, metadata: StoredMetadata, body: Body) {
				this.rows.set(`${key}.unfinished`, this.toRow(metadata, randomUUID(), []));
				const version = await super.write(key, metadata, body);
				this.rows.delete(`${key}.unfinished`);
				return version;
			}
		},
		kills: [
			'keeps nothing of a new record whose body fails, at its start, midway or at its end',
			'shows nothing of a record before its body has ended',
		],
	},
	{
		fault: 'holds a lock while a body arrives',
		Cache: class extends PlaceCache {
			lock: Promise<unknown> = Promise.resolve();
			override async step() {
				await this.lock;
				return super.step();
			}
			override async write(key: string, metadata: StoredMetadata, body: Body) {
				const parts = this.partsOf(body);
				this.lock = parts.catch(() => undefined);
				const given = Buffer.concat(await parts);
				return super.write(key, metadata, given);
			}
		},
		kills: ['holds up nobody while a body is slow', 'shows nothing of a record before its body has ended'],
		flags: {timeout: 300},
	},
	{
		fault: 'lets the write win that began last',
		Cache: class extends PlaceCache {
			begun = 0;
			readonly last = new Map<string, number>();
			override async write(key: string, metadata: StoredMetadata, body: Body) {
				const own = ++this.begun;
				this.last.set(key, own);
				const given = await bytesOfBody(body);
				return this.last.get(key) === own ? super.write(key, metadata, given) : randomUUID();
			}
		},
		kills: ['holds up nobody while a body is slow'],
	},
	{
		fault: 'takes the parts of an arriving body away, and shows the rest',
		Cache: class extends PlaceCache {
			arriving: Uint8Array[] = [];
			override async partsOf(body: Body) {
				if (body instanceof Uint8Array) {
					return super.partsOf(body);
				}
				this.arriving = [];
				for await (const piece of body) {
					this.arriving.push(piece);
				}
				return super.partsOf(Buffer.concat(this.arriving));
			}
			override async clear() {
				await super.clear();
				this.arriving.length = 0;
			}
		},
		kills: ['writes whole the body of a record that is removed meanwhile'],
	},
];

async function* untilEmpty(body: AsyncIterable<Uint8Array>) {
	for await (const piece of body) {
		if (piece.byteLength === 0) {
			return;
		}
		yield piece;
	}
}
