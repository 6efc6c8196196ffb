import {describeBackendContract} from '@got-client-cache/contract';
import {afterAll, describe, it} from '@jest/globals';
import {startRedisCluster} from '../../../test-support/redis-groups.js';
import {RedisBackend} from '../src/redis-backend.js';
import {damage} from './damage.js';
import {moduleFor} from './module-for.js';

const group = await startRedisCluster();
afterAll(() => group.stop());

const options = {cluster: {rootNodes: [{url: group.servers[0]!.url}]}, grace: 0};

describeBackendContract(
	'RedisBackend on a cluster',
	{
		createBackend: place => new RedisBackend(place, options),
		damage: (place, key, what) => damage(group.servers[0]!, place, key, what),
		processModule: moduleFor(options),
		nativeExpiry: 20,
	},
	{describe, it},
);
