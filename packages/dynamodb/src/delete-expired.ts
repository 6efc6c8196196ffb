import {dropParts} from './body-parts.js';
import {asFound} from './conditions.js';
import type {ItemKeys, PrimaryKey} from './item-keys.js';
import {isOverdue, storableTime} from './record-life.js';
import {isOver, parseVersion, type RawItem} from './stored-item.js';
import type {Attribute, ItemCondition, TableRequests} from './table-requests.js';

/** What has to be known of records and of parts. */
export const SWEEP_ATTRIBUTES: readonly Attribute[] = ['pk', 'sk', 'version', 'ttl', 'written', 'ownerPk', 'ownerSk'];

/** The records that have expired, and all parts. @param now epoch milliseconds */
export function sweepCondition(keys: ItemKeys, now: number): ItemCondition {
	return {
		or: [
			{
				and: [
					{attr: 'pk', beginsWith: keys.records},
					{attr: 'expires', lte: storableTime(now)},
				],
			},
			{attr: 'pk', beginsWith: keys.parts},
		],
	};
}

/** Removes a record that has expired, unless it was renewed or written anew since it was found. `false`: it was, or was not to be seen any more. */
export async function sweepRecord(
	requests: TableRequests,
	keys: ItemKeys,
	item: RawItem,
	now: number,
): Promise<boolean> {
	const {version} = item;
	const isDeleted = await requests.delete(primaryKeyOf(item), {
		and: [asFound(version), {attr: 'expires', lte: storableTime(now)}],
	});
	if (isDeleted) {
		await dropParts(requests, keys, version);
	}
	return isDeleted && !isOver(item, Date.now());
}

/** Tells which parts have no record, as those that a process has left that was killed. */
export class OrphanFinder {
	readonly #keys: ItemKeys;
	/** By id, whether the version is the one that is to be seen. */
	readonly #isVisible = new Map<string, Promise<boolean>>();

	constructor(keys: ItemKeys) {
		this.#keys = keys;
	}

	/** Those of a young version are spared: its record may be about to be written. */
	async isOrphan(requests: TableRequests, part: RawItem): Promise<boolean> {
		const now = Date.now();
		if (isOver(part, now)) {
			return true;
		}
		if (!isOverdue(part['written'], now)) {
			return false;
		}
		const id = this.#keys.idOfPart(String(part['pk']));
		const isVisible = this.#isVisible.get(id) ?? this.#look(requests, id, part);
		this.#isVisible.set(id, isVisible);
		return !(await isVisible);
	}

	async #look(requests: TableRequests, id: string, {ownerPk, ownerSk}: RawItem): Promise<boolean> {
		if (typeof ownerPk !== 'string' || typeof ownerSk !== 'string' || ownerPk === '' || ownerSk === '') {
			return false;
		}
		const owner = await requests.get({pk: ownerPk, sk: ownerSk}, ['version'], true);
		return parseVersion(owner?.['version'])?.id === id;
	}
}

/** The primary key of an item that a table has given: it cannot be without one. */
export function primaryKeyOf({pk, sk}: RawItem): PrimaryKey {
	return {pk: String(pk), sk: String(sk)};
}
