import {randomBytes} from 'node:crypto';
import {sampleResponse} from '@got-client-cache/contract';
import {describe, expect, it} from '@jest/globals';
import type {BaseCache} from 'got-client-cache';
import {moveClock} from '../../../test-support/moved-clock.js';
import {temporaryTable} from './temporary-table.js';

const place = temporaryTable();

/** Random, and so not compressible. Three parts each. */
const first = randomBytes(1_000_000);
const second = randomBytes(1_000_000);
const small = Buffer.from('small');

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Metadata of a record that nobody needs any more some hours from now. */
const livingFor = (hours: number) =>
	sampleResponse({expires: Date.now() + hours * HOUR, keepUntil: Date.now() + hours * HOUR});
const forEver = sampleResponse({expires: undefined, keepUntil: undefined});

async function bodyOf(cache: BaseCache, key: string): Promise<Buffer | undefined> {
	const record = await cache.read(key);
	return record && Buffer.from(await record.body.bytes());
}

describe('the time to live of parts', () => {
	const ttls = async () => (await place.raw.parts()).map(({ttl}) => ttl);

	it('is longer than the record’s by as long again, and by a week at least', async () => {
		const {responses} = place.open({grace: 0});
		for (const [hours, slack] of [
			[1, 7 * DAY],
			[30 * 24, 30 * DAY],
		] as const) {
			const metadata = livingFor(hours);
			await responses.write('a.1', metadata, first);
			const {ttl, partsTtl} = await place.raw.record('a.1');
			expect(ttl).toBe(Math.ceil(metadata.keepUntil! / 1000));
			expect(Number(partsTtl)).toBeCloseTo((metadata.keepUntil! + slack) / 1000, -1);
			expect(await ttls()).toEqual([partsTtl, partsTtl, partsTtl]);
		}
	});

	it('is a day until the record is there, and none after that if it never expires', async () => {
		const {responses} = place.open();
		const seen: unknown[] = [];
		place.server.intercept((operation, input) => {
			const {Item} = input as {Item?: {ttl?: {N: string}; version?: unknown}};
			if (operation === 'PutItem' && !Item?.version) {
				seen.push(Number(Item?.ttl?.N));
			}
			return undefined;
		});
		await responses.write('a.1', forEver, first);
		const tomorrow = Math.ceil((Date.now() + DAY) / 1000);
		expect(seen).toHaveLength(3);
		expect(seen.every(ttl => Math.abs(Number(ttl) - tomorrow) < 5)).toBe(true);
		expect(await ttls()).toEqual([undefined, undefined, undefined]);
	});

	it('is left alone by most renewals, and is renewed with those that need it', async () => {
		using clock = moveClock();
		const {responses} = place.open({grace: 0, maxAttempts: 1});
		const version = await responses.write('a.1', livingFor(1), first);
		const touch = (metadata = livingFor(1)) =>
			place.operationsOf(async () => expect(await responses.touch('a.1', version, metadata)).toBe(true));
		const before = await ttls();
		clock.advance(1800);
		expect(await touch()).toEqual(['UpdateItem']);
		expect(await ttls()).toEqual(before);
		const extending = ['UpdateItem', 'GetItem', 'UpdateItem', 'UpdateItem', 'UpdateItem', 'UpdateItem'];
		expect(await touch(livingFor(10 * 24))).toEqual(extending);
		const {partsTtl} = await place.raw.record('a.1');
		expect(Number(partsTtl)).toBeGreaterThan(Number(before[0]));
		expect(await ttls()).toEqual([partsTtl, partsTtl, partsTtl]);
		expect(await touch(livingFor(5 * 24))).toEqual(['UpdateItem']);
		expect(await touch(forEver)).toEqual(extending);
		expect(await ttls()).toEqual([undefined, undefined, undefined]);
		expect(await touch(forEver)).toEqual(['UpdateItem']);
		expect(await touch(livingFor(1))).toEqual(extending);
		expect((await ttls()).every(ttl => typeof ttl === 'number')).toBe(true);
		expect(first.equals((await bodyOf(responses, 'a.1'))!)).toBe(true);
	});

	it('is not renewed for another version, and never makes a part anew', async () => {
		const {responses} = place.open({grace: 0});
		const version = await responses.write('a.1', livingFor(1), first);
		await responses.write('a.1', livingFor(1), second);
		expect(await responses.touch('a.1', version, forEver)).toBe(false);
		expect(await place.raw.items()).toHaveLength(4);
		expect((await place.raw.record('a.1'))['partsTtl']).toEqual(expect.any(Number));
	});

	it('cannot be renewed where a part is gone: the record goes, too', async () => {
		const {responses} = place.open({grace: 0});
		const version = await responses.write('a.1', livingFor(1), first);
		await place.raw.delete((await place.raw.parts())[1]!);
		expect(await responses.touch('a.1', version, forEver)).toBe(false);
		expect(await place.raw.items()).toEqual([]);
	});
});

describe('what a process has left that was killed', () => {
	/** Writes a record without its own item, as if the process had been killed just before. */
	async function leaveParts(): Promise<void> {
		const {responses} = place.open();
		const version = await responses.write('left.1', forEver, first);
		await place.raw.delete(await place.raw.record('left.1'));
		expect(version.endsWith('.3')).toBe(true);
	}

	it('is spared for a day, and then swept up, whole records and younger parts apart', async () => {
		using clock = moveClock();
		await leaveParts();
		const {responses} = place.open();
		await responses.write('whole.1', forEver, second);
		clock.advance(23 * 3600);
		expect(await responses.deleteExpired(Date.now())).toBe(0);
		expect(await place.raw.parts()).toHaveLength(6);
		clock.advance(2 * 3600);
		expect(await responses.deleteExpired(Date.now())).toBe(0);
		expect(await place.raw.parts()).toHaveLength(3);
		expect(second.equals((await bodyOf(responses, 'whole.1'))!)).toBe(true);
	});

	it('is swept up after a record was written anew under its key, too', async () => {
		using clock = moveClock();
		await leaveParts();
		const {responses} = place.open();
		await responses.write('left.1', forEver, small);
		clock.advance(25 * 3600);
		await responses.deleteExpired(Date.now());
		expect(await place.raw.items()).toHaveLength(1);
		expect((await bodyOf(responses, 'left.1'))?.toString()).toBe('small');
	});

	it('is not listed, counted or found, and cleared with the rest', async () => {
		await leaveParts();
		const {responses} = place.open();
		const keys: string[] = [];
		for await (const key of responses.keys()) {
			keys.push(key);
		}
		expect(keys).toEqual([]);
		expect(await responses.size()).toBe(0);
		expect(await responses.keysOf('left')).toEqual([]);
		await responses.clear();
		expect(await place.raw.items()).toEqual([]);
	});
});
