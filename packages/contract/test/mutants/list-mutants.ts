import {BaseCache, type CacheEntry, type StoredMetadata} from 'got-client-cache';
import {type Body, PlaceCache, turn} from '../place-cache.js';
import type {Mutant} from './mutant.js';

const PAGE = 1000;

/** Faults in lists, and in what is more than a page. */
export const listMutants: readonly Mutant[] = [
	{
		fault: 'fails where there is nothing yet',
		Cache: class extends PlaceCache {
			override async *keys() {
				if (this.rows.size === 0) {
					throw new Error('ENOENT: no such file or directory');
				}
				yield* super.keys();
			}
		},
		kills: ['lists nothing where there is nothing'],
	},
	{
		fault: 'lists a key as often as it was written',
		Cache: class extends PlaceCache {
			readonly log: string[] = [];
			override write(key: string, metadata: StoredMetadata, body: Body) {
				this.log.push(key);
				return super.write(key, metadata, body);
			}
			override async *keys() {
				yield* this.log.filter(key => this.find(key));
			}
		},
		kills: ['lists keys, entries and values, each once'],
	},
	{
		fault: 'loads every body to list its metadata',
		Cache: class extends PlaceCache {
			override async *entries(): AsyncIterable<CacheEntry> {
				for await (const entry of super.entries()) {
					const loaded = this.find(entry.key)?.parts.map(part => Uint8Array.from(part));
					yield {...entry, ...(loaded && {metadata: entry.metadata})};
				}
			}
		},
		kills: ['lists and renews without loading bodies'],
	},
	{
		fault: 'counts rows to find where it was',
		Cache: class extends PlaceCache {
			override async *keys() {
				for (let offset = 0; offset < this.rows.size; offset++) {
					yield [...this.rows.keys()][offset]!;
				}
			}
		},
		kills: ['lists every record once that stays while others come and go'],
	},
	{
		fault: 'moves what it renews to the end of a list under way',
		Cache: class extends PlaceCache {
			override async *entries(): AsyncIterable<CacheEntry> {
				for (const [key, {metadata, version}] of this.rows) {
					await turn();
					yield {key, metadata: this.decode(metadata)!, version};
				}
			}
			override async touch(key: string, version: string, metadata: StoredMetadata) {
				const row = this.find(key);
				this.rows.delete(key);
				this.rows.set(key, row!);
				return super.touch(key, version, metadata);
			}
		},
		kills: ['lists every entry once while each is renewed'],
	},
	{
		fault: 'can do nothing else while it lists',
		Cache: class extends PlaceCache {
			lists = 0;
			override async step() {
				while (this.lists > 0) {
					await turn();
				}
				return super.step();
			}
			override async *keys() {
				await this.step();
				this.lists++;
				yield* [...this.rows.keys()];
				this.lists--;
			}
		},
		kills: ['is usable while and after a loop over it is left half-way'],
		flags: {timeout: 300},
	},
	{
		fault: 'removes no more than a page',
		Cache: class extends PlaceCache {
			override bulkDelete(keys: Iterable<string>) {
				return super.bulkDelete([...keys].slice(0, PAGE));
			}
		},
		kills: ['removes them all at once, and counts them'],
	},
	{
		fault: 'lists no more than a page',
		Cache: class extends PlaceCache {
			override async *keys() {
				yield* [...this.rows.keys()].slice(0, PAGE);
			}
		},
		kills: ['lists, counts and clears them all'],
	},
	{
		fault: 'counts no more than a page',
		Cache: class extends PlaceCache {
			override async size() {
				return Math.min(await super.size(), PAGE);
			}
		},
		kills: ['lists, counts and clears them all'],
	},
	{
		fault: 'finds no more than a page of a resource',
		Cache: class extends PlaceCache {
			override async keysOf(resource: string) {
				return (await super.keysOf(resource)).slice(0, PAGE);
			}
		},
		kills: ['finds all keys of a resource'],
	},
	{
		fault: 'removes no more than a page of what has expired',
		Cache: class extends PlaceCache {
			override async deleteExpired(now: number) {
				const expired = [...this.rows].filter(([, {expires = now + 1}]) => expires <= now).slice(0, PAGE);
				return expired.filter(([key]) => this.rows.delete(key)).length;
			}
		},
		kills: ['removes all that have expired, and counts them'],
	},
	{
		fault: 'bears only a few operations at once',
		Cache: class extends PlaceCache {
			busy = 0;
			override async read(key: string) {
				if (++this.busy > 20) {
					throw new Error('Too many requests');
				}
				return super.read(key).finally(() => this.busy--);
			}
		},
		kills: ['sends identical requests once that come at once'],
	},
	{
		fault: 'gives up a list at what it cannot decode',
		Cache: class extends PlaceCache {
			override async *entries(): AsyncIterable<CacheEntry> {
				for await (const key of this.keys()) {
					const {metadata, version} = this.find(key)!;
					yield {key, metadata: JSON.parse(metadata), version};
				}
			}
		},
		kills: ['lists the others around a damaged record'],
	},
	{
		fault: 'loads bodies to renew metadata',
		Cache: class extends PlaceCache {
			override touch(key: string, version: string, metadata: StoredMetadata) {
				return BaseCache.prototype.touch.call(this, key, version, metadata);
			}
		},
		kills: ['lists and renews without loading bodies'],
	},
];
