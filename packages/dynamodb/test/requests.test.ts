import {randomBytes} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {sampleResponse} from '@got-client-cache/contract';
import {describe, expect, it} from '@jest/globals';
import {CachedSession} from 'got-client-cache';
import {startOrigin} from '../../../test-support/origin-server.js';
import type {DynamoDBBackend} from '../src/dynamodb-backend.js';
import {temporaryTable} from './temporary-table.js';

const place = temporaryTable();

/** Random, and so not compressible. */
const small = randomBytes(390_000);
const large = randomBytes(1_000_000);

describe('the number of requests', () => {
	it('is one to read and one to write what fits an item, up to the limit, there or not', async () => {
		const {responses} = place.open();
		for (const size of [0, 1000, 390_000]) {
			const write = async () => responses.write('a.1', sampleResponse(), small.subarray(0, size));
			expect(await place.operationsOf(write)).toEqual(['PutItem']);
			const read = async () => {
				const record = await responses.read('a.1');
				expect(await record?.body.bytes()).toEqual(new Uint8Array(small.subarray(0, size)));
			};
			expect(await place.operationsOf(read)).toEqual(['GetItem']);
		}
		expect(await place.operationsOf(async () => responses.read('a.2'))).toEqual(['GetItem']);
	});

	it('is one to read what fits an item when it is compressed', async () => {
		const {responses} = place.open();
		const text = Buffer.alloc(5_000_000, 'so it goes on and on. ');
		expect(await place.operationsOf(async () => responses.write('a.1', sampleResponse(), text))).toEqual(['PutItem']);
		const read = async () => {
			const record = await responses.read('a.1');
			expect(text.equals((await record?.body.bytes())!)).toBe(true);
		};
		expect(await place.operationsOf(read)).toEqual(['GetItem']);
	});

	it('is one to renew, to look and to remove', async () => {
		const {responses} = place.open();
		const version = await responses.write('a.1', sampleResponse(), small);
		expect(await place.operationsOf(() => responses.touch('a.1', version, sampleResponse()))).toEqual(['UpdateItem']);
		expect(await place.operationsOf(() => responses.contains('a.1'))).toEqual(['GetItem']);
		expect(await place.operationsOf(() => responses.keysOf('a'))).toEqual(['Query']);
		expect(await place.operationsOf(async () => responses.delete('a.1'))).toEqual(['DeleteItem']);
		expect(await place.operationsOf(async () => responses.delete('a.1'))).toEqual(['DeleteItem']);
	});

	it('is one a part and one more for a large body; twice as many to write one that never expires', async () => {
		const {responses} = place.open();
		const write = async () => responses.write('a.1', sampleResponse(), large);
		expect(await place.operationsOf(write)).toEqual(['PutItem', 'PutItem', 'PutItem', 'PutItem']);
		const read = async () => (await responses.read('a.1'))?.body.bytes();
		expect(await place.operationsOf(read)).toEqual(['GetItem', 'GetItem', 'GetItem', 'GetItem']);
		const forEver = async () =>
			responses.write('a.2', sampleResponse({expires: undefined, keepUntil: undefined}), large);
		const persisting = ['UpdateItem', 'UpdateItem', 'UpdateItem'];
		expect(await place.operationsOf(forEver)).toEqual(['PutItem', 'PutItem', 'PutItem', 'PutItem', ...persisting]);
	});

	it('is one for a hit of a session', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession({cache: place.open()});
		await session.get(origin.url);
		const hit = async () => expect(await session.get(origin.url)).toMatchObject({isFromCache: true});
		expect(await place.operationsOf(hit)).toEqual(['GetItem']);
	});

	it('does not transfer bodies to list, to count and to clear', async () => {
		const {responses} = place.open();
		await responses.write('a.1', sampleResponse(), small);
		await responses.write('a.2', sampleResponse(), large);
		let received = 0;
		place.server.intercept(async (_operation, _input, forward) => {
			const reply = await forward();
			received += JSON.stringify(reply.body).length;
			return reply;
		});
		for await (const _ of responses.keys());
		for await (const _ of responses.entries());
		await responses.size();
		await responses.keysOf('a');
		await responses.contains('a.1');
		await responses.deleteExpired(Date.now());
		await responses.clear();
		expect(received).toBeLessThan(20_000);
		expect(await place.raw.items()).toEqual([]);
	});
});

describe('reads', () => {
	it('are consistent, unless told otherwise; parts, which never change, are not', async () => {
		const asked: unknown[] = [];
		place.server.intercept((_operation, {ConsistentRead}) => void asked.push(ConsistentRead));
		const everyRead = async ({responses}: DynamoDBBackend) => {
			asked.length = 0;
			await responses.read('a.1');
			await responses.contains('a.1');
			await responses.keysOf('a');
			await responses.size();
			for await (const _ of responses.keys());
			return asked.splice(0);
		};
		expect(await everyRead(place.open())).toEqual([true, true, true, true, true]);
		expect(await everyRead(place.open({consistentRead: false}))).toEqual([false, false, false, false, false]);
		const {responses} = place.open();
		await responses.write('a.1', sampleResponse(), large);
		const record = await responses.read('a.1');
		asked.length = 0;
		await record?.body.bytes();
		expect(asked).toEqual([false, false, false]);
	});

	it('ask again for a part that another server does not know yet', async () => {
		const {responses} = place.open();
		await responses.write('a.1', sampleResponse(), large);
		place.server.intercept((operation, {ConsistentRead}) =>
			operation === 'GetItem' && !ConsistentRead ? {body: {}} : undefined,
		);
		const record = await responses.read('a.1');
		expect(large.equals((await record?.body.bytes())!)).toBe(true);
	});
});

describe('the permissions in the documentation', () => {
	/** The actions of the nth policy in the page, without `dynamodb:`. */
	async function policy(n: number): Promise<string[]> {
		const page = await readFile(new URL('../../../docs/backends/dynamodb.md', import.meta.url), 'utf8');
		const blocks = [...page.matchAll(/^```json\n(.*?)^```/gms)].map(([, block]) => JSON.parse(block!));
		const {Action} = blocks[n].Statement[0] as {Action: string[]};
		return Action.map(action => action.replace('dynamodb:', '')).sort();
	}

	it('are those that are needed to use a table, and no others', async () => {
		await using origin = await startOrigin({headers: {etag: '"a"'}, body: 'x'});
		const used = await place.operationsOf(async () => {
			const cache = place.open();
			await using session = new CachedSession({cache, expireAfter: '1h'});
			await session.get(origin.url);
			await session.get(origin.url, {refresh: true});
			await cache.responses.write('a.1', sampleResponse({expires: undefined, keepUntil: undefined}), large);
			await cache.responses.write('a.1', sampleResponse(), large);
			await cache.deleteUrl(origin.url);
			await cache.resetExpiration('2h');
			await cache.getUrls();
			await cache.deleteExpired();
			await cache.clear();
		});
		expect([...new Set(used)].sort()).toEqual(await policy(0));
	});

	it('are those that createTable() needs on top, and no others', async () => {
		const backend = place.open();
		const used = await place.operationsOf(() => backend.createTable());
		expect([...new Set(used)].sort()).toEqual(await policy(1));
	});
});
