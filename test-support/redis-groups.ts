import {type RedisServer, startRedis} from './redis-servers.js';
import {until} from './until.js';

/** Several servers that belong together. */
export interface RedisGroup extends AsyncDisposable {
	readonly servers: readonly RedisServer[];
	stop(): Promise<void>;
}

/** Servers of a cluster: three masters and three replicas at first. */
export interface RedisCluster extends RedisGroup {
	/** The servers that are masters at this moment and answer. */
	masters(): Promise<RedisServer[]>;
	/** Resolves when all slots are served and every master has a replica in step with it, so that it can fail. */
	isSound(replicas?: number): Promise<void>;
}

/** Three masters and three replicas, which notice the failure of one within a second. */
export async function startRedisCluster(): Promise<RedisCluster> {
	const config = ['cluster-enabled yes', 'cluster-node-timeout 1000', 'repl-diskless-sync-delay 0'];
	const servers = await Promise.all(Array.from({length: 6}, () => startRedis({config})));
	const stop = stopAll(servers);
	const roles = async (role: string) => {
		const reports = await Promise.all(servers.map(async server => server.cli('ROLE').catch(() => '')));
		return servers.filter((_, index) => reports[index]!.startsWith(role));
	};
	const isSound = async (replicas = 3) => {
		await until('the cluster is sound', async () => {
			const masters = await roles('master');
			const states = await Promise.all(masters.map(async ({cli}) => cli('CLUSTER', 'INFO')));
			// A replica that is in step says so: `slave`, its master's host and port, `connected`, the offset.
			const followers = await roles('slave');
			const links = await Promise.all(followers.map(async ({cli}) => cli('ROLE')));
			return (
				masters.length >= 3 &&
				states.every(state => /^cluster_state:ok/m.test(state) && /^cluster_known_nodes:6/m.test(state)) &&
				links.filter(link => link.split('\n')[3] === 'connected').length >= replicas
			);
		});
	};
	try {
		const nodes = servers.map(({port}) => `127.0.0.1:${port}`);
		await servers[0]!.cli('--cluster', 'create', ...nodes, '--cluster-replicas', '1', '--cluster-yes');
		await isSound();
	} catch (error) {
		await stop();
		throw error;
	}
	return {servers, masters: () => roles('master'), isSound, stop, [Symbol.asyncDispose]: stop};
}

/** A master with two replicas, and three Sentinels that watch them. */
export interface RedisSentinels extends RedisGroup {
	/** The name that the Sentinels have for the master. */
	readonly name: string;
	readonly sentinels: readonly RedisServer[];
	/** The server that the Sentinels name as the master. */
	master(): Promise<RedisServer>;
}

/** Starts Sentinels that notice the failure of the master within half a second. */
export async function startRedisSentinels(): Promise<RedisSentinels> {
	const name = 'the-master';
	const first = await startRedis({config: ['repl-diskless-sync-delay 0']});
	const servers = [first];
	const stop = async () => stopAll(servers)();
	try {
		const replica = [`replicaof 127.0.0.1 ${first.port}`, 'repl-diskless-sync-delay 0'];
		servers.push(...(await Promise.all([startRedis({config: replica}), startRedis({config: replica})])));
		const config = [
			`sentinel monitor ${name} 127.0.0.1 ${first.port} 2`,
			`sentinel down-after-milliseconds ${name} 500`,
			`sentinel failover-timeout ${name} 3000`,
		];
		const sentinels = await Promise.all([1, 2, 3].map(async () => startRedis({config})));
		servers.push(...sentinels);
		await until('the Sentinels know each other and the replicas', async () => {
			const reports = await Promise.all(sentinels.map(async ({cli}) => cli('SENTINEL', 'MASTER', name)));
			return reports.every(report => /num-slaves\n2\nnum-other-sentinels\n2/.test(report));
		});
		const master = async () => {
			const [, port] = (await sentinels[0]!.cli('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name)).split('\n');
			return servers.find(server => server.port === Number(port))!;
		};
		return {name, servers, sentinels, master, stop, [Symbol.asyncDispose]: stop};
	} catch (error) {
		await stop();
		throw error;
	}
}

function stopAll(servers: readonly RedisServer[]): () => Promise<void> {
	return async () => {
		await Promise.all(servers.map(async server => server.stop()));
	};
}
