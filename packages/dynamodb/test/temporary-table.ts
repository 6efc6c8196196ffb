import {randomUUID} from 'node:crypto';
import {afterAll, afterEach, beforeAll, beforeEach, jest} from '@jest/globals';
import {DYNAMODB_ACCESS, type DynamoDBServer, startDynamoDB} from '../../../test-support/dynamodb-server.js';
import {DynamoDBBackend, type DynamoDBBackendOptions} from '../src/dynamodb-backend.js';
import {RawTable} from './raw-table.js';

/** A server for the tests in a file, and a new table for each of them. */
export interface TemporaryTable {
	readonly server: DynamoDBServer;
	/** The name of the table. */
	readonly name: string;
	/** The same table, without the library. */
	readonly raw: RawTable;
	/** A backend by way of the interceptor, closed after the test. */
	open(options?: DynamoDBBackendOptions): DynamoDBBackend;
	/** The operations of a task, in order, as in `GetItem`. */
	operationsOf(task: () => Promise<unknown>): Promise<string[]>;
}

/** Call it once, at the top of a test file. */
export function temporaryTable(): TemporaryTable {
	// The first test of a file loads the AWS SDK, which takes seconds on a busy machine.
	jest.setTimeout(30_000);
	let server: DynamoDBServer;
	let raw: RawTable;
	const backends: DynamoDBBackend[] = [];
	const open = (name: string, options?: DynamoDBBackendOptions) => {
		const backend = new DynamoDBBackend(name, {...DYNAMODB_ACCESS, endpoint: server.watchedEndpoint, ...options});
		backends.push(backend);
		return backend;
	};
	beforeAll(async () => {
		server = await startDynamoDB();
	});
	beforeEach(async () => {
		raw = new RawTable(server.endpoint, `table-${randomUUID()}`);
		await open(raw.name).createTable();
		server.operations.length = 0;
	});
	afterEach(async () => {
		server.intercept();
		await Promise.all(backends.splice(0).map(backend => backend.close()));
		raw.client.destroy();
	});
	afterAll(() => server.close());
	return {
		get server() {
			return server;
		},
		get name() {
			return raw.name;
		},
		get raw() {
			return raw;
		},
		open: options => open(raw.name, options),
		async operationsOf(task) {
			server.operations.length = 0;
			await task();
			return server.operations.splice(0);
		},
	};
}
