import {CreateTableCommand} from '@aws-sdk/client-dynamodb';
import {sampleResponse} from '@got-client-cache/contract';
import {describe, expect, it} from '@jest/globals';
import {DYNAMODB_ACCESS, dynamoDBError, startDynamoDB} from '../../../test-support/dynamodb-server.js';
import {DynamoDBBackend} from '../src/dynamodb-backend.js';
import {temporaryTable} from './temporary-table.js';

const place = temporaryTable();
const body = Buffer.from('body');

describe('createTable', () => {
	it('waits until the table can be used, and does nothing the second time', async () => {
		await using server = await startDynamoDB({createTableMs: 300});
		const backend = new DynamoDBBackend('new-table', {...DYNAMODB_ACCESS, endpoint: server.watchedEndpoint});
		const start = performance.now();
		expect(await backend.createTable()).toEqual({created: true, timeToLive: false});
		expect(performance.now() - start).toBeGreaterThan(250);
		await backend.responses.write('a.1', sampleResponse(), body);
		expect(await backend.createTable()).toEqual({created: false, timeToLive: false});
		expect(await backend.responses.contains('a.1')).toBe(true);
		await backend.close();
	});

	it('may be called by several at once', async () => {
		await using server = await startDynamoDB({createTableMs: 100});
		const backends = [1, 2, 3].map(
			() => new DynamoDBBackend('new-table', {...DYNAMODB_ACCESS, endpoint: server.endpoint}),
		);
		const made = await Promise.all(backends.map(backend => backend.createTable()));
		expect(made.filter(({created}) => created)).toHaveLength(1);
		await Promise.all(backends.map(backend => backend.close()));
	});

	it('asks for billing by request', async () => {
		let asked: unknown;
		place.server.intercept((operation, input) => {
			asked = operation === 'CreateTable' ? input : asked;
			return undefined;
		});
		await place.open().createTable();
		expect(asked).toMatchObject({BillingMode: 'PAY_PER_REQUEST', TableName: place.name});
	});

	describe('and the time to live', () => {
		/** Stands in for what dynalite does not know. */
		function knowTimeToLive(status: string, attribute?: string): {status: string; asked: unknown[]} {
			const state = {status, attribute, asked: [] as unknown[]};
			place.server.intercept((operation, {TimeToLiveSpecification}) => {
				if (operation === 'DescribeTimeToLive') {
					const {status, attribute} = state;
					return {body: {TimeToLiveDescription: {TimeToLiveStatus: status, AttributeName: attribute}}};
				}
				if (operation !== 'UpdateTimeToLive') {
					return undefined;
				}
				state.asked.push(TimeToLiveSpecification);
				if (state.status !== 'DISABLED') {
					return dynamoDBError('ValidationException', 'TimeToLive is already enabled');
				}
				Object.assign(state, {status: 'ENABLING', attribute: 'ttl'});
				return {body: {TimeToLiveSpecification}};
			});
			return state;
		}

		it('switches it on, once', async () => {
			const {asked} = knowTimeToLive('DISABLED');
			const backend = place.open();
			expect(await backend.createTable()).toEqual({created: false, timeToLive: true});
			expect(asked).toEqual([{AttributeName: 'ttl', Enabled: true}]);
			expect(await backend.createTable()).toEqual({created: false, timeToLive: true});
			expect(asked).toHaveLength(1);
		});

		it('takes it as done where another process was quicker', async () => {
			const state = knowTimeToLive('DISABLED');
			const backends = [place.open(), place.open(), place.open()];
			const made = await Promise.all(backends.map(backend => backend.createTable()));
			expect(made.every(({timeToLive}) => timeToLive)).toBe(true);
			expect(state.asked.length).toBeGreaterThan(0);
		});

		it('refuses a table that has it in another attribute', async () => {
			knowTimeToLive('ENABLED', 'expiry');
			await expect(place.open().createTable()).rejects.toThrow("in the attribute 'expiry', not in 'ttl'");
		});

		it('passes on why it cannot be switched on', async () => {
			place.server.intercept(operation =>
				operation === 'UpdateTimeToLive' ? dynamoDBError('AccessDeniedException', 'not you') : undefined,
			);
			await expect(place.open().createTable()).rejects.toMatchObject({
				code: 'ERR_CACHE_FAULT',
				message: expect.stringContaining('not you'),
			});
		});
	});

	it('refuses a table with another layout, and leaves it as it is', async () => {
		const {client} = place.raw;
		await client.send(
			new CreateTableCommand({
				TableName: 'of-others',
				BillingMode: 'PAY_PER_REQUEST',
				AttributeDefinitions: [{AttributeName: 'id', AttributeType: 'N'}],
				KeySchema: [{AttributeName: 'id', KeyType: 'HASH'}],
			}),
		);
		const backend = new DynamoDBBackend('of-others', {...DYNAMODB_ACCESS, endpoint: place.server.endpoint});
		await expect(backend.createTable()).rejects.toThrow('other keys: HASH id (N), not HASH pk (S), RANGE sk (S)');
		await expect(backend.responses.read('a.1')).rejects.toMatchObject({code: 'ERR_CACHE_FAULT'});
		await backend.close();
	});
});
