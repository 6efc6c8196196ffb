import {InvalidOptionError, rejectUnknownOptions} from 'got-client-cache';
import {type ClientOptions, type ClusterOptions, recogniseClient} from './drivers.js';
import type {OpenLink} from './link.js';
import {openCluster} from './open-cluster.js';
import {openGiven} from './open-given.js';
import {openSentinel, type SentinelPlace} from './open-sentinel.js';
import {openSingle} from './open-single.js';

/** A ready client of redis: what `createClient`, `createClientPool`, `createCluster` or `createSentinel` gives, with whatever options. */
export interface ReadyClient {
	readonly isOpen: boolean;
	connect(): Promise<unknown>;
	sendCommand(...parameters: never[]): Promise<unknown>;
}

/** Where the server is: a `url` and `clientOptions`, or one of `client`, `cluster` and `sentinel`. */
export interface RedisPlace {
	/** `redis://[[user][:password]@]host[:port][/database]`, or `rediss://` for TLS. @default 'redis://localhost:6379' */
	readonly url?: string | undefined;
	/** Options of `createClient` of redis: `socket`, `username`, `password`, `database`, … Reconnecting and the offline queue are the backend's own business. @default {} */
	readonly clientOptions?: ClientOptions | undefined;
	/** A ready client, cluster or Sentinel client of redis. It is connected by the first operation if it is not yet, keeps its own settings, and is not closed. */
	readonly client?: ReadyClient | undefined;
	/** Options of `createCluster` of redis: `rootNodes`, `defaults`, `nodeAddressMap`, … */
	readonly cluster?: ClusterOptions | undefined;
	/** Options as of `createSentinel` of redis: `name`, `sentinelRootNodes`, `nodeClientOptions`, `sentinelClientOptions`, `nodeAddressMap`. */
	readonly sentinel?: SentinelPlace | undefined;
}

/** The names of the options that say where the server is. */
export const PLACE_OPTION_NAMES = ['url', 'clientOptions', 'client', 'cluster', 'sentinel'] as const;

const SENTINEL_OPTION_NAMES: ReadonlySet<string> = new Set([
	'name',
	'sentinelRootNodes',
	'nodeClientOptions',
	'sentinelClientOptions',
	'nodeAddressMap',
]);

/** A place, understood. */
export interface ResolvedPlace {
	readonly open: OpenLink;
	/** For messages: without user names and passwords. */
	readonly description: string;
	/** Whether what is used is opened here. */
	readonly isOwn: boolean;
}

/** @throws InvalidOptionError for an option that is unknown or cannot be used, and where two places are given */
export function resolvePlace(place: RedisPlace): ResolvedPlace {
	rejectUnknownOptions(place, new Set(PLACE_OPTION_NAMES), 'RedisConnection');
	demandOnePlace(place);
	const {url, clientOptions, client, cluster, sentinel} = place;
	if (client !== undefined) {
		const known = recogniseClient(client);
		if (!known) {
			throw new InvalidOptionError('client', client, 'a client, cluster or Sentinel client of redis');
		}
		return {
			open: openGiven(known),
			description: `the given Redis ${known.kind === 'single' ? 'client' : known.kind}`,
			isOwn: false,
		};
	}
	if (cluster !== undefined) {
		return resolveCluster(cluster);
	}
	if (sentinel !== undefined) {
		return resolveSentinel(sentinel);
	}
	return resolveSingle(url, clientOptions);
}

function demandOnePlace(place: RedisPlace): void {
	const groups = [['url', 'clientOptions'], ['client'], ['cluster'], ['sentinel']] as const;
	const given = groups.map(names => names.find(name => place[name] !== undefined)).filter(name => name !== undefined);
	const [first, second] = given;
	if (second !== undefined) {
		throw new InvalidOptionError(
			second,
			place[second],
			`nothing beside '${first}', which says already where the server is`,
		);
	}
}

function resolveSingle(url: unknown, clientOptions: unknown = {}): ResolvedPlace {
	demandObject('clientOptions', clientOptions, 'an object with options of createClient of redis');
	const options = clientOptions as ClientOptions;
	if (url !== undefined && options.url !== undefined) {
		throw new InvalidOptionError('clientOptions.url', schemeOf(options.url), "nothing beside 'url'");
	}
	const address = url ?? options.url;
	const parsed = address === undefined ? undefined : parseUrl(url === undefined ? 'clientOptions.url' : 'url', address);
	const all: ClientOptions = parsed ? {...options, url: String(address)} : options;
	return {open: openSingle(all), description: `the Redis at ${parsed ?? describeSocket(options)}`, isOwn: true};
}

function resolveCluster(cluster: unknown): ResolvedPlace {
	demandObject('cluster', cluster, 'an object with options of createCluster of redis');
	const {rootNodes} = cluster as ClusterOptions;
	if (!Array.isArray(rootNodes) || rootNodes.length === 0) {
		throw new InvalidOptionError(
			'cluster.rootNodes',
			rootNodes,
			'an array of at least one server: {url}, or {socket: {host, port}}',
		);
	}
	const nodes = rootNodes.map(node =>
		node.url === undefined ? describeSocket(node) : parseUrl('cluster.rootNodes[].url', node.url),
	);
	return {
		open: openCluster(cluster as ClusterOptions),
		description: `the Redis Cluster at ${nodes.join(', ')}`,
		isOwn: true,
	};
}

function resolveSentinel(sentinel: unknown): ResolvedPlace {
	demandObject('sentinel', sentinel, "an object with the 'name' of the master and 'sentinelRootNodes'");
	rejectUnknownOptions(sentinel as object, SENTINEL_OPTION_NAMES, 'sentinel');
	const {name, sentinelRootNodes} = sentinel as SentinelPlace;
	if (typeof name !== 'string' || name === '') {
		throw new InvalidOptionError('sentinel.name', name, 'the name that Sentinels have for the master');
	}
	if (!Array.isArray(sentinelRootNodes) || sentinelRootNodes.length === 0) {
		throw new InvalidOptionError(
			'sentinel.sentinelRootNodes',
			sentinelRootNodes,
			'an array of at least one {host, port}',
		);
	}
	const nodes = sentinelRootNodes.map(({host, port}) => `${host}:${port}`);
	const description = `the Redis master '${name}' of the Sentinels at ${nodes.join(', ')}`;
	return {open: openSentinel(sentinel as SentinelPlace), description, isOwn: true};
}

function demandObject(option: string, value: unknown, accepted: string): void {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		throw new InvalidOptionError(option, value, accepted);
	}
}

/** The server that a URL names, for messages. */
function parseUrl(option: string, url: unknown): string {
	const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
	const {protocol, hostname, port, pathname} = parsed ?? {};
	if ((protocol !== 'redis:' && protocol !== 'rediss:') || !/^(\/\d*)?$/.test(pathname ?? '')) {
		const given = typeof url === 'string' ? schemeOf(url) : url;
		throw new InvalidOptionError(
			option,
			given,
			"'redis://[[user][:password]@]host[:port][/database]', or the same with 'rediss://' for TLS",
		);
	}
	return `${protocol}//${hostname || 'localhost'}:${port || 6379}${pathname}`;
}

/** All of a URL that may be told: behind the scheme there may be a password, and it may be anywhere. */
function schemeOf(url: string): string {
	const [, scheme] = /^([a-z][a-z0-9+.-]*:)/i.exec(url) ?? [];
	return scheme === undefined ? '…' : `${scheme}…`;
}

function describeSocket({socket}: {readonly socket?: ClientOptions['socket'] | undefined}): string {
	const {host, port, path, tls} = (socket ?? {}) as {host?: string; port?: number; path?: string; tls?: boolean};
	return path ?? `${tls ? 'rediss' : 'redis'}://${host ?? 'localhost'}:${port ?? 6379}`;
}
