import {randomBytes} from 'node:crypto';
import {sampleResponse} from '@got-client-cache/contract';
import {describe, expect, it} from '@jest/globals';
import {dynamoDBError} from '../../../test-support/dynamodb-server.js';
import {fiveMisses} from './five-misses.js';
import {temporaryTable} from './temporary-table.js';

const place = temporaryTable();
const body = Buffer.from('body');

/** Answers each operation with an error. */
function refuse(type: string, message = 'as told'): void {
	place.server.intercept(() => dynamoDBError(type, message));
}

describe('throttling', () => {
	const types = ['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded'];

	it.each(types)('by %s ends in a rejection after as many attempts as told', async type => {
		refuse(type);
		const fault = {code: 'ERR_CACHE_FAULT', message: expect.stringContaining(type)};
		for (const maxAttempts of [undefined, 1]) {
			const {responses} = place.open({maxAttempts});
			const attempt = async () => expect(responses.read('a.1')).rejects.toMatchObject(fault);
			expect(await place.operationsOf(attempt)).toHaveLength(maxAttempts ?? 2);
		}
	});

	it.each(types)('by %s is a miss for a session, which goes on', async type => {
		refuse(type);
		const errors = await fiveMisses(place.open({maxAttempts: 1}));
		expect(errors).toMatchObject([{operation: 'read', cause: {code: 'ERR_CACHE_FAULT'}}]);
	});

	it('that ends is survived', async () => {
		const {responses} = place.open();
		let refused = 0;
		place.server.intercept(() =>
			refused++ === 0 ? dynamoDBError('ProvisionedThroughputExceededException', 'slow down') : undefined,
		);
		await responses.write('a.1', sampleResponse(), body);
		expect(await responses.contains('a.1')).toBe(true);
	});

	it('of a part of a body leaves no record and no parts', async () => {
		const {responses} = place.open({maxAttempts: 1});
		let puts = 0;
		place.server.intercept(operation =>
			operation === 'PutItem' && ++puts === 3 ? dynamoDBError('ThrottlingException', 'slow down') : undefined,
		);
		await expect(responses.write('a.1', sampleResponse(), randomBytes(1_500_000))).rejects.toThrow('slow down');
		expect(await place.raw.items()).toEqual([]);
	});
});

describe('what DynamoDB leaves undone of a batch', () => {
	/** Does only the first few items of each batch. */
	function processOnly(count: number): number[] {
		const batches: number[] = [];
		place.server.intercept(async (operation, input, forward) => {
			if (operation !== 'BatchWriteItem') {
				return undefined;
			}
			const [[table, requests]] = Object.entries(input['RequestItems'] as Record<string, unknown[]>) as [
				[string, unknown[]],
			];
			batches.push(requests.length);
			if (count > 0) {
				await forward({RequestItems: {[table]: requests.slice(0, count)}});
			}
			const left = requests.slice(count);
			return {body: {UnprocessedItems: left.length > 0 ? {[table]: left} : {}}};
		});
		return batches;
	}

	it('is asked for again, no more than 25 at a time', async () => {
		const {responses} = place.open();
		for (let index = 0; index < 30; index++) {
			await responses.write(`a.${index}`, sampleResponse(), body);
		}
		const batches = processOnly(10);
		await responses.clear();
		expect(batches).toEqual([25, 15, 5, 5]);
		expect(await place.raw.items()).toEqual([]);
	});

	it('again and again ends in a rejection', async () => {
		const {responses} = place.open();
		await responses.write('a.1', sampleResponse(), body);
		const batches = processOnly(0);
		await expect(responses.clear()).rejects.toMatchObject({
			code: 'ERR_CACHE_FAULT',
			message: expect.stringContaining('1 of 1 items were not deleted'),
		});
		expect(batches).toHaveLength(6);
	});

	it('of a body that was replaced is left to its time to live: the write is done', async () => {
		const {responses} = place.open();
		await responses.write('a.1', sampleResponse(), randomBytes(900_000));
		processOnly(0);
		await responses.write('a.1', sampleResponse(), body);
		const parts = await place.raw.parts();
		expect(parts).toHaveLength(3);
		expect(parts.every(({ttl}) => typeof ttl === 'number')).toBe(true);
	});
});
