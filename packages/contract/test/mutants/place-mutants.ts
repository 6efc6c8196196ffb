import {randomUUID} from 'node:crypto';
import {type CacheRecord, decodeMetadata, type StoredMetadata} from 'got-client-cache';
import {type Body, PlaceCache, rowsOf, turn} from '../place-cache.js';
import type {Mutant} from './mutant.js';

/** Faults with damaged records, with closing, and with others in the same place. */
export const placeMutants: readonly Mutant[] = [
	{
		fault: 'throws at metadata that is garbage',
		Cache: class extends PlaceCache {
			override decode(text: string) {
				JSON.parse(text);
				return super.decode(text);
			}
		},
		kills: [
			'takes a record with metadata that is garbage for none, and removes it',
			'lists the others around a damaged record',
			'fetches what is damaged, and stores it anew',
		],
	},
	{
		fault: 'reads metadata of any format version',
		Cache: class extends PlaceCache {
			override decode(text: string) {
				return decodeMetadata(text.replace('"format":9999', '"format":1'));
			}
		},
		kills: [
			'takes a record with metadata of an unknown format version for none, and removes it',
			'fetches what is damaged, and stores it anew',
		],
	},
	{
		fault: 'leaves damaged records where they are',
		Cache: class extends PlaceCache {
			override remove() {}
		},
		kills: [
			'takes a record with metadata that is garbage for none, and removes it',
			'takes a record with metadata of an unknown format version for none, and removes it',
			'never gives a damaged body by body.bytes(), and removes its record',
		],
	},
	{
		fault: 'removes damaged records whatever their version',
		Cache: class extends PlaceCache {
			override async read(key: string) {
				const text = this.find(key)?.metadata;
				await turn();
				await turn();
				if (text !== undefined && !decodeMetadata(text)) {
					this.rows.delete(key);
				}
				return super.read(key);
			}
		},
		kills: ['never removes what replaces a damaged record'],
	},
	{
		fault: 'tidies up where it finds nothing',
		Cache: class extends PlaceCache {
			override async read(key: string) {
				const isThere = this.find(key) !== undefined;
				const record = await super.read(key);
				await turn();
				return isThere || this.rows.delete(key) ? record : undefined;
			}
		},
		kills: ['loses no write to a reader that came before it'],
	},
	{
		fault: 'must understand what it replaces and removes',
		Cache: class extends PlaceCache {
			override write(key: string, metadata: StoredMetadata, body: Body) {
				JSON.parse(this.find(key)?.metadata ?? '{}');
				return super.write(key, metadata, body);
			}
		},
		kills: ['replaces and removes a damaged record that nobody has read'],
	},
	{
		fault: 'cannot be closed twice',
		Cache: class extends PlaceCache {
			override async close() {
				if (this.isClosed) {
					throw new Error('SQLITE_MISUSE: Database is closed');
				}
				await super.close();
			}
		},
		kills: ['may be closed more than once, used or not'],
	},
	{
		fault: 'goes on after it was closed',
		Cache: class extends PlaceCache {
			override async close() {}
		},
		kills: ['rejects what is asked after it was closed', 'goes to the network where the backend was closed'],
	},
	{
		fault: 'forgets everything when it is closed',
		Cache: class extends PlaceCache {
			override async close() {
				this.rows.clear();
				await super.close();
			}
		},
		kills: [
			'finds everything again after it was closed',
			'leaves another instance in its place alone when it is closed',
			'answers from what another session has stored, one that is open and one that was closed',
		],
	},
	{
		fault: 'says that it wrote before it did',
		Cache: class extends PlaceCache {
			override async write(key: string, metadata: StoredMetadata, body: Body) {
				const version = randomUUID();
				const parts = await this.partsOf(body);
				setImmediate(() => {
					if (!this.isClosed) {
						this.rows.set(key, this.toRow(metadata, version, parts));
					}
				});
				return version;
			}
			override async close() {
				this.isClosed = true;
			}
		},
		kills: ['has, when it is closed, what it was still writing'],
	},
	{
		fault: 'remembers what it read',
		Cache: class extends PlaceCache {
			readonly recent = new Map<string, CacheRecord | undefined>();
			override async read(key: string) {
				const record = this.recent.get(key) ?? (await super.read(key));
				this.recent.set(key, record);
				return record;
			}
			override write(key: string, metadata: StoredMetadata, body: Body) {
				this.recent.delete(key);
				return super.write(key, metadata, body);
			}
		},
		kills: ['shows two instances in one place what the other does'],
	},
	{
		fault: 'keeps everything to itself',
		Cache: class extends PlaceCache {
			protected override readonly rows = new Map();
		},
		kills: [
			'shows two instances in one place what the other does',
			'finds everything again after it was closed',
			'answers from what another session has stored, one that is open and one that was closed',
		],
	},
	{
		fault: 'keeps responses and redirects together',
		Cache: class extends PlaceCache {
			protected override readonly rows = rowsOf(this.place.replace('-redirects', ''));
		},
		kills: ['keeps responses and redirects apart', 'follows redirects that it has stored'],
	},
	{
		fault: 'clears responses and redirects together',
		Cache: class extends PlaceCache {
			override async clear() {
				await super.clear();
				const other = this.place.endsWith('-redirects') ? this.place.slice(0, -10) : `${this.place}-redirects`;
				rowsOf(other).clear();
			}
		},
		kills: ['keeps responses and redirects apart'],
	},
	{
		fault: 'hangs after it was closed',
		Cache: class extends PlaceCache {
			override async step() {
				while (this.isClosed) {
					await new Promise(resolve => setTimeout(resolve, 10).unref());
				}
				await turn();
			}
		},
		kills: ['rejects what is asked after it was closed'],
		flags: {timeout: 300},
	},
];
