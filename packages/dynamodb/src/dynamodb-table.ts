import type {DynamoDBClient, DynamoDBClientConfig} from '@aws-sdk/client-dynamodb';
import {CachedSessionError, InvalidOptionError} from 'got-client-cache';
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
	#opening: Promise<OpenTable> | undefined;
	#underWay = 0;
	#whenIdle: (() => void) | undefined;
	#closing: Promise<void> | undefined;

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
		this.#closing ??= this.#close();
		return this.#closing;
	}

	async #close(): Promise<void> {
		if (this.#underWay > 0) {
			await new Promise<void>(resolve => {
				this.#whenIdle = resolve;
			});
		}
		const table = await this.#opening?.catch(() => undefined);
		if (table?.isOwn) {
			table.client.destroy();
		}
	}

	async #operation<T>(perform: (table: OpenTable) => Promise<T>): Promise<T> {
		if (this.#closing) {
			throw new CachedSessionError('ERR_CACHE_CLOSED', `The cache in the DynamoDB table ${this.name} is closed`);
		}
		this.#underWay++;
		try {
			return await perform(await this.#open());
		} catch (cause) {
			throw tableFault(this.name, cause);
		} finally {
			this.#underWay--;
			if (this.#underWay === 0) {
				this.#whenIdle?.();
			}
		}
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
