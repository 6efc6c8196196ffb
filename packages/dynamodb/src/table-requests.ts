import type {Condition, PutItemInput, UpdateItemInput} from 'dynamodb-toolbox';
import {deleteBatches} from './delete-batches.js';
import type {PrimaryKey} from './item-keys.js';
import type {OpenTable} from './open-table.js';
import type {RawItem} from './stored-item.js';

type Entity = OpenTable['entity'];

/** A condition on an item, in dynamodb-toolbox's notation. */
export type ItemCondition = Condition<Entity>;

/** The name of an attribute. */
export type Attribute = keyof Entity['schema']['attributes'];

/** The requests to one table. dynamodb-toolbox puts them together; what comes back is handed on as it came, see `stored-item.ts`. */
export class TableRequests {
	readonly #table: OpenTable;
	readonly #consistent: boolean;

	/** @param consistent whether reads see every write that was answered before */
	constructor(table: OpenTable, consistent: boolean) {
		this.#table = table;
		this.#consistent = consistent;
	}

	/** An item, or some of its attributes. */
	async get(
		key: PrimaryKey,
		attributes?: readonly Attribute[],
		consistent = this.#consistent,
	): Promise<RawItem | undefined> {
		const {driver, entity, documents} = this.#table;
		const command = entity
			.build(driver.toolbox.GetItemCommand)
			.key(pick(key))
			.options({consistent, ...(attributes && {attributes: [...attributes]})});
		const {Item} = await documents.send(new driver.document.GetCommand(command.params()));
		return Item;
	}

	/** `false`: the condition does not hold. */
	async put(item: PutItemInput<Entity>, condition?: ItemCondition): Promise<boolean> {
		const {driver, entity, documents} = this.#table;
		const {ToolboxItem, ...params} = entity
			.build(driver.toolbox.PutItemCommand)
			.item(item)
			.options(condition ? {condition} : {})
			.params();
		return this.#unlessFailed(documents.send(new driver.document.PutCommand(params)));
	}

	/** Whatever was there; resolves to what it was. */
	async replace(item: PutItemInput<Entity>): Promise<RawItem | undefined> {
		const {driver, entity, documents} = this.#table;
		const {ToolboxItem, ...params} = entity
			.build(driver.toolbox.PutItemCommand)
			.item(item)
			.options({returnValues: 'ALL_OLD'})
			.params();
		return (await documents.send(new driver.document.PutCommand(params))).Attributes;
	}

	/** Changes attributes, and removes those that are given as `undefined`. `false`: the condition does not hold. */
	async update(
		key: PrimaryKey,
		attributes: Partial<Record<Attribute, string | number | undefined>>,
		condition: ItemCondition,
	): Promise<boolean> {
		const {driver, entity, documents} = this.#table;
		const {$remove, UpdateItemCommand} = driver.toolbox;
		const changes = Object.entries(attributes).map(([name, value]) => [name, value ?? $remove()]);
		const {ToolboxItem, ...params} = entity
			.build(UpdateItemCommand)
			.item({...pick(key), ...Object.fromEntries(changes)} as UpdateItemInput<Entity>)
			.options({condition})
			.params();
		return this.#unlessFailed(documents.send(new driver.document.UpdateCommand(params)));
	}

	/** `false`: the condition does not hold. */
	async delete(key: PrimaryKey, condition: ItemCondition): Promise<boolean> {
		const {driver, entity, documents} = this.#table;
		const params = entity.build(driver.toolbox.DeleteItemCommand).key(pick(key)).options({condition}).params();
		return this.#unlessFailed(documents.send(new driver.document.DeleteCommand(params)));
	}

	/** Resolves to what was there. */
	async take(key: PrimaryKey): Promise<RawItem | undefined> {
		const {driver, entity, documents} = this.#table;
		const params = entity
			.build(driver.toolbox.DeleteItemCommand)
			.key(pick(key))
			.options({returnValues: 'ALL_OLD'})
			.params();
		return (await documents.send(new driver.document.DeleteCommand(params))).Attributes;
	}

	/** Removes items, whatever they are, a batch of 25 at a time. Rejects when DynamoDB leaves some of them undone again and again. */
	deleteAll(keys: readonly PrimaryKey[]): Promise<void> {
		return deleteBatches(this.#table, keys.map(pick));
	}

	/** A page of the whole table. @param from the page before gave it */
	async scan(condition: ItemCondition, attributes: readonly Attribute[], from: PrimaryKey | undefined): Promise<Page> {
		const {driver, table, entity, documents} = this.#table;
		const params = table
			.build(driver.toolbox.ScanCommand)
			.entities(entity)
			.options({
				...this.#pageOptions(attributes, from),
				filters: {record: condition},
			})
			.params();
		const {Items = [], LastEvaluatedKey} = await documents.send(new driver.document.ScanCommand(params));
		return {items: Items, next: LastEvaluatedKey as PrimaryKey | undefined};
	}

	/** How many items of the whole table a condition holds for. */
	async count(
		condition: ItemCondition,
		from: PrimaryKey | undefined,
	): Promise<{count: number; next: PrimaryKey | undefined}> {
		const {driver, table, entity, documents} = this.#table;
		const params = table
			.build(driver.toolbox.ScanCommand)
			.entities(entity)
			.options({
				consistent: this.#consistent,
				entityAttrFilter: false,
				select: 'COUNT',
				filters: {record: condition},
				...(from && {exclusiveStartKey: pick(from)}),
			})
			.params();
		const {Count = 0, LastEvaluatedKey} = await documents.send(new driver.document.ScanCommand(params));
		return {count: Count, next: LastEvaluatedKey as PrimaryKey | undefined};
	}

	/** A page of the items with a partition key. */
	async query(pk: string, attributes: readonly Attribute[], from: PrimaryKey | undefined): Promise<Page> {
		const {driver, table, entity, documents} = this.#table;
		const params = table
			.build(driver.toolbox.QueryCommand)
			.entities(entity)
			.query({partition: pk})
			.options(this.#pageOptions(attributes, from))
			.params();
		const {Items = [], LastEvaluatedKey} = await documents.send(new driver.document.QueryCommand(params));
		return {items: Items, next: LastEvaluatedKey as PrimaryKey | undefined};
	}

	#pageOptions(attributes: readonly Attribute[], from: PrimaryKey | undefined) {
		return {
			consistent: this.#consistent,
			entityAttrFilter: false as const,
			attributes: [...attributes],
			...(from && {exclusiveStartKey: pick(from)}),
		};
	}

	async #unlessFailed(request: Promise<unknown>): Promise<boolean> {
		try {
			await request;
			return true;
		} catch (error) {
			if (error instanceof this.#table.driver.sdk.ConditionalCheckFailedException) {
				return false;
			}
			throw error;
		}
	}
}

/** Some of the items that were asked for, and where to go on. */
export interface Page {
	/** There may be none although there are more pages. */
	readonly items: readonly RawItem[];
	/** `undefined`: there are no more. */
	readonly next: PrimaryKey | undefined;
}

/** Only the primary key, whatever else there is of an item. */
function pick({pk, sk}: PrimaryKey): {pk: string; sk: string} {
	return {pk, sk};
}
