/**
 * Keeps the responses of got-client-cache in Redis: a single server, a Cluster, or the master behind Sentinels.
 *
 * Left out on purpose: links, keys and scripts, which may change between releases.
 *
 * @packageDocumentation
 */
export type {ReadyClient, RedisPlace} from './connection-options.js';
export type {ClientOptions, ClusterOptions, SentinelOptions} from './drivers.js';
export type {SentinelPlace} from './open-sentinel.js';
export {RedisBackend, type RedisBackendOptions} from './redis-backend.js';
export {RedisCache, type RedisCacheOptions} from './redis-cache.js';
export {RedisConnection} from './redis-connection.js';
