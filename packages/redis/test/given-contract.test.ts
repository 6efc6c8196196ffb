import {describeBackendContract} from '@got-client-cache/contract';
import {afterAll, describe, it} from '@jest/globals';
import {createClient} from 'redis';
import {startRedis} from '../../../test-support/redis-servers.js';
import {RedisBackend} from '../src/redis-backend.js';
import {damage} from './damage.js';

const server = await startRedis();
const client = await createClient({url: server.url, RESP: 2}).connect();
afterAll(async () => {
	client.destroy();
	await server.stop();
});

describeBackendContract(
	'RedisBackend on a ready client with the older protocol',
	{
		createBackend: place => new RedisBackend(place, {client, grace: 0}),
		damage: (place, key, what) => damage(server, place, key, what),
		nativeExpiry: 20,
	},
	{describe, it},
);
