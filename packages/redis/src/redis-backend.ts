import {BACKEND_OPTION_NAMES, CacheBackend, type CacheBackendOptions, rejectUnknownOptions} from 'got-client-cache';
import {PLACE_OPTION_NAMES, type RedisPlace} from './connection-options.js';
import {RedisCache, type RedisCacheOptions} from './redis-cache.js';
import {RedisConnection} from './redis-connection.js';

/** The options of {@link RedisBackend}: where the server is, how long it keeps what nobody needs any more, and what any backend can be told. */
export interface RedisBackendOptions
	extends Omit<CacheBackendOptions, 'responses' | 'redirects'>,
		RedisPlace,
		RedisCacheOptions {}

const OPTION_NAMES: ReadonlySet<string> = new Set(
	[...BACKEND_OPTION_NAMES, ...PLACE_OPTION_NAMES, 'grace'].filter(
		name => name !== 'responses' && name !== 'redirects',
	),
);

/**
 * Keeps responses and redirects on a Redis server, a Redis Cluster or the master behind Sentinels, which many processes may share.
 * It is connected by the first request, not by the constructor.
 */
export class RedisBackend extends CacheBackend {
	/**
	 * @param name the namespace: what all keys begin with. Backends with different namespaces do not see each other's records
	 * @throws InvalidOptionError where the name has braces, two places are given, or an option is unknown or cannot be used
	 */
	constructor(name = 'http-cache', options: RedisBackendOptions = {}) {
		rejectUnknownOptions(options, OPTION_NAMES, 'RedisBackend');
		const {url, clientOptions, client, cluster, sentinel, grace, ...settings} = options;
		const connection = new RedisConnection({url, clientOptions, client, cluster, sentinel});
		super(name, {
			...settings,
			responses: new RedisCache(connection, name, 'responses', {grace}),
			redirects: new RedisCache(connection, name, 'redirects', {grace}),
		});
	}
}
