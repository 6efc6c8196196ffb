import {randomBytes} from 'node:crypto';
import {createServer, type Socket} from 'node:net';
import {setImmediate as turn} from 'node:timers/promises';
import {sampleResponse} from '@got-client-cache/contract';
import {describe, expect, it} from '@jest/globals';
import {CachedSession, type CacheFaultError} from 'got-client-cache';
import {DYNAMODB_ACCESS, dynamoDBError} from '../../../test-support/dynamodb-server.js';
import {startOrigin} from '../../../test-support/origin-server.js';
import {DynamoDBBackend, type DynamoDBBackendOptions} from '../src/dynamodb-backend.js';
import {temporaryTable} from './temporary-table.js';

const place = temporaryTable();
const body = Buffer.from('body');

function collectErrors(session: CachedSession): CacheFaultError[] {
	const errors: CacheFaultError[] = [];
	session.on('error', error => void errors.push(error as CacheFaultError));
	return errors;
}

/** Answers each operation with an error. */
function refuse(type: string, message = 'as told'): void {
	place.server.intercept(() => dynamoDBError(type, message));
}

/** What a session with this backend reports of five requests, which all reach the origin. None waits for more than two operations of a second each. */
async function fiveMisses(backend: DynamoDBBackend): Promise<CacheFaultError[]> {
	await using origin = await startOrigin();
	await using session = new CachedSession({cache: backend});
	const errors = collectErrors(session);
	for (let index = 1; index <= 5; index++) {
		const start = performance.now();
		expect(await session.get(origin.url)).toMatchObject({body: `response ${index}`, cacheKey: undefined});
		expect(performance.now() - start).toBeLessThan(5000);
	}
	await turn();
	return errors;
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

describe('a table that is not there', () => {
	it('is a fault that says what to do', async () => {
		const backend = new DynamoDBBackend('missing', {...DYNAMODB_ACCESS, endpoint: place.server.endpoint});
		const message = /table missing: there is no such table .*createTable\(\)/;
		await expect(backend.responses.read('a.1')).rejects.toMatchObject({
			code: 'ERR_CACHE_FAULT',
			message: expect.stringMatching(message),
		});
		await expect(backend.responses.size()).rejects.toThrow(message);
		const errors = await fiveMisses(backend);
		expect(errors).toMatchObject([{operation: 'read', message: expect.stringMatching(message)}]);
		await backend.close();
	});

	it('is used once it is made', async () => {
		await using origin = await startOrigin();
		const backend = new DynamoDBBackend('made-later', {...DYNAMODB_ACCESS, endpoint: place.server.endpoint});
		await using session = new CachedSession({cache: backend});
		collectErrors(session);
		await session.get(origin.url);
		await backend.createTable();
		await session.get(origin.url);
		expect(await session.get(origin.url)).toMatchObject({isFromCache: true});
	});
});

describe('a server that', () => {
	const open = (endpoint: string, options?: DynamoDBBackendOptions) =>
		new DynamoDBBackend('any-table', {...DYNAMODB_ACCESS, endpoint, ...options});

	it('is away is told of at once, and no request waits for it', async () => {
		// A port that was free a moment ago.
		const server = createServer();
		await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
		const {port} = server.address() as {port: number};
		await new Promise(resolve => server.close(resolve));
		const backend = open(`http://127.0.0.1:${port}`);
		const start = performance.now();
		await expect(backend.responses.read('a.1')).rejects.toMatchObject({
			code: 'ERR_CACHE_FAULT',
			message: expect.stringContaining('ECONNREFUSED'),
		});
		expect(performance.now() - start).toBeLessThan(1000);
		expect(await fiveMisses(backend)).toHaveLength(1);
	});

	it('never answers is given up after requestTimeout', async () => {
		const sockets: Socket[] = [];
		const server = createServer(socket => void sockets.push(socket));
		await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
		const {port} = server.address() as {port: number};
		const backend = open(`http://127.0.0.1:${port}`, {requestTimeout: 100, maxAttempts: 1});
		const start = performance.now();
		await expect(backend.responses.read('a.1')).rejects.toMatchObject({code: 'ERR_CACHE_FAULT'});
		expect(performance.now() - start).toBeLessThan(1500);
		// And so it does not hold up closing either.
		const reading = expect(backend.responses.read('a.1')).rejects.toMatchObject({code: 'ERR_CACHE_FAULT'});
		await backend.close();
		await reading;
		for (const socket of sockets) {
			socket.destroy();
		}
		server.close();
	});

	it('cuts the connection is a miss', async () => {
		place.server.intercept(() => {
			throw new Error('cut');
		});
		expect(await fiveMisses(place.open())).toHaveLength(1);
	});

	it('gives nonsense breaks no request', async () => {
		place.server.intercept(() => ({body: {Item: 'nonsense', Items: 5}}));
		await using origin = await startOrigin();
		await using session = new CachedSession({cache: place.open()});
		collectErrors(session);
		for (let index = 1; index <= 5; index++) {
			expect(await session.get(origin.url)).toMatchObject({body: `response ${index}`, isFromCache: false});
		}
	});

	it('refuses access is told of with its own words', async () => {
		refuse('AccessDeniedException', 'not authorized to perform: dynamodb:GetItem');
		await expect(place.open().responses.read('a.1')).rejects.toThrow(
			/AccessDeniedException: not authorized to perform: dynamodb:GetItem/,
		);
	});
});

describe('a backend that was closed', () => {
	it('breaks no request of a session that still uses it', async () => {
		await using origin = await startOrigin();
		const backend = place.open();
		await using session = new CachedSession({cache: backend});
		const errors = collectErrors(session);
		await session.get(origin.url);
		await backend.close();
		expect(await session.get(origin.url)).toMatchObject({body: 'response 2', isFromCache: false});
		expect(await session.get(origin.url)).toMatchObject({body: 'response 3', isFromCache: false});
		await turn();
		expect(errors).toMatchObject([{code: 'ERR_CACHE_FAULT', cause: {code: 'ERR_CACHE_CLOSED'}}]);
	});

	it('does not wait for a body that does not come, and gives none of a large one', async () => {
		const backend = place.open();
		const {responses} = backend;
		await responses.write('a.1', sampleResponse(), randomBytes(900_000));
		const record = await responses.read('a.1');
		let goOn = () => {};
		const coming = new Promise<void>(resolve => {
			goOn = resolve;
		});
		async function* slow() {
			yield body;
			await coming;
		}
		const writing = expect(responses.write('a.2', sampleResponse(), slow())).rejects.toMatchObject({
			code: 'ERR_CACHE_CLOSED',
		});
		await backend.close();
		goOn();
		await writing;
		await expect((async () => record?.body.bytes())()).rejects.toMatchObject({code: 'ERR_CACHE_CLOSED'});
	});
});
