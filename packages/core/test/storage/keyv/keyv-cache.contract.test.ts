import {type Damage, describeBackendContract} from '@got-client-cache/contract';
import {describe, it} from '@jest/globals';
import {Keyv} from 'keyv';
import {KeyvBackend} from '../../../src/backend/keyv-backend.js';
import {KeyvNames, pieceName} from '../../../src/storage/keyv/keyv-record.js';

/** What is stored, by place: all that Keyv itself keeps in memory. */
const maps = new Map<string, Map<string, string>>();

function mapOf(place: string): Map<string, string> {
	const map = maps.get(place) ?? new Map<string, string>();
	maps.set(place, map);
	return map;
}

/** Changes what stands in the Map, as another program would. */
function damage(place: string, key: string, what: Damage): void {
	const map = mapOf(place);
	const name = `keyv:${new KeyvNames('http-cache.responses').record(key)}`;
	const stored = JSON.parse(map.get(name)!);
	switch (what) {
		case 'metadata':
			stored.value.metadata = stored.value.metadata.slice(1);
			break;
		case 'format':
			stored.value.format++;
			break;
		case 'body':
			if (stored.value.body === undefined) {
				map.delete(pieceName(name, stored.value.version, 1));
			} else {
				stored.value.body = `${stored.value.body.slice(0, -8)}`;
			}
	}
	map.set(name, JSON.stringify(stored));
}

describeBackendContract(
	'KeyvBackend over a Map',
	{
		createBackend: place => new KeyvBackend(undefined, {store: new Keyv({store: mapOf(place)}), grace: 0}),
		removePlace: place => void maps.delete(place),
		damage,
		touchIsAtomic: false,
		metadataApart: false,
		nativeExpiry: 1500,
	},
	{describe, it},
);
