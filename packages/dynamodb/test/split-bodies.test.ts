import {randomBytes} from 'node:crypto';
import {sampleResponse} from '@got-client-cache/contract';
import {describe, expect, it} from '@jest/globals';
import type {BaseCache} from 'got-client-cache';
import {dynamoDBError} from '../../../test-support/dynamodb-server.js';
import {PART_SIZE} from '../src/write-body.js';
import {temporaryTable} from './temporary-table.js';

const place = temporaryTable();

/** Random, and so not compressible. Three parts each. */
const first = randomBytes(1_000_000);
const second = randomBytes(1_000_000);
const small = Buffer.from('small');

const HOUR = 3_600_000;

/** Metadata of a record that nobody needs any more some hours from now. */
const livingFor = (hours: number) =>
	sampleResponse({expires: Date.now() + hours * HOUR, keepUntil: Date.now() + hours * HOUR});
const forEver = sampleResponse({expires: undefined, keepUntil: undefined});

async function* inChunks(body: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
	for (let start = 0; start < body.byteLength; start += size) {
		yield body.subarray(start, start + size);
	}
}

async function bodyOf(cache: BaseCache, key: string): Promise<Buffer | undefined> {
	const record = await cache.read(key);
	return record && Buffer.from(await record.body.bytes());
}

describe('a body over the limit of an item', () => {
	it('is in parts below the limit, each with a partition key of its own, and the record says how many', async () => {
		const {responses} = place.open({namespace: 'name'});
		const version = await responses.write('a.1', forEver, first);
		expect(version).toMatch(/^[\da-f-]{36}\.3$/);
		const parts = await place.raw.parts();
		expect(parts.map(({body}) => (body as Uint8Array).byteLength)).toEqual([
			PART_SIZE,
			PART_SIZE,
			1_000_000 - 2 * PART_SIZE,
		]);
		expect(parts.map(({pk}) => pk)).toEqual(
			[0, 1, 2].map(index => `name#responses.parts#${version.slice(0, 36)}.${index}`),
		);
		const record = await place.raw.record('a.1', 'name');
		expect(record).toMatchObject({pk: 'name#responses#=a', sk: 'k.1', version, size: 1_000_000});
		expect(record).not.toHaveProperty('body');
		expect(first.equals((await bodyOf(responses, 'a.1'))!)).toBe(true);
	});

	it('is compressed where that helps, given whole or in pieces, into one item or into several', async () => {
		const {responses} = place.open();
		const oneItem = Buffer.alloc(3_000_000, 'text, ');
		const several = Buffer.from(randomBytes(1_200_000).toString('hex'));
		for (const [key, body, parts] of [
			['c.1', oneItem, 0],
			['c.2', several, 4],
		] as const) {
			for (const given of [body, inChunks(body, 100_000)]) {
				const version = await responses.write(key, forEver, given);
				expect(version.split('.')[1] ?? '0').toBe(String(parts));
				const item = await place.raw.record(key);
				expect(item).toMatchObject({encoding: 'br', size: body.byteLength});
				expect(body.equals((await bodyOf(responses, key))!)).toBe(true);
			}
		}
	});

	it('replaces another, and is replaced, and nothing of what was before is left', async () => {
		const {responses} = place.open();
		await responses.write('a.1', forEver, first);
		await responses.write('a.1', livingFor(1), second);
		expect(second.equals((await bodyOf(responses, 'a.1'))!)).toBe(true);
		expect(await place.raw.items()).toHaveLength(4);
		await responses.write('a.1', forEver, small);
		expect(await place.raw.items()).toHaveLength(1);
		await responses.write('a.1', forEver, first);
		await responses.delete('a.1');
		expect(await place.raw.items()).toHaveLength(0);
	});

	it('of which a request is repeated, whose answer was lost, is kept', async () => {
		const {responses} = place.open();
		let isLost = false;
		place.server.intercept(async (operation, input, forward) => {
			const {Item} = input as {Item?: {version?: unknown}};
			if (operation === 'PutItem' && Item?.version && !isLost) {
				isLost = true;
				await forward();
				return dynamoDBError('InternalServerError', 'the answer is lost', 500);
			}
			return undefined;
		});
		await responses.write('a.1', forEver, first);
		expect(isLost).toBe(true);
		expect(first.equals((await bodyOf(responses, 'a.1'))!)).toBe(true);
	});

	it('that is replaced while it is read fails, and never gives a mix', async () => {
		const {responses} = place.open();
		await responses.write('a.1', forEver, first);
		const record = await responses.read('a.1');
		const given: Uint8Array[] = [];
		const reading = (async () => {
			for await (const chunk of record!.body.stream()) {
				given.push(chunk);
				await responses.write('a.1', forEver, second);
				// Those that were asked for ahead are there: what comes later is not.
			}
		})();
		await reading.catch(() => undefined);
		const bytes = Buffer.concat(given);
		expect(bytes.equals(first.subarray(0, bytes.byteLength))).toBe(true);
		await expect((async () => record!.body.bytes())()).rejects.toMatchObject({code: 'ERR_CACHE_FAULT'});
		expect(second.equals((await bodyOf(responses, 'a.1'))!)).toBe(true);
	});

	it.each(['replaced', 'removed'])('that was %s can no longer be read', async what => {
		const {responses} = place.open();
		await responses.write('a.1', forEver, first);
		const record = await responses.read('a.1');
		await (what === 'removed' ? responses.delete('a.1') : responses.write('a.1', forEver, small));
		await expect((async () => record!.body.bytes())()).rejects.toThrow('gone or damaged');
		expect(await responses.contains('a.1')).toBe(what === 'replaced');
	});

	it('is written without being held as a whole', async () => {
		const {responses} = place.open({maxRecordSize: 50_000_000});
		let taken = 0;
		let stored = 0;
		let ahead = 0;
		place.server.intercept((operation, input) => {
			const {Item} = input as {Item?: {body?: {B: string}}};
			if (operation === 'PutItem' && Item?.body) {
				stored += Buffer.byteLength(Item.body.B, 'base64');
			}
			return undefined;
		});
		async function* body() {
			for (let count = 0; count < 50; count++) {
				taken += 200_000;
				ahead = Math.max(ahead, taken - stored);
				yield randomBytes(200_000);
			}
		}
		await responses.write('a.1', forEver, body());
		expect(stored).toBe(10_000_000);
		expect(ahead).toBeLessThan(3_500_000);
		const record = await responses.read('a.1');
		let read = 0;
		for await (const piece of record!.body.stream()) {
			read += piece.byteLength;
		}
		expect(read).toBe(10_000_000);
	});
});

describe('the ceiling', () => {
	it.each(['whole', 'in pieces'])(
		'lets no larger body in, given %s, and removes what it would have replaced',
		async how => {
			const {responses} = place.open({maxRecordSize: 900_000});
			const give = (body: Uint8Array) => (how === 'whole' ? body : inChunks(body, 50_000));
			await responses.write('a.1', forEver, give(first.subarray(0, 900_000)));
			expect((await bodyOf(responses, 'a.1'))?.byteLength).toBe(900_000);
			expect(await responses.write('a.1', forEver, give(first.subarray(0, 900_001)))).toEqual(expect.any(String));
			expect(await responses.contains('a.1')).toBe(false);
			expect(await place.raw.items()).toEqual([]);
		},
	);

	it('counts what was given, not what it is compressed to, and holds for what others have stored', async () => {
		const text = Buffer.alloc(2_000_000, 'text');
		await place.open().responses.write('a.1', forEver, text);
		const {responses} = place.open({maxRecordSize: 1_000_000});
		expect(await responses.read('a.1')).toBeUndefined();
		expect(await place.open().responses.contains('a.1')).toBe(true);
		await responses.write('a.1', forEver, text);
		expect(await place.open().responses.contains('a.1')).toBe(false);
	});

	it('is 10 MiB unless told otherwise, and what a session is told of, unless it is told otherwise', () => {
		expect(place.open().settings.maxBodySize).toBe(10 * 1024 * 1024);
		expect(place.open({maxRecordSize: Number.POSITIVE_INFINITY}).settings.maxBodySize).toBe(100 * 1024 * 1024);
		expect(place.open({maxBodySize: 5}).settings.maxBodySize).toBe(5);
	});

	it('is also met by metadata that have no room', async () => {
		const {responses} = place.open();
		await responses.write('a.1', forEver, small);
		const rawHeaders = ['x-large', 'x'.repeat(402_000)];
		for (const body of [small, new Uint8Array(), inChunks(small, 2)]) {
			await responses.write('a.1', {...forEver, rawHeaders}, body);
			expect(await responses.contains('a.1')).toBe(false);
		}
		const nearly = {...forEver, rawHeaders: ['x-large', 'x'.repeat(390_000)]};
		await responses.write('a.1', nearly, first);
		expect(first.equals((await bodyOf(responses, 'a.1'))!)).toBe(true);
	});
});
