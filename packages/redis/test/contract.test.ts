import {describeBackendContract} from '@got-client-cache/contract';
import {afterAll, describe, it} from '@jest/globals';
import {startRedis} from '../../../test-support/redis-servers.js';
import {RedisBackend} from '../src/redis-backend.js';
import {damage} from './damage.js';
import {moduleFor} from './module-for.js';

const server = await startRedis();
afterAll(() => server.stop());

const options = {url: server.url, grace: 0};

describeBackendContract(
	'RedisBackend on one server',
	{
		createBackend: place => new RedisBackend(place, options),
		damage: (place, key, what) => damage(server, place, key, what),
		processModule: moduleFor(options),
		nativeExpiry: 20,
	},
	{describe, it},
);
