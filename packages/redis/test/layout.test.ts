import {sampleHop, sampleResponse} from '@got-client-cache/contract';
import {describe, expect, it} from '@jest/globals';
import type {StoredMetadata} from 'got-client-cache';
import {openRedis} from './open-redis.js';

const {raw, open, server} = await openRedis();
const body = Buffer.from('body');
const record = 'http-cache:responses:{res}.sel';
const index = 'http-cache:responses-index:{res}';

/** Needed until so many seconds from now, and kept by the server for no longer. */
function neededFor(seconds: number | undefined): StoredMetadata {
	const now = Date.now();
	return sampleResponse({expires: now, keepUntil: seconds === undefined ? undefined : now + seconds * 1000});
}

const openWithoutGrace = () => open('http-cache', {url: server.url, grace: 0});

describe('what is on the server', () => {
	it('is a hash of version, metadata, size and raw body, and an index of the resource', async () => {
		const version = await open().responses.write(
			'res.sel',
			sampleResponse({statusMessage: 'ü'}),
			Buffer.from([0, 255]),
		);
		expect((await raw.keys('*')).sort()).toEqual([index, record].sort());
		const fields = await raw.withTypeMapping({36: Buffer}).hGetAll(record);
		expect(Object.keys(fields).sort()).toEqual(['b', 'm', 's', 'v']);
		expect(fields['b']).toEqual(Buffer.from([0, 255]));
		expect(String(fields['v'])).toBe(version);
		expect(JSON.parse(String(fields['m']))).toMatchObject({format: 1, kind: 'response', statusMessage: 'ü'});
		expect(await raw.zRange(index, 0, -1)).toEqual(['.sel']);
	});

	it('has large bodies in pieces, and none of them is left when a small one follows', async () => {
		const {responses} = open();
		await responses.write('res.sel', sampleResponse(), Buffer.alloc(1024 * 1024, 1));
		expect(await raw.hKeys(record)).toHaveLength(4);
		await responses.write('res.sel', sampleResponse(), Buffer.alloc(1024 * 1024 + 1, 1));
		expect((await raw.hKeys(record)).sort()).toEqual(['0', '1', '2', '3', '4', 'm', 's', 'v']);
		await responses.write('res.sel', sampleResponse(), body);
		expect(await raw.hKeys(record)).toHaveLength(4);
	});

	it('of a body that is still arriving is under a key of its own, for two minutes', async () => {
		const {responses} = open();
		const piece = Buffer.alloc(700_000, 1);
		let between: string[] = [];
		async function* pieces() {
			yield piece;
			yield piece;
			between = await raw.keys('*');
			expect(await raw.pTTL(between[0]!)).toBeGreaterThan(60_000);
			expect(await raw.pTTL(between[0]!)).toBeLessThanOrEqual(120_000);
			yield piece;
		}
		await responses.write('res.sel', sampleResponse(), pieces());
		expect(between).toEqual([expect.stringMatching(/^http-cache:responses-new:\{res\}\.sel\.[0-9a-f-]{36}$/)]);
		expect((await raw.keys('*')).sort()).toEqual([index, record].sort());
	});

	it('of a body that was thrown away while it arrived makes the write fail', async () => {
		const {responses} = open();
		async function* pieces() {
			yield Buffer.alloc(1_500_000, 1);
			await raw.flushAll();
			yield body;
		}
		const writing = responses.write('res.sel', sampleResponse(), pieces());
		await expect(writing).rejects.toMatchObject({
			code: 'ERR_CACHE_FAULT',
			message: expect.stringContaining('beginning'),
		});
		expect(await raw.keys('*')).toEqual([]);
	});
});

/** As `PEXPIRETIME` says from Redis 7 on: the moment at which the server drops a key; -1: never. */
async function expectEnd(key: string, expected: number): Promise<void> {
	const [time, left] = (await raw.multi().sendCommand(['TIME']).pTTL(key).exec()) as unknown as [string[], number];
	const now = Number(time[0]) * 1000 + Number(time[1]) / 1000;
	expect(Math.abs((left < 0 ? left : now + left) - expected)).toBeLessThan(3);
}

describe('the life of a record on the server', () => {
	it('lasts for a day beyond its use, or as long as the grace says', async () => {
		const needed = neededFor(100);
		const end = Number(needed.keepUntil);
		const lives: Array<[grace: number | undefined, expected: number]> = [
			[undefined, end + 86_400_000],
			[10, end + 10_000],
			[0.5, end + 500],
			[Number.POSITIVE_INFINITY, -1],
			[Number.POSITIVE_INFINITY, -1],
			[10, end + 10_000],
			[Number.POSITIVE_INFINITY, -1],
		];
		for (const bytes of [body, Buffer.alloc(10_000)]) {
			for (const [grace, expected] of lives) {
				await open('http-cache', {url: server.url, grace}).responses.write('res.sel', needed, bytes);
				await expectEnd(record, expected);
				await expectEnd(index, expected === -1 ? -1 : expected + 60_000);
			}
		}
	});

	it('follows what it is renewed with, and its index lives a minute longer', async () => {
		const {responses} = openWithoutGrace();
		let version = '';
		const renewals: Array<number | undefined> = [100, undefined, 50, 300];
		for (const seconds of renewals) {
			const needed = neededFor(seconds);
			if (version === '') {
				version = await responses.write('res.sel', needed, body);
			} else {
				expect(await responses.touch('res.sel', version, needed)).toBe(true);
			}
			await expectEnd(record, needed.keepUntil ?? -1);
			await expectEnd(index, needed.keepUntil === undefined ? -1 : needed.keepUntil + 60_000);
		}
	});

	it('leaves an index as long as the longest of its records', async () => {
		const {responses} = openWithoutGrace();
		const long = neededFor(500);
		await responses.write('res.long', long, body);
		await responses.write('res.short', neededFor(5), body);
		await expectEnd(index, Number(long.keepUntil) + 60_000);
		await responses.write('res.ever', neededFor(undefined), body);
		await responses.write('res.short', neededFor(5), body);
		await expectEnd(index, -1);
		await responses.delete('res.ever');
		await expectEnd(index, Number(long.keepUntil) + 60_000);
	});

	it('is over at once where nobody needs it any more', async () => {
		const {responses} = openWithoutGrace();
		await responses.write('res.sel', neededFor(-5), body);
		expect(await raw.exists(record)).toBe(0);
		const version = await responses.write('res.sel', neededFor(50), body);
		await responses.touch('res.sel', version, neededFor(-5));
		expect(await raw.exists(record)).toBe(0);
		expect(await responses.keysOf('res')).toEqual([]);
		expect(await raw.keys('*')).toEqual([]);
	});

	it('takes ends that no clock will show for none', async () => {
		const {responses} = openWithoutGrace();
		await responses.write('res.sel', sampleHop({keepUntil: 1e300}), body);
		await expectEnd(record, -1);
	});
});

describe('an index', () => {
	it('forgets what the server dropped, when a record is written and when it is asked for', async () => {
		const {responses} = openWithoutGrace();
		await responses.write('res.ever', neededFor(undefined), body);
		await raw.zAdd(index, [
			{score: Date.now() - 1000, value: '.expired'},
			{score: Date.now() + 100_000, value: '.evicted'},
		]);
		await responses.write('res.sel', neededFor(50), body);
		expect((await raw.zRange(index, 0, -1)).sort()).toEqual(['.ever', '.evicted', '.sel']);
		expect((await responses.keysOf('res')).sort()).toEqual(['res.ever', 'res.sel']);
		expect((await raw.zRange(index, 0, -1)).sort()).toEqual(['.ever', '.sel']);
	});

	it('that is something else is replaced', async () => {
		const {responses} = open();
		await raw.set(index, 'not an index');
		expect(await responses.keysOf('res')).toEqual([]);
		await responses.write('res.sel', sampleResponse(), body);
		expect(await responses.keysOf('res')).toEqual(['res.sel']);
		await raw.set(index, 'not an index');
		expect(await responses.delete('res.sel')).toBe(true);
	});
});

describe('a key of ours that holds something else', () => {
	it.each(['read', 'contains', 'delete', 'write', 'touch', 'clear'] as const)('is no record to %s', async operation => {
		const {responses} = open();
		await raw.set(record, 'a text');
		switch (operation) {
			case 'read':
				expect(await responses.read('res.sel')).toBeUndefined();
				expect(await raw.exists(record)).toBe(0);
				return;
			case 'contains':
				expect(await responses.contains('res.sel')).toBe(false);
				return;
			case 'delete':
				await responses.delete('res.sel');
				expect(await raw.exists(record)).toBe(0);
				return;
			case 'write':
				await responses.write('res.sel', sampleResponse(), body);
				expect((await responses.read('res.sel'))?.body.bytes()).toEqual(new Uint8Array(body));
				return;
			case 'touch':
				expect(await responses.touch('res.sel', 'version', sampleResponse())).toBe(false);
				return;
			case 'clear':
				expect(await responses.size()).toBe(0);
				await responses.clear();
				expect(await raw.exists(record)).toBe(0);
		}
	});

	it('is left out of lists', async () => {
		const {responses} = open();
		await raw.set(record, 'a text');
		await raw.hSet('http-cache:responses:{a.b}.c', 'v', 'not a key that we would write');
		await responses.write('a.1', sampleResponse(), body);
		const keys: string[] = [];
		for await (const {key} of responses.entries()) {
			keys.push(key);
		}
		expect(keys).toEqual(['a.1']);
		expect(await responses.size()).toBe(1);
	});
});

describe('a server', () => {
	it('that has forgotten the script is told it again', async () => {
		const {responses} = open();
		const version = await responses.write('res.sel', sampleResponse(), body);
		await raw.scriptFlush();
		expect(await responses.touch('res.sel', version, sampleResponse())).toBe(true);
		await raw.scriptFlush();
		await responses.write('res.other', sampleResponse(), body);
		expect((await responses.keysOf('res')).sort()).toEqual(['res.other', 'res.sel']);
		expect(await raw.pTTL('http-cache:responses:{res}.other')).toBeGreaterThan(0);
	});

	it('that is full keeps what it has, and says so', async () => {
		const {responses} = open();
		await responses.write('res.sel', sampleResponse(), body);
		await raw.configSet('maxmemory', '1');
		try {
			const writing = responses.write('res.sel', sampleResponse(), Buffer.from('other'));
			await expect(writing).rejects.toMatchObject({code: 'ERR_CACHE_FAULT', message: expect.stringContaining('OOM')});
			expect((await responses.read('res.sel'))?.body.bytes()).toEqual(new Uint8Array(body));
		} finally {
			await raw.configSet('maxmemory', '0');
		}
	});
});
