import type {DynamoDBClient, DynamoDBClientConfig} from '@aws-sdk/client-dynamodb';
import type {DynamoDBDocumentClient} from '@aws-sdk/lib-dynamodb';

/** Dates and numbers are not trusted: DynamoDB's numbers have more digits than ours, and reading them must not fail. */
const TRANSLATION = {
	marshallOptions: {removeUndefinedValues: true},
	unmarshallOptions: {wrapNumbers: Number},
};

/** What is loaded on first use: a program that only imports this package need not wait for it. */
async function loadDriver() {
	const [sdk, document, toolbox] = await Promise.all([
		import('@aws-sdk/client-dynamodb'),
		import('@aws-sdk/lib-dynamodb'),
		import('dynamodb-toolbox'),
	]);
	return {sdk, document, toolbox};
}

/** The AWS SDK and dynamodb-toolbox. */
export type Driver = Awaited<ReturnType<typeof loadDriver>>;

/** The layout of the table, as dynamodb-toolbox knows it. It checks what is written; what is read is checked by `stored-item.ts`, for which anything may be there. */
function defineItems({toolbox}: Driver, documentClient: DynamoDBDocumentClient, name: string) {
	const {Entity, Table, binary, item, number, string} = toolbox;
	const table = new Table({
		documentClient,
		name,
		partitionKey: {name: 'pk', type: 'string'},
		sortKey: {name: 'sk', type: 'string'},
	});
	const entity = new Entity({
		name: 'record',
		table,
		timestamps: false,
		entityAttribute: false,
		schema: item({
			pk: string().key(),
			sk: string().key(),
			name: string().optional(),
			format: number().optional(),
			version: string().optional(),
			metadata: string().optional(),
			expires: number().optional(),
			ttl: number().optional(),
			size: number().optional(),
			encoding: string().enum('br').optional(),
			body: binary().optional(),
			partsTtl: number().optional(),
			written: number().optional(),
			ownerPk: string().optional(),
			ownerSk: string().optional(),
		}),
	});
	return {table, entity};
}

type Items = ReturnType<typeof defineItems>;

/** A client, and the table as seen through it. */
export interface OpenTable extends Items {
	/** The table's name, or its ARN. */
	readonly name: string;
	/** What was loaded. */
	readonly driver: Driver;
	/** The client. */
	readonly client: DynamoDBClient;
	/** The same client, which translates values. */
	readonly documents: DynamoDBDocumentClient;
	/** Whether this client was made here, and is to be closed here. */
	readonly isOwn: boolean;
}

/** Loads the driver, and makes a client unless there is one. Sends nothing. */
export async function openTable(
	name: string,
	given: DynamoDBClient | undefined,
	config: DynamoDBClientConfig,
): Promise<OpenTable> {
	const driver = await loadDriver();
	const client = given ?? new driver.sdk.DynamoDBClient(config);
	const documents = driver.document.DynamoDBDocumentClient.from(client, TRANSLATION);
	return {name, driver, client, documents, isOwn: given === undefined, ...defineItems(driver, documents, name)};
}
