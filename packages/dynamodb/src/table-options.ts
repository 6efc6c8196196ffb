import type {DynamoDBClient, DynamoDBClientConfig} from '@aws-sdk/client-dynamodb';
import {InvalidOptionError} from 'got-client-cache';

/** Where a table is, and how it is spoken to. */
export interface DynamoDBTableOptions {
	/** The AWS region. @default what the environment or the AWS profile says */
	readonly region?: string | undefined;
	/** The URL of the service, for DynamoDB Local and the like. @default that of the region */
	readonly endpoint?: string | undefined;
	/** Whose requests these are: an access key, or a function that gives one. @default what the environment, the AWS profile or the role says */
	readonly credentials?: DynamoDBClientConfig['credentials'];
	/** How often a request is tried, in all, when it is throttled or the connection fails. A session waits for a second in all. @default 2 */
	readonly maxAttempts?: number | undefined;
	/** Milliseconds that an attempt may take, and that a connection may take; 0: no limit. @default 3000 */
	readonly requestTimeout?: number | undefined;
	/** Any other options of the AWS SDK's client; they win over those above. */
	readonly clientOptions?: DynamoDBClientConfig | undefined;
	/** A client of one's own, which stays open. The options above are then not accepted. @default one that is made on first use, and closed with the backend */
	readonly client?: DynamoDBClient | undefined;
	/** Whether a read sees every write before it, of whichever process. `false` halves the cost of reads; a record may then be found up to a second late, and also be found that long after it was removed. @default true */
	readonly consistentRead?: boolean | undefined;
}

/** What is made of the options. */
export interface TableConfig {
	/** The client that was given. */
	readonly client: DynamoDBClient | undefined;
	/** For the client that is to be made. */
	readonly config: DynamoDBClientConfig;
	/** With its default. */
	readonly consistentRead: boolean;
}

/** The names of the options. */
export const TABLE_OPTION_NAMES = [
	'region',
	'endpoint',
	'credentials',
	'maxAttempts',
	'requestTimeout',
	'clientOptions',
	'client',
	'consistentRead',
] as const;

const CLIENT_OPTION_NAMES = TABLE_OPTION_NAMES.filter(name => name !== 'client' && name !== 'consistentRead');

const DEFAULT_MAX_ATTEMPTS = 2;
const DEFAULT_REQUEST_TIMEOUT = 3000;

/** @throws InvalidOptionError */
export function checkTableOptions(options: DynamoDBTableOptions): TableConfig {
	const {client, consistentRead = true} = options;
	if (typeof consistentRead !== 'boolean') {
		throw new InvalidOptionError('consistentRead', consistentRead, 'true or false');
	}
	if (client === undefined) {
		return {client, config: clientConfig(options), consistentRead};
	}
	if (typeof client?.send !== 'function' || typeof client.destroy !== 'function' || !client.config) {
		throw new InvalidOptionError('client', client, "a DynamoDBClient of '@aws-sdk/client-dynamodb'");
	}
	for (const name of CLIENT_OPTION_NAMES) {
		if (options[name] !== undefined) {
			throw new InvalidOptionError(
				name,
				name === 'credentials' ? 'credentials' : options[name],
				"nothing, beside 'client'",
			);
		}
	}
	return {client, config: {}, consistentRead};
}

function clientConfig(options: DynamoDBTableOptions): DynamoDBClientConfig {
	const {region, endpoint, credentials, clientOptions = {}} = options;
	const {maxAttempts = DEFAULT_MAX_ATTEMPTS, requestTimeout = DEFAULT_REQUEST_TIMEOUT} = options;
	if (region !== undefined && (typeof region !== 'string' || !/^[\w-]+$/.test(region))) {
		throw new InvalidOptionError('region', region, "the name of an AWS region, such as 'eu-central-1'");
	}
	if (endpoint !== undefined && !isHttpUrl(endpoint)) {
		// There may be a password in it.
		const given = String(endpoint).includes('@') ? 'a URL with user info' : endpoint;
		throw new InvalidOptionError('endpoint', given, 'an http or https URL without user info');
	}
	if (credentials !== undefined && typeof credentials !== 'function' && !isAccessKey(credentials)) {
		throw new InvalidOptionError('credentials', typeof credentials, 'accessKeyId and secretAccessKey, or a function');
	}
	if (!Number.isInteger(maxAttempts) || maxAttempts < 1) {
		throw new InvalidOptionError('maxAttempts', maxAttempts, 'a whole number, one or more');
	}
	if (typeof requestTimeout !== 'number' || !Number.isFinite(requestTimeout) || requestTimeout < 0) {
		throw new InvalidOptionError('requestTimeout', requestTimeout, 'a number of milliseconds, zero or more');
	}
	if (typeof clientOptions !== 'object' || clientOptions === null) {
		throw new InvalidOptionError('clientOptions', clientOptions, "an object of options of '@aws-sdk/client-dynamodb'");
	}
	return {
		...(region !== undefined && {region}),
		...(endpoint !== undefined && {endpoint}),
		...(credentials !== undefined && {credentials}),
		maxAttempts,
		requestHandler: {requestTimeout, connectionTimeout: requestTimeout, throwOnRequestTimeout: true},
		...clientOptions,
	};
}

function isHttpUrl(text: unknown): boolean {
	if (typeof text !== 'string' || !URL.canParse(text)) {
		return false;
	}
	const {protocol, username, password} = new URL(text);
	return /^https?:$/.test(protocol) && username === '' && password === '';
}

function isAccessKey(value: unknown): boolean {
	const {accessKeyId, secretAccessKey} = (value ?? {}) as Record<string, unknown>;
	return typeof accessKeyId === 'string' && typeof secretAccessKey === 'string';
}
