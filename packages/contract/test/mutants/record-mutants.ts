import {randomUUID} from 'node:crypto';
import {BytesBody, type CacheRecord, decodeMetadata, encodeMetadata, type StoredMetadata} from 'got-client-cache';
import {type Body, PlaceCache, type Row, turn} from '../place-cache.js';
import type {Mutant} from './mutant.js';

/** Faults in reading, writing and removing records. */
export const recordMutants: readonly Mutant[] = [
	{
		fault: 'says that it deleted what was not there',
		Cache: class extends PlaceCache {
			override async delete(key: string) {
				await super.delete(key);
				return true;
			}
		},
		kills: ['has nothing at first', 'removes a record once', 'counts a removal once that several ask for'],
	},
	{
		fault: 'gives another version than it said',
		Cache: class extends PlaceCache {
			override async read(key: string): Promise<CacheRecord | undefined> {
				const record = await super.read(key);
				return record && {...record, version: `${record.version}!`};
			}
		},
		kills: [
			'gives back what was written, with the version that the write resolved to',
			'joins pieces, large, tiny and empty ones',
			'ends with one whole record when several write it at once',
			'renews a record more than once',
			'finds everything again after it was closed',
		],
	},
	{
		fault: 'keeps the metadata of the first write',
		Cache: class extends PlaceCache {
			override async write(key: string, metadata: StoredMetadata, body: Body) {
				const first = this.find(key)?.metadata;
				return super.write(key, (first && decodeMetadata(first)) || metadata, body);
			}
		},
		kills: ['replaces metadata and body', 'renews nothing that was written anew'],
	},
	{
		fault: 'keeps the body of the first write',
		Cache: class extends PlaceCache {
			override async write(key: string, metadata: StoredMetadata, body: Body) {
				const parts = this.find(key)?.parts;
				const version = await super.write(key, metadata, body);
				Object.assign(this.find(key) ?? {}, parts && {parts});
				return version;
			}
		},
		kills: [
			'replaces metadata and body',
			'keeps bodies of one byte less, as much, and more than places cut them by',
			'shows readers whole records only, while they are written',
			'stays sound while many write, read, renew and remove the same records',
		],
	},
	{
		fault: 'takes everything for a response',
		Cache: class extends PlaceCache {
			override decode(text: string): StoredMetadata | undefined {
				const metadata = decodeMetadata(text);
				return metadata && ({...metadata, kind: 'response'} as StoredMetadata);
			}
		},
		kills: ['keeps every kind of metadata as it is', 'follows redirects that it has stored'],
	},
	{
		fault: 'gives null for a time that is not there',
		Cache: class extends PlaceCache {
			override decode(text: string): StoredMetadata | undefined {
				const metadata = decodeMetadata(text);
				return metadata && ({...metadata, expires: metadata.expires ?? null} as StoredMetadata);
			}
		},
		kills: ['keeps every kind of metadata as it is'],
	},
	{
		fault: 'bounds metadata',
		Cache: class extends PlaceCache {
			override async write(key: string, metadata: StoredMetadata, body: Body) {
				if (encodeMetadata(metadata).length > 30_000) {
					throw new Error('value too long for type character varying(30000)');
				}
				return super.write(key, metadata, body);
			}
		},
		kills: ['keeps metadata of many and long header fields'],
	},
	{
		fault: 'marks what was removed and never takes the mark away',
		Cache: class extends PlaceCache {
			readonly removed = new Set<string>();
			override async delete(key: string) {
				this.removed.add(key);
				return super.delete(key);
			}
			override async read(key: string) {
				return this.removed.has(key) ? undefined : super.read(key);
			}
		},
		kills: ['takes a record under a key again that was removed'],
	},
	{
		fault: 'clears nothing',
		Cache: class extends PlaceCache {
			override async clear() {}
		},
		kills: [
			'clears everything, and goes on',
			'clears, and removes what has expired',
			'lists, counts and clears them all',
		],
	},
	{
		fault: 'ends with a clear',
		Cache: class extends PlaceCache {
			override async clear() {
				await super.clear();
				this.rows.set = () => this.rows;
			}
		},
		kills: ['clears everything, and goes on'],
	},
	{
		fault: 'counts the keys that it is given, not the records',
		Cache: class extends PlaceCache {
			override async bulkDelete(keys: Iterable<string>) {
				const list = [...keys];
				await super.bulkDelete(list);
				return list.length;
			}
		},
		kills: ['has nothing at first', 'removes several records and counts those that there were'],
	},
	{
		fault: 'goes through the keys twice',
		Cache: class extends PlaceCache {
			override async bulkDelete(keys: Iterable<string>) {
				let there = 0;
				for (const key of keys) {
					there += Number(this.find(key) !== undefined);
				}
				await super.bulkDelete(keys);
				return there;
			}
		},
		kills: ['removes several records and counts those that there were'],
	},
	{
		fault: 'looks first and deletes afterwards',
		Cache: class extends PlaceCache {
			override async delete(key: string) {
				const isThere = await this.contains(key);
				await turn();
				this.rows.delete(key);
				return isThere;
			}
		},
		kills: ['counts a removal once that several ask for'],
	},
	{
		fault: 'gives all writes one version',
		Cache: class extends PlaceCache {
			override async write(key: string, metadata: StoredMetadata, body: Body) {
				await super.write(key, metadata, body);
				Object.assign(this.find(key) ?? {}, {version: 'same'});
				return 'same';
			}
		},
		kills: [
			'gives every write another version, of the same record too',
			'gives a record that was removed and written again another version',
			'renews nothing that was written anew',
		],
	},
	{
		fault: 'counts versions by key, from one',
		Cache: class extends PlaceCache {
			override async write(key: string, metadata: StoredMetadata, body: Body) {
				const version = `${Number(this.find(key)?.version ?? 0) + 1}`;
				await super.write(key, metadata, body);
				Object.assign(this.find(key) ?? {}, {version});
				return version;
			}
		},
		kills: ['gives a record that was removed and written again another version'],
	},
	{
		fault: 'writes metadata first and the body in a second step',
		Cache: class extends PlaceCache {
			override bodyOf(_key: string, row: Row) {
				return new BytesBody(Buffer.concat(row.parts));
			}
			override async write(key: string, metadata: StoredMetadata, body: Body) {
				const parts = await this.partsOf(body);
				const version = randomUUID();
				const before = this.find(key)?.parts ?? [];
				this.rows.set(key, {...this.toRow(metadata, version, parts), parts: before});
				// Who has little to write comes last.
				for (let turns = parts.length; turns < 9; turns++) {
					await turn();
				}
				Object.assign(this.find(key) ?? {}, {parts});
				return version;
			}
		},
		kills: [
			'ends with one whole record when several write it at once',
			'shows readers whole records only, while they are written',
			'stays sound while many write, read, renew and remove the same records',
		],
	},
	{
		fault: 'forgets what it is given',
		Cache: class extends PlaceCache {
			override async write(_key: string, _metadata: StoredMetadata, body: Body) {
				await this.partsOf(body);
				return randomUUID();
			}
		},
		kills: [
			'gives back what was written, with the version that the write resolved to',
			'answers a second request from the cache, byte for byte',
			'keeps a large body',
			'tells variants of a response apart',
			'validates with an entity tag, and renews what is still good',
			'follows redirects that it has stored',
			'answers HEAD from what GET has stored',
			'keeps nothing of an answer that was cut short',
			'gives what has expired like everything else, until it is removed',
		],
	},
];
