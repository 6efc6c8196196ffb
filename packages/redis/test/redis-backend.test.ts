import {sampleResponse} from '@got-client-cache/contract';
import {describe, expect, it} from '@jest/globals';
import {CacheBackend, InvalidOptionError} from 'got-client-cache';
import {createClient, createClientPool} from 'redis';
import {RedisBackend, type RedisBackendOptions} from '../src/redis-backend.js';
import {RedisCache} from '../src/redis-cache.js';
import {RedisConnection} from '../src/redis-connection.js';
import {openRedis} from './open-redis.js';

const {server, open} = await openRedis();
const body = Buffer.from('body');

describe('RedisBackend', () => {
	it('is a CacheBackend with a name and two caches, and connects to nothing when it is made or only closed', async () => {
		const backend = new RedisBackend('some-name', {url: 'redis://127.0.0.1:1', expireAfter: 60, autoclose: false});
		expect(backend).toBeInstanceOf(CacheBackend);
		expect(backend).toMatchObject({name: 'some-name', autoclose: false, settings: {expireAfter: 60}});
		expect(backend.responses).toBeInstanceOf(RedisCache);
		expect(backend.redirects).toBeInstanceOf(RedisCache);
		expect(new RedisBackend().name).toBe('http-cache');
		await backend.close();
	});

	it('takes the options of a client beside a URL, or alone', async () => {
		const other = open('a', {url: server.url, clientOptions: {database: 3, RESP: 2}});
		await other.responses.write('a.1', sampleResponse(), body);
		expect(await open('a', {clientOptions: {socket: {host: '127.0.0.1', port: server.port}, database: 3}}).size()).toBe(
			1,
		);
		expect(await open('a', {clientOptions: {url: `${server.url}/3`}}).size()).toBe(1);
		expect(await open('a').size()).toBe(0);
	});

	it('keeps namespaces apart, whatever characters they have', async () => {
		const names = ['cache', 'cache2', 'cache*', 'cach?', 'cach[e]', 'cache\\', 'cache:responses', 'ü b', '%'];
		for (const name of names) {
			await open(name).responses.write('a.1', sampleResponse({url: name}), Buffer.from(name));
		}
		for (const name of names) {
			const {responses} = open(name);
			expect(await responses.size()).toBe(1);
			expect((await responses.read('a.1'))?.metadata.url).toBe(name);
		}
		for (const name of names) {
			await open(name).clear();
			expect(await open(name).size()).toBe(0);
		}
	});
});

describe("RedisBackend's options", () => {
	const client = createClient();
	const cluster = {rootNodes: [{url: 'redis://127.0.0.1:1'}]};
	const sentinel = {name: 'm', sentinelRootNodes: [{host: '127.0.0.1', port: 1}]};

	it.each<[string, unknown]>([
		['url', 'http://127.0.0.1'],
		['url', 'redis://127.0.0.1/database'],
		['url', 'nonsense'],
		['url', 5],
		['clientOptions', 'redis://127.0.0.1'],
		['clientOptions.url', {clientOptions: {url: 'nonsense'}}],
		['clientOptions.url', {url: 'redis://127.0.0.1', clientOptions: {url: 'redis://127.0.0.1'}}],
		['client', {}],
		['client', 'redis'],
		['client', {url: 'redis://127.0.0.1', client}],
		['cluster', {client, cluster}],
		['sentinel', {cluster, sentinel}],
		['sentinel', {clientOptions: {}, sentinel}],
		['cluster', 'redis://127.0.0.1'],
		['cluster.rootNodes', {cluster: {rootNodes: []}}],
		['cluster.rootNodes[].url', {cluster: {rootNodes: [{url: 'x:y'}]}}],
		['sentinel.name', {sentinel: {...sentinel, name: ''}}],
		['sentinel.sentinelRootNodes', {sentinel: {name: 'm', sentinelRootNodes: []}}],
		['replicaPoolSize', {sentinel: {...sentinel, replicaPoolSize: 1}}],
		['grace', -1],
		['grace', '1d'],
		['grace', Number.NaN],
		['expireAfter', 'soon'],
		['host', '127.0.0.1'],
		['responses', undefined],
	])('refuses %s: %p, by name', (option, value) => {
		const isWhole = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
		const options = (isWhole ? value : {[option]: value}) as RedisBackendOptions;
		expect(() => new RedisBackend('x', options)).toThrow(InvalidOptionError);
		expect(() => new RedisBackend('x', options)).toThrow(`Option '${option}'`);
	});

	it.each(['', 'a{b', 'a}b', '{a}', '\ud800', 5])('refuses the name %p', name => {
		expect(() => new RedisBackend(name as string)).toThrow(/Option 'name'/);
	});

	it.each<RedisBackendOptions>([
		{url: 'redis://user:s3cret@[host'},
		{url: 'http://user:s3cret@host'},
		{url: 'redis://user:s3/cret@host'},
		{url: 'redis://host/s3cret'},
		{url: 'redis://a', clientOptions: {url: 'redis://user:s3cret@host'}},
		{cluster: {rootNodes: [{url: 'redis://user:s3/cret@host'}]}},
	])('tells no password when it refuses %#', options => {
		expect(() => new RedisBackend('x', options)).toThrow(/got "(redis|http):…"/);
		expect(() => new RedisBackend('x', options)).toThrow(/^(?!.*cret)/);
	});

	it('tells no password where the server is away', async () => {
		const failure = await open('x', {url: 'redis://user:s3cret@127.0.0.1:1/2'}).responses.size().catch(String);
		expect(failure).toContain('the Redis at redis://127.0.0.1:1/2 is not connected');
		expect(failure).not.toMatch(/user|cret/);
	});
});

describe('a ready client', () => {
	it('is connected by the first operation, and neither closed nor left with listeners', async () => {
		const client = createClient({url: server.url});
		const listeners = client.listenerCount('error');
		const backend = open('given', {client});
		expect(client.isOpen).toBe(false);
		await backend.responses.write('a.1', sampleResponse(), body);
		expect(client.isReady).toBe(true);
		expect(client.listenerCount('error')).toBe(listeners + 1);
		await backend.close();
		expect(client.isReady).toBe(true);
		expect(client.listenerCount('error')).toBe(listeners);
		client.destroy();
	});

	it('keeps its own settings, and its replies their types', async () => {
		const client = createClient({url: server.url, commandOptions: {typeMapping: {58: String}}});
		await client.connect();
		const {responses} = open('given', {client});
		const version = await responses.write('a.1', sampleResponse(), body);
		expect(await responses.touch('a.1', version, sampleResponse())).toBe(true);
		expect(await responses.delete('a.1')).toBe(true);
		client.destroy();
	});

	it('may be a pool', async () => {
		const client = createClientPool({url: server.url});
		const {responses} = open('given', {client});
		await responses.write('a.1', sampleResponse(), body);
		expect((await responses.read('a.1'))?.body.size).toBe(4);
		await client.close();
	});

	it('that was closed by its owner makes operations reject, and is not opened again', async () => {
		const client = createClient({url: server.url});
		const {responses} = open('given', {client});
		await responses.size();
		client.destroy();
		await expect(responses.size()).rejects.toMatchObject({code: 'ERR_CACHE_FAULT'});
		expect(client.isOpen).toBe(false);
	});
});

describe('RedisCache', () => {
	it('works without a backend', async () => {
		const connection = new RedisConnection({url: server.url});
		const cache = new RedisCache(connection, 'alone', 'responses');
		await cache.write('a.1', sampleResponse(), body);
		expect(await cache.size()).toBe(1);
		await cache.close();
	});
});
