import {setTimeout as sleep} from 'node:timers/promises';
import type {TableDescription} from '@aws-sdk/client-dynamodb';
import type {OpenTable} from './open-table.js';

/** What `createTable` has found or done. */
export interface CreatedTable {
	/** Whether the table was made; `false`: it was there. */
	readonly created: boolean;
	/** Whether the service removes what has expired. `false`: it cannot, as some that stand in for DynamoDB; `deleteExpired()` then has to be called now and then. */
	readonly timeToLive: boolean;
}

/** The attribute with the time to live. */
const TTL_ATTRIBUTE = 'ttl';

/** How long to wait for a new table, in milliseconds; one takes some seconds. */
const PATIENCE = 120_000;

/** The longest wait between two looks at it. */
const LONGEST_WAIT = 2000;

/** See `DynamoDBTable.createTable`. */
export async function createTable(table: OpenTable): Promise<CreatedTable> {
	const created = await create(table);
	const description = await whenActive(table);
	demandLayout(description);
	return {created, timeToLive: await enableTimeToLive(table)};
}

/** Asked for before it is looked at: of two processes that look at once, both would find nothing. */
async function create({driver, client, name}: OpenTable): Promise<boolean> {
	const {CreateTableCommand, ResourceInUseException} = driver.sdk;
	try {
		await client.send(
			new CreateTableCommand({
				TableName: name,
				BillingMode: 'PAY_PER_REQUEST',
				AttributeDefinitions: [
					{AttributeName: 'pk', AttributeType: 'S'},
					{AttributeName: 'sk', AttributeType: 'S'},
				],
				KeySchema: [
					{AttributeName: 'pk', KeyType: 'HASH'},
					{AttributeName: 'sk', KeyType: 'RANGE'},
				],
			}),
		);
		return true;
	} catch (error) {
		if (error instanceof ResourceInUseException) {
			return false;
		}
		throw error;
	}
}

async function whenActive({driver, client, name}: OpenTable): Promise<TableDescription> {
	const {DescribeTableCommand, ResourceNotFoundException} = driver.sdk;
	const deadline = performance.now() + PATIENCE;
	for (let wait = 20; performance.now() < deadline; wait = Math.min(wait * 2, LONGEST_WAIT)) {
		try {
			const {Table} = await client.send(new DescribeTableCommand({TableName: name}));
			if (Table?.TableStatus === 'ACTIVE' || Table?.TableStatus === 'UPDATING') {
				return Table;
			}
		} catch (error) {
			// For a moment after it was asked for, not every server knows of it.
			if (!(error instanceof ResourceNotFoundException)) {
				throw error;
			}
		}
		await sleep(wait);
	}
	throw new Error(`it was not ready within ${PATIENCE / 1000} s`);
}

function demandLayout({KeySchema = [], AttributeDefinitions = []}: TableDescription): void {
	const types = new Map(AttributeDefinitions.map(({AttributeName, AttributeType}) => [AttributeName, AttributeType]));
	const layout = KeySchema.map(
		({AttributeName, KeyType}) => `${KeyType} ${AttributeName} (${types.get(AttributeName)})`,
	);
	if (layout.join(', ') !== 'HASH pk (S), RANGE sk (S)') {
		throw new Error(`it is there already, and with other keys: ${layout.join(', ')}, not HASH pk (S), RANGE sk (S)`);
	}
}

async function enableTimeToLive(table: OpenTable): Promise<boolean> {
	if (await hasTimeToLive(table)) {
		return true;
	}
	try {
		await table.client.send(
			new table.driver.sdk.UpdateTimeToLiveCommand({
				TableName: table.name,
				TimeToLiveSpecification: {AttributeName: TTL_ATTRIBUTE, Enabled: true},
			}),
		);
		return true;
	} catch (error) {
		if (isUnknownOperation(error)) {
			return false;
		}
		// Another process may have been quicker.
		if (await hasTimeToLive(table)) {
			return true;
		}
		throw error;
	}
}

async function hasTimeToLive({driver, client, name}: OpenTable): Promise<boolean> {
	const {DescribeTimeToLiveCommand} = driver.sdk;
	const answer = await client.send(new DescribeTimeToLiveCommand({TableName: name})).catch((error: unknown) => {
		if (isUnknownOperation(error)) {
			return undefined;
		}
		throw error;
	});
	const {TimeToLiveStatus: status, AttributeName: attribute} = answer?.TimeToLiveDescription ?? {};
	if (status !== 'ENABLED' && status !== 'ENABLING') {
		return false;
	}
	if (attribute !== TTL_ATTRIBUTE) {
		throw new Error(`its time to live is in the attribute '${attribute}', not in '${TTL_ATTRIBUTE}'`);
	}
	return true;
}

/** Servers that stand in for DynamoDB do not know all of it. */
function isUnknownOperation(error: unknown): boolean {
	return error instanceof Error && /^UnknownOperation/.test(error.name);
}
