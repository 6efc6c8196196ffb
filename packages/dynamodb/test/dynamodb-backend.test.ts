import {execFile} from 'node:child_process';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {DynamoDBClient, ListTablesCommand} from '@aws-sdk/client-dynamodb';
import {sampleResponse} from '@got-client-cache/contract';
import {describe, expect, it} from '@jest/globals';
import {CacheBackend, CachedSession, InvalidOptionError} from 'got-client-cache';
import {DYNAMODB_ACCESS, dynamoDBError} from '../../../test-support/dynamodb-server.js';
import {startOrigin} from '../../../test-support/origin-server.js';
import {DynamoDBBackend, type DynamoDBBackendOptions} from '../src/dynamodb-backend.js';
import {DynamoDBCache} from '../src/dynamodb-cache.js';
import {DynamoDBTable} from '../src/dynamodb-table.js';
import {temporaryTable} from './temporary-table.js';

const place = temporaryTable();
const body = Buffer.from('body');

describe('DynamoDBBackend', () => {
	it('is a CacheBackend with a name, a table and two caches', () => {
		const backend = new DynamoDBBackend('some-table', {expireAfter: 60});
		expect(backend).toBeInstanceOf(CacheBackend);
		expect(backend.name).toBe('some-table');
		expect(backend.table).toBeInstanceOf(DynamoDBTable);
		expect(backend.responses).toBeInstanceOf(DynamoDBCache);
		expect(backend.redirects).toBeInstanceOf(DynamoDBCache);
		expect(backend.settings.expireAfter).toBe(60);
		expect(new DynamoDBBackend().name).toBe('http-cache');
	});

	it('sends nothing when it is made, nor when it is only closed', async () => {
		const operations = await place.operationsOf(async () => {
			const backend = place.open();
			await backend.close();
			await backend.close();
		});
		expect(operations).toEqual([]);
	});

	it('does not load the AWS SDK before it is used', async () => {
		const fixture = fileURLToPath(new URL('fixtures/import-only.mjs', import.meta.url));
		const {stdout} = await promisify(execFile)(process.execPath, [fixture]);
		expect(JSON.parse(stdout)).toEqual({before: false, after: true});
	});

	it('uses a client that it is given, and leaves it open', async () => {
		const client = new DynamoDBClient({...DYNAMODB_ACCESS, endpoint: place.server.watchedEndpoint});
		const backend = new DynamoDBBackend(place.name, {client});
		await backend.responses.write('a.1', sampleResponse(), body);
		let isDestroyed = false;
		const destroy = client.destroy.bind(client);
		client.destroy = () => {
			isDestroyed = true;
			destroy();
		};
		await backend.close();
		await expect(backend.responses.read('a.1')).rejects.toMatchObject({code: 'ERR_CACHE_CLOSED'});
		expect(isDestroyed).toBe(false);
		await client.send(new ListTablesCommand({}));
		client.destroy();
	});

	it('hands options on to the client, which win', async () => {
		const backend = new DynamoDBBackend(place.name, {
			...DYNAMODB_ACCESS,
			endpoint: 'http://127.0.0.1:1',
			clientOptions: {endpoint: place.server.watchedEndpoint, maxAttempts: 1},
		});
		place.server.intercept(() => dynamoDBError('ThrottlingException', 'slow', 400));
		const attempts = await place.operationsOf(() => backend.responses.contains('a.1').catch(() => false));
		expect(attempts).toHaveLength(1);
		await backend.close();
	});

	it('keeps what is under one namespace apart from what is under another', async () => {
		await using origin = await startOrigin();
		for (const namespace of ['one', 'two']) {
			await using session = new CachedSession({cache: place.open({namespace})});
			expect(await session.get(origin.url)).toMatchObject({isFromCache: false});
			expect(await session.get(origin.url)).toMatchObject({isFromCache: true});
		}
		expect(origin.requests).toHaveLength(2);
	});

	it('is shared by sessions of several processes, redirects and large bodies included', async () => {
		const large = Buffer.alloc(1_000_000, 'x');
		await using origin = await startOrigin(({url}) =>
			url === '/from' ? {status: 302, headers: {location: '/to'}} : {body: large},
		);
		const first = new CachedSession({cache: place.open()});
		await first.get(`${origin.url}/from`);
		await first.close();
		await using second = new CachedSession({cache: place.open(), onlyIfCached: true});
		const hit = await second.get(`${origin.url}/from`, {responseType: 'buffer'});
		expect(hit.isFromCache).toBe(true);
		expect(hit.url).toBe(`${origin.url}/to`);
		expect(large.equals(hit.body)).toBe(true);
	});
});

describe("DynamoDBBackend's options", () => {
	it.each([
		['region', ''],
		['region', 5],
		['endpoint', 'localhost'],
		['endpoint', 'ftp://127.0.0.1'],
		['endpoint', 'http://user:hunter2@127.0.0.1'],
		['credentials', {accessKeyId: 'hunter2'}],
		['credentials', 'hunter2'],
		['maxAttempts', 0],
		['maxAttempts', 1.5],
		['requestTimeout', -1],
		['requestTimeout', Number.NaN],
		['clientOptions', 'none'],
		['client', {}],
		['client', 'http://127.0.0.1'],
		['consistentRead', 'yes'],
		['namespace', 'a#b'],
		['namespace', 'x'.repeat(101)],
		['namespace', 5],
		['grace', -1],
		['grace', '1d'],
		['grace', Number.NaN],
		['maxRecordSize', -1],
		['maxRecordSize', '10 MB'],
		['expireAfter', 'soon'],
		['tableName', 'x'],
		['responses', undefined],
	])('refuses %s: %p, by name', (option, value) => {
		const make = () => new DynamoDBBackend('table', {[option]: value} as DynamoDBBackendOptions);
		expect(make).toThrow(InvalidOptionError);
		expect(make).toThrow(`'${option}'`);
		expect(make).not.toThrow('hunter2');
	});

	it.each(['', 'ab', 'x'.repeat(256), 'a b', 'a/b', 'ü'.repeat(5)])('refuses the name %p', name => {
		expect(() => new DynamoDBBackend(name)).toThrow(InvalidOptionError);
	});

	it('takes an ARN for a name', () => {
		const arn = 'arn:aws:dynamodb:eu-central-1:123456789012:table/http-cache';
		expect(new DynamoDBBackend(arn).name).toBe(arn);
	});

	it.each(['region', 'endpoint', 'credentials', 'maxAttempts', 'requestTimeout', 'clientOptions'])(
		'refuses %s beside a client',
		option => {
			const client = new DynamoDBClient(DYNAMODB_ACCESS);
			const values: Record<string, unknown> = {
				...DYNAMODB_ACCESS,
				maxAttempts: 2,
				requestTimeout: 100,
				clientOptions: {},
			};
			const value = values[option] ?? 'http://127.0.0.1';
			const make = () => new DynamoDBBackend('table', {client, [option]: value} as DynamoDBBackendOptions);
			expect(make).toThrow(`'${option}'`);
			client.destroy();
		},
	);
});
