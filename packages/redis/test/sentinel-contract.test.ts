import {describeBackendContract} from '@got-client-cache/contract';
import {afterAll, describe, it} from '@jest/globals';
import {startRedisSentinels} from '../../../test-support/redis-groups.js';
import {RedisBackend} from '../src/redis-backend.js';
import {damage} from './damage.js';

const group = await startRedisSentinels();
const master = await group.master();
afterAll(() => group.stop());

const sentinelRootNodes = group.sentinels.map(({port}) => ({host: '127.0.0.1', port}));

describeBackendContract(
	'RedisBackend on the master behind Sentinels',
	{
		createBackend: place => new RedisBackend(place, {sentinel: {name: group.name, sentinelRootNodes}, grace: 0}),
		damage: (place, key, what) => damage(master, place, key, what),
		nativeExpiry: 20,
	},
	{describe, it},
);
