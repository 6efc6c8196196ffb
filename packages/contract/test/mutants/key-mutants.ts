import type {StoredMetadata} from 'got-client-cache';
import {type Body, PlaceCache} from '../place-cache.js';
import type {Mutant} from './mutant.js';

/** A store that makes something else of its keys before it uses them. */
function keysAs(change: (key: string) => string): new (place: string) => PlaceCache {
	return class extends PlaceCache {
		override read(key: string) {
			return super.read(change(key));
		}
		override write(key: string, metadata: StoredMetadata, body: Body) {
			return super.write(change(key), metadata, body);
		}
		override delete(key: string) {
			return super.delete(change(key));
		}
		override contains(key: string) {
			return super.contains(change(key));
		}
		override touch(key: string, version: string, metadata: StoredMetadata) {
			return super.touch(change(key), version, metadata);
		}
		override bulkDelete(keys: Iterable<string>) {
			return super.bulkDelete([...keys].map(change));
		}
	};
}

/** Faults in telling keys apart. */
export const keyMutants: readonly Mutant[] = [
	{fault: 'folds the case of keys', Cache: keysAs(key => key.toLowerCase()), kills: ['tells odd keys apart']},
	{fault: 'trims keys', Cache: keysAs(key => key.trim()), kills: ['tells odd keys apart']},
	{fault: 'normalises keys', Cache: keysAs(key => key.normalize('NFC')), kills: ['tells odd keys apart']},
	{
		fault: 'cuts keys',
		Cache: keysAs(key => key.slice(0, 1000)),
		kills: ['tells long keys apart by their last character'],
	},
	{
		fault: 'takes a second dot for the end of a key',
		Cache: keysAs(key => key.split('.').slice(0, 2).join('.')),
		kills: ['tells odd keys apart'],
	},
	{
		fault: 'keeps one record for a resource',
		Cache: keysAs(key => key.split('.')[0]!),
		kills: ['tells odd keys apart', 'tells variants of a response apart', 'removes a record once'],
	},
	{
		fault: 'renews what is under a similar key',
		Cache: class extends PlaceCache {
			override touch(key: string, _version: string, metadata: StoredMetadata) {
				const similar = [...this.rows.keys()].find(other => other.toLowerCase() === key.toLowerCase()) ?? key;
				return super.touch(similar, this.find(similar)?.version ?? '', metadata);
			}
		},
		kills: ['keeps odd keys, and tells their resources apart'],
	},
	{
		fault: 'takes a prefix for a resource',
		Cache: class extends PlaceCache {
			override async keysOf(resource: string) {
				return [...this.rows.keys()].filter(key => key.startsWith(resource));
			}
		},
		kills: ['lists the keys of a resource, and no neighbours', 'keeps odd keys, and tells their resources apart'],
	},
	{
		fault: 'takes a resource for a pattern',
		Cache: class extends PlaceCache {
			override async keysOf(resource: string) {
				const pattern = new RegExp(`^${resource.replaceAll('_', '.').replaceAll('*', '.*').replaceAll('?', '.')}\\.`);
				return [...this.rows.keys()].filter(key => pattern.test(key));
			}
		},
		kills: ['takes no character of a resource for a wildcard'],
	},
	{
		fault: 'never takes anything out of its index of resources',
		Cache: class extends PlaceCache {
			readonly index = new Set<string>();
			override write(key: string, metadata: StoredMetadata, body: Body) {
				this.index.add(key);
				return super.write(key, metadata, body);
			}
			override async keysOf(resource: string) {
				return [...this.index].filter(key => key.startsWith(`${resource}.`));
			}
		},
		kills: [
			'forgets the keys of a resource when they are removed, and has them when they are renewed',
			'finds, lists and removes by URL',
			'keeps nothing of a new record whose body fails, at its start, midway or at its end',
		],
	},
	{
		fault: 'has no index of resources',
		Cache: class extends PlaceCache {
			override async keysOf() {
				return [];
			}
		},
		kills: [
			'lists the keys of a resource, and no neighbours',
			'removes what a POST has changed',
			'finds, lists and removes by URL',
		],
	},
];
