import {sampleResponse} from '@got-client-cache/contract';
import {afterAll, describe, expect, it} from '@jest/globals';
import {startRedis} from '../../../test-support/redis-servers.js';
import {until} from '../../../test-support/until.js';
import type {RedisBackend} from '../src/redis-backend.js';
import {openRedis} from './open-redis.js';

const {raw, open} = await openRedis();
const slotted = await startRedis({config: ['cluster-enabled yes']});
afterAll(() => slotted.stop());

/** More than go into one command. */
const keys = Array.from({length: 40}, (_, index) => `res${index}.sel`);

async function commandCalls(command: string): Promise<number> {
	const statistics = await raw.info('commandstats');
	return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(statistics)?.[1] ?? 0);
}

async function writeAll({responses}: RedisBackend): Promise<void> {
	const versions = await Promise.all(keys.map(key => responses.write(key, sampleResponse(), Buffer.from(key))));
	for (const [index, key] of keys.entries()) {
		const found = await responses.read(key);
		expect(found?.version).toBe(versions[index]);
		expect(Buffer.from((await found?.body.bytes()) ?? []).toString()).toBe(key);
	}
}

describe('small records that are written in one tick', () => {
	it('go to the server in a few commands', async () => {
		const backend = open();
		await backend.responses.write('first', sampleResponse(), Buffer.from('body'));
		const before = await commandCalls('evalsha');
		await writeAll(backend);
		expect((await commandCalls('evalsha')) - before).toBe(3);
		expect(await raw.pTTL('http-cache:responses:{res39}.sel')).toBeGreaterThan(0);
		expect(await backend.responses.keysOf('res39')).toEqual(['res39.sel']);
	});

	it('are all written by a server that has forgotten the script', async () => {
		const backend = open();
		await backend.responses.size();
		await raw.scriptFlush();
		await writeAll(backend);
	});

	it('are found with other records of the same key replaced, whatever these were', async () => {
		const {responses} = open();
		await responses.write('res0.sel', sampleResponse(), Buffer.alloc(1024 * 1024 + 1));
		await raw.set('http-cache:responses:{res1}.sel', 'a text');
		await raw.set('http-cache:responses-index:{res2}', 'a text');
		await writeAll(open());
		expect(await raw.hKeys('http-cache:responses:{res0}.sel')).toHaveLength(4);
	});

	it('all fail where the server is full, and what was there stays', async () => {
		const {responses} = open();
		await responses.write('res0.sel', sampleResponse(), Buffer.from('earlier'));
		await raw.configSet('maxmemory', '1');
		try {
			const results = await Promise.allSettled(
				keys.map(key => responses.write(key, sampleResponse(), Buffer.from('later'))),
			);
			for (const result of results) {
				expect(result).toMatchObject({status: 'rejected', reason: {code: 'ERR_CACHE_FAULT'}});
			}
		} finally {
			await raw.configSet('maxmemory', '0');
		}
		expect(String(Buffer.from((await (await responses.read('res0.sel'))?.body.bytes()) ?? []))).toBe('earlier');
		expect(await responses.size()).toBe(1);
	});

	it('go one by one where one address stands for several servers', async () => {
		await slotted.cli('cluster', 'addslots', ...Array.from({length: 16_384}, (_, slot) => String(slot)));
		await until('all slots are served', async () =>
			(await slotted.cli('cluster', 'info')).includes('cluster_state:ok'),
		);
		const backend = open('http-cache', {url: slotted.url});
		await writeAll(backend);
		await writeAll(backend);
	});
});

describe('a body that is one field', () => {
	it.each([10, 10_000])('of %i bytes takes the place of pieces, and of what is no record', async size => {
		const {responses} = open();
		const record = 'http-cache:responses:{res}.sel';
		await responses.write('res.sel', sampleResponse(), Buffer.alloc(1024 * 1024 + 1));
		for (const prepare of [() => undefined, () => raw.set(record, 'a text'), () => raw.hSet(record, 'b', 'damaged')]) {
			await prepare();
			const version = await responses.write('res.sel', sampleResponse(), Buffer.alloc(size, 7));
			expect((await raw.hKeys(record)).sort()).toEqual(['b', 'm', 's', 'v']);
			const found = await responses.read('res.sel');
			expect(found?.version).toBe(version);
			expect(Buffer.from((await found?.body.bytes()) ?? [])).toEqual(Buffer.alloc(size, 7));
			expect(await raw.pTTL(record)).toBeGreaterThan(0);
		}
	});
});
