import type {DynamoDBClient, DynamoDBClientConfig} from '@aws-sdk/client-dynamodb';
import {InvalidOptionError, OperationGate} from 'got-client-cache';
import {type CreatedTable, createTable} from './create-table.js';
import {type OpenTable, openTable} from './open-table.js';
import {tableFault} from './table-fault.js';
import {checkTableOptions, type DynamoDBTableOptions} from './table-options.js';
import {TableRequests} from './table-requests.js';

/**
 * A DynamoDB table and the client for it, which the caches of a backend share. The AWS SDK is loaded and the client made by the first operation.
 * A client that was given is used, and left open.
 */
export class DynamoDBTable {
	/** The table's name, or its ARN. */
	readonly name: string;
	readonly #client: DynamoDBClient | undefined;
	readonly #config: DynamoDBClientConfig;
	readonly #consistent: boolean;
	readonly #gate: OperationGate;
	#opening: Promise<OpenTable> | undefined;

	/** @throws InvalidOptionError where the name cannot be a table's, or an option cannot be used or contradicts another. */
	constructor(name = 'http-cache', options: DynamoDBTableOptions = {}) {
		if (typeof name !== 'string' || !/^(?:[\w.-]{3,255}|arn:[\w:/.-]{1,1020})$/.test(name)) {
			throw new InvalidOptionError('name', name, 'the name of a table (3 to 255 of a-z A-Z 0-9 _ . -), or its ARN');
		}
		this.name = name;
		const {client, config, consistentRead} = checkTableOptions(options);
		this.#client = client;
		this.#config = config;
		this.#consistent = consistentRead;
		this.#gate = new OperationGate(`The cache in the DynamoDB table ${name}`, cause => tableFault(name, cause));
	}

	/**
	 * Makes the table, with on-demand billing, and has DynamoDB remove what has expired (`UpdateTimeToLive`). Does what is missing, and nothing where it is all there; several processes may call it at once.
	 * Resolves when the table can be used.
	 */
	createTable(): Promise<CreatedTable> {
		return this.#operation(createTable);
	}

	/** Performs requests, which `close` waits for. Their faults are told as `CachedSessionError`s. @internal */
	run<T>(perform: (requests: TableRequests) => Promise<T>): Promise<T> {
		return this.#operation(table => perform(new TableRequests(table, this.#consistent)));
	}

	/** Waits for what is under way, then closes the client, unless it was given; what comes later rejects with `ERR_CACHE_CLOSED`. May be called more than once. */
	close(): Promise<void> {
		return this.#gate.close(() => this.#release());
	}

	async #release(): Promise<void> {
		const table = await this.#opening?.catch(() => undefined);
		if (table?.isOwn) {
			table.client.destroy();
		}
	}

	#operation<T>(perform: (table: OpenTable) => Promise<T>): Promise<T> {
		return this.#gate.run(async () => perform(await this.#open()));
	}

	/** One attempt, which all operations share; a failed one is forgotten. */
	#open(): Promise<OpenTable> {
		this.#opening ??= openTable(this.name, this.#client, this.#config).catch((error: unknown) => {
			this.#opening = undefined;
			throw error;
		});
		return this.#opening;
	}
}
