import {describeBackendContract} from '@got-client-cache/contract';
import {afterAll, beforeAll, describe, it} from '@jest/globals';
import KeyvRedis from '@keyv/redis';
import {Keyv} from 'keyv';
import {type RedisServer, startRedis} from '../../../../../test-support/redis-servers.js';
import {KeyvBackend} from '../../../src/backend/keyv-backend.js';

let server: RedisServer;
beforeAll(async () => {
	server = await startRedis();
}, 30_000);
afterAll(() => server.stop());

/** By place: those that have a connection, which is not the backend's to close. */
const opened = new Map<string, Keyv[]>();

describeBackendContract(
	'KeyvBackend over Redis',
	{
		createBackend(place) {
			const store = new Keyv({store: new KeyvRedis(server.url), namespace: place});
			opened.set(place, [...(opened.get(place) ?? []), store]);
			return new KeyvBackend(undefined, {store, grace: 0});
		},
		async removePlace(place) {
			await Promise.all((opened.get(place) ?? []).map(store => store.disconnect()));
			opened.delete(place);
		},
		touchIsAtomic: false,
		metadataApart: false,
		nativeExpiry: 1500,
	},
	{describe, it},
);
