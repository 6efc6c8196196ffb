import {execFile} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {afterAll, describe, expect, it, jest} from '@jest/globals';
import {startRedis} from '../../../test-support/redis-servers.js';
import {until} from '../../../test-support/until.js';
import type {RedisBackendOptions} from '../src/redis-backend.js';

jest.setTimeout(30_000);

const server = await startRedis({config: ['cluster-enabled yes']});
await server.cli('CLUSTER', 'ADDSLOTS', ...Array.from({length: 16_384}, (_, slot) => String(slot)));
await until('the cluster is up', async () => /cluster_state:ok/.test(await server.cli('CLUSTER', 'INFO')));
const single = await startRedis();
afterAll(() => Promise.all([server.stop(), single.stop()]));

const program = fileURLToPath(new URL('fixtures/forgetful.mjs', import.meta.url));

async function run(options: RedisBackendOptions): Promise<string> {
	const {stdout} = await promisify(execFile)(process.execPath, [program, JSON.stringify(options)], {timeout: 10_000});
	return stdout;
}

describe('a program that forgets to close', () => {
	it.each<[string, RedisBackendOptions]>([
		['one server', {url: single.url}],
		['a cluster', {cluster: {rootNodes: [{url: server.url}]}}],
	])('has what it waits for, and then ends: %s', async (_, options) => {
		expect(await run(options)).toBe('1\n');
	});

	it.each<[string, RedisBackendOptions]>([
		['one server', {url: 'redis://127.0.0.1:1'}],
		['a cluster', {cluster: {rootNodes: [{url: 'redis://127.0.0.1:1'}]}}],
		['Sentinels', {sentinel: {name: 'none', sentinelRootNodes: [{host: '127.0.0.1', port: 1}]}}],
	])('ends also where there is no server: %s', async (_, options) => {
		expect(await run(options)).toMatch(/(.*is not connected.*\n){2}/);
	});
});
