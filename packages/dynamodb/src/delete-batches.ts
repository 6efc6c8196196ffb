import {setTimeout as sleep} from 'node:timers/promises';
import type {PrimaryKey} from './item-keys.js';
import type {OpenTable} from './open-table.js';

type Target = Pick<OpenTable, 'driver' | 'documents' | 'name'>;

/** DynamoDB's limit. */
const BATCH = 25;

/** How often the rest of a batch is tried before it is given up. */
const ATTEMPTS = 6;

/** Half of the longest wait before the second attempt, in milliseconds; it doubles with each. */
const FIRST_WAIT = 25;

/** Removes items by `BatchWriteItem`, and what DynamoDB leaves undone of a batch again, after waits that grow. */
export async function deleteBatches(table: Target, keys: readonly PrimaryKey[]): Promise<void> {
	for (let start = 0; start < keys.length; start += BATCH) {
		await deleteBatch(table, keys.slice(start, start + BATCH));
	}
}

async function deleteBatch(table: Target, keys: readonly PrimaryKey[]): Promise<void> {
	let left = keys;
	for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
		if (attempt > 0) {
			// Anywhere up to the longest wait, so that those who were throttled together do not come back together.
			await sleep(Math.random() * FIRST_WAIT * 2 ** attempt);
		}
		left = await send(table, left);
		if (left.length === 0) {
			return;
		}
	}
	throw new Error(`${left.length} of ${keys.length} items were not deleted: the table is throttled`);
}

/** Resolves to what was left undone. */
async function send({driver, documents, name}: Target, keys: readonly PrimaryKey[]): Promise<readonly PrimaryKey[]> {
	const requests = keys.map(Key => ({DeleteRequest: {Key}}));
	const {UnprocessedItems} = await documents.send(
		new driver.document.BatchWriteCommand({RequestItems: {[name]: requests}}),
	);
	const left = Object.values(UnprocessedItems ?? {}).flat();
	return left.map(({DeleteRequest}) => DeleteRequest?.Key as PrimaryKey);
}
