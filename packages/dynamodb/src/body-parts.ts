import {inParallel} from './in-parallel.js';
import type {ItemKeys, PrimaryKey} from './item-keys.js';
import {parseVersion, type Version} from './stored-item.js';
import type {ItemCondition, TableRequests} from './table-requests.js';
import {PARTS_AT_ONCE} from './write-body.js';

const EXISTS: ItemCondition = {attr: 'pk', exists: true};

/** The parts of the body of one version. */
export class BodyParts {
	readonly #keys: readonly PrimaryKey[];

	/** Sends nothing. */
	constructor(keys: ItemKeys, {id, parts}: Version) {
		this.#keys = Array.from({length: parts}, (_, index) => keys.partOf(id, index));
	}

	/** How many there are. */
	get count(): number {
		return this.#keys.length;
	}

	/** Bytes of a part, or `undefined` where there are none. Parts never change, so one that is seen late only has to be asked for again. */
	async read(requests: TableRequests, index: number): Promise<Uint8Array | undefined> {
		const key = this.#keys[index]!;
		const item = (await requests.get(key, ['body'], false)) ?? (await requests.get(key, ['body'], true));
		return item?.['body'] instanceof Uint8Array ? item['body'] : undefined;
	}

	/** Sets how long they are kept, in epoch seconds. `false`: some of them are gone. */
	async keepUntil(requests: TableRequests, ttl: number | undefined): Promise<boolean> {
		let areThere = true;
		await inParallel(this.#keys, PARTS_AT_ONCE, async key => {
			const isThere = await requests.update(key, {ttl}, EXISTS);
			areThere &&= isThere;
		});
		return areThere;
	}

	/** Removes them. Rejects when DynamoDB leaves some of them undone again and again. */
	async delete(requests: TableRequests): Promise<void> {
		await requests.deleteAll(this.#keys);
	}
}

/**
 * Removes the parts of a version that nobody can see any more. What cannot be removed is left to its time to live and to `deleteExpired`: what was asked for is done.
 *
 * @param version as it was found, of whatever type
 */
export async function dropParts(requests: TableRequests, keys: ItemKeys, version: unknown): Promise<void> {
	const parsed = parseVersion(version);
	if (parsed && parsed.parts > 0) {
		await new BodyParts(keys, parsed).delete(requests).catch(() => undefined);
	}
}
