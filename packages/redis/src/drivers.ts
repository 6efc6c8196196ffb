/** What this package uses of the clients of redis: a ready one may be of any version of the protocol and have any modules. */
import type {
	RedisClientOptions,
	RedisClusterOptions,
	RedisFunctions,
	RedisModules,
	RedisScripts,
	RedisSentinelOptions,
	RespVersions,
} from 'redis';
import type {AS_BUFFERS, Command} from './link.js';

/** Options of `createClient` of redis, for either version of the protocol. */
export type ClientOptions = RedisClientOptions<RedisModules, RedisFunctions, RedisScripts, RespVersions>;

/** Options of `createCluster` of redis, for either version of the protocol. */
export type ClusterOptions = RedisClusterOptions<RedisModules, RedisFunctions, RedisScripts, RespVersions>;

/** Options of `createSentinel` of redis, for either version of the protocol. */
export type SentinelOptions = RedisSentinelOptions<RedisModules, RedisFunctions, RedisScripts, RespVersions>;

interface Emitter {
	on(event: string, listener: (error: unknown) => void): unknown;
	off(event: string, listener: (error: unknown) => void): unknown;
}

interface Connectable extends Emitter {
	readonly isOpen: boolean;
	connect(): Promise<unknown>;
}

type CommandOptions = typeof AS_BUFFERS;

interface Transaction {
	exec(): Promise<unknown>;
}

/** A client of one server. A pool of them has no `isReady`. */
export interface SingleClient extends Connectable {
	readonly isReady?: boolean;
	sendCommand(command: Command, options?: CommandOptions): Promise<unknown>;
	multi(): Transaction & {addCommand(command: Command): unknown};
}

/** A master of a cluster. */
export interface ClusterNode {
	readonly host: string;
	readonly port: number;
	/** None before something is asked of the server. */
	readonly client?: (SingleClient & {unref(): void; destroy(): void}) | undefined;
}

/** A client of a cluster. */
export interface ClusterClient extends Connectable {
	readonly masters: readonly ClusterNode[];
	/** By hash slot. A slot that no server has is missing. */
	readonly slots: ReadonlyArray<{readonly master: ClusterNode} | undefined>;
	nodeClient(node: ClusterNode): Promise<SingleClient>;
	sendCommand(firstKey: string, isReadonly: boolean, command: Command, options?: CommandOptions): Promise<unknown>;
	multi(routing: string): Transaction & {addCommand(firstKey: string, isReadonly: boolean, command: Command): unknown};
	destroy(): void;
}

/** A client that asks Sentinels for the server. */
export interface SentinelClient extends Connectable {
	getMasterNode(): object | undefined;
	sendCommand(isReadonly: boolean, command: Command, options?: CommandOptions): Promise<unknown>;
	multi(): Transaction & {addCommand(isReadonly: boolean, command: Command): unknown};
}

/** A ready client, told apart by what it can do. */
export type KnownClient =
	| {readonly kind: 'single'; readonly client: SingleClient}
	| {readonly kind: 'cluster'; readonly client: ClusterClient}
	| {readonly kind: 'sentinel'; readonly client: SentinelClient};

/** `undefined` where it is no client of redis. */
export function recogniseClient(client: unknown): KnownClient | undefined {
	if (typeof client !== 'object' || client === null || !hasMethods(client, ['sendCommand', 'multi', 'connect', 'on'])) {
		return undefined;
	}
	if (hasMethods(client, ['nodeClient'])) {
		return {kind: 'cluster', client: client as ClusterClient};
	}
	return hasMethods(client, ['getMasterNode'])
		? {kind: 'sentinel', client: client as SentinelClient}
		: {kind: 'single', client: client as SingleClient};
}

function hasMethods(object: object, names: readonly string[]): boolean {
	return names.every(name => typeof (object as Record<string, unknown>)[name] === 'function');
}
