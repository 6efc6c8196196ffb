import {type AttributeValue, DynamoDBClient} from '@aws-sdk/client-dynamodb';
import {DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, ScanCommand} from '@aws-sdk/lib-dynamodb';
import {DYNAMODB_ACCESS} from '../../../test-support/dynamodb-server.js';
import {ItemKeys, type PrimaryKey} from '../src/item-keys.js';

/** Any item. */
export type AnyItem = Record<string, unknown> & PrimaryKey;

/** A table as it is, for looking at what is stored, and for breaking it. */
export class RawTable {
	readonly client: DynamoDBClient;
	readonly name: string;
	readonly #documents: DynamoDBDocumentClient;

	constructor(endpoint: string, name: string) {
		this.client = new DynamoDBClient({...DYNAMODB_ACCESS, endpoint});
		this.name = name;
		this.#documents = DynamoDBDocumentClient.from(this.client);
	}

	/** All items, of whatever kind. */
	async items(): Promise<AnyItem[]> {
		const items: AnyItem[] = [];
		let from: Record<string, AttributeValue> | undefined;
		do {
			const page = await this.#documents.send(
				new ScanCommand({TableName: this.name, ConsistentRead: true, ExclusiveStartKey: from}),
			);
			items.push(...((page.Items ?? []) as AnyItem[]));
			from = page.LastEvaluatedKey;
		} while (from);
		return items;
	}

	/** The item of a record, which must be there. */
	async record(key: string, namespace = ''): Promise<AnyItem> {
		const {pk, sk} = new ItemKeys(namespace, 'responses').keyOf(key);
		return this.get({pk, sk});
	}

	/** The items of the parts of bodies. */
	async parts(): Promise<AnyItem[]> {
		return (await this.items()).filter(({sk}) => sk === 'part').sort((a, b) => (a.pk < b.pk ? -1 : 1));
	}

	async get({pk, sk}: PrimaryKey): Promise<AnyItem> {
		const {Item} = await this.#documents.send(
			new GetCommand({TableName: this.name, Key: {pk, sk}, ConsistentRead: true}),
		);
		return Item as AnyItem;
	}

	async put(item: AnyItem): Promise<void> {
		await this.#documents.send(new PutCommand({TableName: this.name, Item: item}));
	}

	async delete({pk, sk}: PrimaryKey): Promise<void> {
		await this.#documents.send(new DeleteCommand({TableName: this.name, Key: {pk, sk}}));
	}

	/** Cuts a body short: in the record, or in its last part. */
	async cutBody(key: string, namespace = ''): Promise<void> {
		const item = await this.record(key, namespace);
		const [id, parts] = String(item['version']).split('.');
		const place = parts ? await this.get(new ItemKeys(namespace, 'responses').partOf(id!, Number(parts) - 1)) : item;
		const body = place['body'] as Uint8Array;
		await this.put({...place, body: body.subarray(0, body.byteLength - 5)});
	}
}
