import {randomUUID} from 'node:crypto';
import {BaseCache, type StoredMetadata} from 'got-client-cache';
import {PlaceCache} from '../place-cache.js';
import type {Mutant} from './mutant.js';

/** Faults in renewing records, and in their expiry. */
export const touchMutants: readonly Mutant[] = [
	{
		fault: 'gives a renewed record another version',
		Cache: class extends PlaceCache {
			override async touch(key: string, version: string, metadata: StoredMetadata) {
				const isSame = await super.touch(key, version, metadata);
				Object.assign(this.find(key) ?? {}, isSame && {version: randomUUID()});
				return isSame;
			}
		},
		kills: [
			'renews the metadata of the version that it is told, and leaves the body',
			'gives a reader the body of a record that is renewed meanwhile',
		],
	},
	{
		fault: 'renews a record once',
		Cache: class extends PlaceCache {
			readonly renewed = new Set<string>();
			override async touch(key: string, version: string, metadata: StoredMetadata) {
				if (this.renewed.has(version)) {
					return false;
				}
				this.renewed.add(version);
				return super.touch(key, version, metadata);
			}
		},
		kills: ['renews a record more than once', 'leaves a large body when it renews metadata, again and again'],
	},
	{
		fault: 'loses the body when it renews metadata',
		Cache: class extends PlaceCache {
			override async touch(key: string, version: string, metadata: StoredMetadata) {
				const isSame = await super.touch(key, version, metadata);
				Object.assign(this.find(key) ?? {}, isSame && {parts: [], size: 0});
				return isSame;
			}
		},
		kills: [
			'renews the metadata of the version that it is told, and leaves the body',
			'validates with an entity tag, and renews what is still good',
		],
	},
	{
		fault: 'keeps the first part of a body that it renews',
		Cache: class extends PlaceCache {
			override async touch(key: string, version: string, metadata: StoredMetadata) {
				const isSame = await super.touch(key, version, metadata);
				const parts = this.find(key)?.parts.slice(0, 1);
				Object.assign(this.find(key) ?? {}, isSame && {parts});
				return isSame;
			}
		},
		kills: ['leaves a large body when it renews metadata, again and again'],
	},
	{
		fault: 'renews any version',
		Cache: class extends PlaceCache {
			override async touch(key: string, _version: string, metadata: StoredMetadata) {
				return super.touch(key, this.find(key)?.version ?? '', metadata);
			}
		},
		kills: ['renews nothing that was written anew', 'shows two instances in one place what the other does'],
	},
	{
		fault: 'makes a record of what it is to renew',
		Cache: class extends PlaceCache {
			override async touch(key: string, version: string, metadata: StoredMetadata) {
				await this.step();
				if (!this.find(key)) {
					this.rows.set(key, this.toRow(metadata, version, []));
				}
				return super.touch(key, version, metadata);
			}
		},
		kills: ['has nothing at first', 'renews nothing that is gone', 'never undoes a removal by a touch'],
	},
	{
		fault: 'reads and writes where it should compare and set',
		Cache: class extends PlaceCache {
			override touch(key: string, version: string, metadata: StoredMetadata) {
				return BaseCache.prototype.touch.call(this, key, version, metadata);
			}
		},
		kills: [
			'never undoes a write by a touch',
			'never undoes a removal by a touch',
			'renews the metadata of the version that it is told, and leaves the body',
			'lists and renews without loading bodies',
		],
	},
	{
		fault: 'takes what has expired for nothing',
		Cache: class extends PlaceCache {
			override async read(key: string) {
				const record = await super.read(key);
				return record && (record.metadata.expires ?? Number.POSITIVE_INFINITY) > Date.now() ? record : undefined;
			}
		},
		kills: ['gives what has expired like everything else, until it is removed'],
	},
	...[-1, 1].map(
		(late): Mutant => ({
			fault: `is ${late} ms late to remove what has expired`,
			Cache: class extends PlaceCache {
				override deleteExpired(now: number) {
					return super.deleteExpired(now - late);
				}
			},
			kills: ['removes what has expired at a time, to the millisecond'],
		}),
	),
	{
		fault: 'leaves the index of expirations when it renews',
		Cache: class extends PlaceCache {
			override async touch(key: string, version: string, metadata: StoredMetadata) {
				const expires = this.find(key)?.expires;
				const isSame = await super.touch(key, version, metadata);
				Object.assign(this.find(key) ?? {}, isSame && {expires});
				return isSame;
			}
		},
		kills: [
			'removes by the expiration that a record was renewed with',
			'lists every entry once while each is renewed',
			'lists and renews without loading bodies',
		],
	},
	{
		fault: 'drops what is stale, not what nobody needs',
		Cache: class extends PlaceCache {
			override toHead(metadata: StoredMetadata) {
				return {...super.toHead(metadata), dropsAt: metadata.expires ?? Number.POSITIVE_INFINITY};
			}
		},
		kills: ['has the place itself drop what nobody needs any more, and nothing else'],
	},
	{
		fault: 'drops nothing itself',
		Cache: class extends PlaceCache {
			override toHead(metadata: StoredMetadata) {
				return {...super.toHead(metadata), dropsAt: Number.POSITIVE_INFINITY};
			}
		},
		kills: ['has the place itself drop what nobody needs any more, and nothing else'],
	},
	{
		fault: 'leaves the time to live when it renews',
		Cache: class extends PlaceCache {
			override async touch(key: string, version: string, metadata: StoredMetadata) {
				const dropsAt = this.find(key)?.dropsAt;
				const isSame = await super.touch(key, version, metadata);
				Object.assign(this.find(key) ?? {}, isSame && {dropsAt});
				return isSame;
			}
		},
		kills: ['has the place itself drop what nobody needs any more, and nothing else'],
	},
	{
		fault: 'loses when records expire',
		Cache: class extends PlaceCache {
			override toHead(metadata: StoredMetadata) {
				return {...super.toHead(metadata), dropsAt: Number.POSITIVE_INFINITY};
			}
			override decode(text: string) {
				const metadata = super.decode(text);
				return metadata && {...metadata, expires: undefined};
			}
		},
		kills: [
			'fetches again what has expired',
			'gives back what was written, with the version that the write resolved to',
		],
	},
];
