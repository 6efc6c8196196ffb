import {randomBytes} from 'node:crypto';
import {createServer, type Socket} from 'node:net';
import {setImmediate as turn} from 'node:timers/promises';
import {sampleResponse} from '@got-client-cache/contract';
import {describe, expect, it} from '@jest/globals';
import {CachedSession} from 'got-client-cache';
import {DYNAMODB_ACCESS, dynamoDBError} from '../../../test-support/dynamodb-server.js';
import {startOrigin} from '../../../test-support/origin-server.js';
import {DynamoDBBackend, type DynamoDBBackendOptions} from '../src/dynamodb-backend.js';
import {collectErrors, fiveMisses} from './five-misses.js';
import {temporaryTable} from './temporary-table.js';

const place = temporaryTable();
const body = Buffer.from('body');

/** Answers each operation with an error. */
function refuse(type: string, message = 'as told'): void {
	place.server.intercept(() => dynamoDBError(type, message));
}

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
