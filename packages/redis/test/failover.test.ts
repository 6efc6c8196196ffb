import {afterAll, describe, expect, it, jest} from '@jest/globals';
import {createCluster, createSentinel} from 'redis';
import {moveClock} from '../../../test-support/moved-clock.js';
import {type Origin, startOrigin} from '../../../test-support/origin-server.js';
import {startRedisCluster, startRedisSentinels} from '../../../test-support/redis-groups.js';
import type {RedisServer} from '../../../test-support/redis-servers.js';
import {until} from '../../../test-support/until.js';
import {RedisBackend, type RedisBackendOptions} from '../src/redis-backend.js';
import {SessionLoad} from './session-load.js';

jest.setTimeout(60_000);

const [cluster, sentinels] = await Promise.all([startRedisCluster(), startRedisSentinels()]);
afterAll(() => Promise.all([cluster.stop(), sentinels.stop()]));

const rootNodes = cluster.servers.map(({url}) => ({url}));
const sentinelPlace = {
	name: sentinels.name,
	sentinelRootNodes: sentinels.sentinels.map(({port}) => ({host: '127.0.0.1', port})),
};

/** Kills a server in the middle of a load, and fails where a request is lost, or caching does not work again afterwards. */
async function expectNothingLost(options: RedisBackendOptions, victim: RedisServer, replaced: () => Promise<boolean>) {
	using clock = moveClock();
	await using origin: Origin = await startOrigin();
	const load = new SessionLoad(new RedisBackend('failover', options), origin);
	// A session leaves a store that failed alone for ten seconds.
	const hasHits = (hits: number) => async () => {
		clock.advance(11);
		return load.report.hits > hits;
	};
	await until('responses are answered from the cache', hasHits(100));
	victim.signal('SIGKILL');
	await until('another server has taken its place', replaced);
	const countHits = async () => {
		clock.advance(11);
		return load.countHits(30);
	};
	await until('everything is cached again', async () => (await countHits()) === 30, 30_000);
	const hitsBefore = load.report.hits;
	await until('the load is answered from the cache', hasHits(hitsBefore + 100));
	const {requests, answered, lost, slowest, faults} = await load.stop();
	expect(lost).toEqual([]);
	expect(answered).toBe(requests);
	expect(faults.length).toBeGreaterThan(0);
	// The deadline of a session's store, for reading and for writing, and a busy machine.
	expect(slowest).toBeLessThan(4000);
}

describe('when a master of a cluster fails under load', () => {
	const isReplaced = async () => (await cluster.masters()).length === 3;

	it('no request is lost, and everything is cached again', async () => {
		await cluster.isSound();
		const [victim] = await cluster.masters();
		// All the backend is told of is the server that fails.
		await expectNothingLost({cluster: {rootNodes: [{url: victim!.url}]}}, victim!, isReplaced);
		await victim!.restart();
	});

	it('the same holds for a ready client', async () => {
		await cluster.isSound();
		const client = createCluster({rootNodes});
		try {
			const [victim] = await cluster.masters();
			await expectNothingLost({client}, victim!, isReplaced);
			await victim!.restart();
		} finally {
			client.destroy();
		}
	});
});

describe('when the master behind Sentinels fails under load', () => {
	const isReplaced = (victim: RedisServer) => async () => {
		const master = await sentinels.master();
		return master !== victim && (await master.cli('ROLE')).startsWith('master');
	};

	it('no request is lost, and everything is cached again', async () => {
		const victim = await sentinels.master();
		await expectNothingLost({sentinel: sentinelPlace}, victim, isReplaced(victim));
		await victim.restart();
	});

	it('the same holds for a ready client', async () => {
		const victim = await sentinels.master();
		const client = createSentinel(sentinelPlace);
		try {
			await expectNothingLost({client}, victim, isReplaced(victim));
		} finally {
			await client.destroy();
		}
	});
});
