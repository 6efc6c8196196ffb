import {BACKEND_OPTION_NAMES, CacheBackend, type CacheBackendOptions, rejectUnknownOptions} from 'got-client-cache';
import {CACHE_OPTION_NAMES, checkCacheOptions, type DynamoDBCacheOptions} from './cache-options.js';
import type {CreatedTable} from './create-table.js';
import {DynamoDBCache} from './dynamodb-cache.js';
import {DynamoDBTable} from './dynamodb-table.js';
import {type DynamoDBTableOptions, TABLE_OPTION_NAMES} from './table-options.js';

/** The options of {@link DynamoDBBackend}: how the table is spoken to, what is kept in it, and what any backend can be told. */
export interface DynamoDBBackendOptions
	extends Omit<CacheBackendOptions, 'responses' | 'redirects'>,
		DynamoDBTableOptions,
		DynamoDBCacheOptions {}

const OPTION_NAMES: ReadonlySet<string> = new Set(
	[...BACKEND_OPTION_NAMES, ...TABLE_OPTION_NAMES, ...CACHE_OPTION_NAMES].filter(
		name => name !== 'responses' && name !== 'redirects',
	),
);

/** The default of the setting `maxBodySize`. */
const LARGEST_BODY = 100 * 1024 * 1024;

/**
 * Keeps responses and redirects in a DynamoDB table, which any number of processes may share. The table is not made by itself: see {@link createTable}.
 * Nothing is sent, and the AWS SDK is not loaded, before the first request.
 */
export class DynamoDBBackend extends CacheBackend {
	/** The table. */
	readonly table: DynamoDBTable;

	/**
	 * @param name the table's name, or its ARN
	 * @throws InvalidOptionError where the name cannot be a table's, or an option is unknown, cannot be used, or contradicts another
	 */
	constructor(name = 'http-cache', options: DynamoDBBackendOptions = {}) {
		rejectUnknownOptions(options, OPTION_NAMES, 'DynamoDBBackend');
		const {region, endpoint, credentials, maxAttempts, requestTimeout, clientOptions, client, ...rest} = options;
		const {consistentRead, namespace, grace, maxRecordSize, ...settings} = rest;
		const connection = {region, endpoint, credentials, maxAttempts, requestTimeout, clientOptions, client};
		const table = new DynamoDBTable(name, {...connection, consistentRead});
		const kept = checkCacheOptions({namespace, grace, maxRecordSize});
		super(name, {
			// Sessions then know beforehand what would not be stored.
			maxBodySize: Math.min(kept.maxRecordSize, LARGEST_BODY),
			...settings,
			responses: new DynamoDBCache(table, 'responses', kept),
			redirects: new DynamoDBCache(table, 'redirects', kept),
		});
		this.table = table;
	}

	/**
	 * Makes the table, with on-demand billing, and has DynamoDB remove by itself what has expired. Does what is missing, and nothing where it is all there; several processes may call it at once. Resolves when the table can be used.
	 *
	 * Call it when a program is set up, not with each start: it needs more permissions than using the table does.
	 * @throws CachedSessionError (`ERR_CACHE_FAULT`) where DynamoDB refuses, or there is such a table with another layout
	 */
	createTable(): Promise<CreatedTable> {
		return this.table.createTable();
	}
}
