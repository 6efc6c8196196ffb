import {randomBytes} from 'node:crypto';
import {sampleResponse} from '@got-client-cache/contract';
import {describe, expect, it} from '@jest/globals';
import type {BaseCache} from 'got-client-cache';
import {temporaryTable} from './temporary-table.js';

const place = temporaryTable();

/** Records of more than 4 MB together: a page of DynamoDB has 1 MB. */
async function fill(cache: BaseCache, expires: number, resource = 'r'): Promise<string[]> {
	const keys = Array.from({length: 40}, (_, index) => `${resource}${index % 2}.${index}`);
	await Promise.all(keys.map(async key => cache.write(key, sampleResponse({expires}), randomBytes(110_000))));
	return keys.sort();
}

async function keysOf(cache: BaseCache): Promise<string[]> {
	const keys: string[] = [];
	for await (const key of cache.keys()) {
		keys.push(key);
	}
	return keys.sort();
}

describe('more than a page', () => {
	it('is listed, counted, found by resource and removed, to the last record', async () => {
		const {responses, redirects} = place.open();
		const keys = await fill(responses, 1000);
		await redirects.write('r0.1', sampleResponse(), randomBytes(10));
		let operations = await place.operationsOf(async () => expect(await keysOf(responses)).toEqual(keys));
		expect(operations.length).toBeGreaterThan(4);
		operations = await place.operationsOf(async () => expect(await responses.size()).toBe(40));
		expect(operations.length).toBeGreaterThan(4);
		operations = await place.operationsOf(async () => expect(await responses.keysOf('r1')).toHaveLength(20));
		expect(operations.length).toBeGreaterThan(2);
		expect(await responses.deleteExpired(1000)).toBe(40);
		await fill(responses, 1000);
		await responses.clear();
		expect(await responses.size()).toBe(0);
		expect(await redirects.size()).toBe(1);
	});

	it('of others does not hide what is ours behind empty pages', async () => {
		await fill(place.open({namespace: 'others'}).responses, 1000);
		const {responses} = place.open();
		await responses.write('a.1', sampleResponse({expires: 5}), randomBytes(10));
		expect(await keysOf(responses)).toEqual(['a.1']);
		expect(await responses.size()).toBe(1);
		expect(await responses.deleteExpired(10)).toBe(1);
	});
});
