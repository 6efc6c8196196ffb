import {encodeMetadata, type StoredMetadata} from 'got-client-cache';
import {BodyParts, dropParts} from './body-parts.js';
import {asFound, isNotOver} from './conditions.js';
import type {RecordKey} from './item-keys.js';
import {lifetimesOf, storableTime} from './record-life.js';
import {parseVersion} from './stored-item.js';
import type {ItemCondition, TableRequests} from './table-requests.js';
import type {WriteContext} from './write-record.js';

/**
 * Replaces the metadata of a record that still has this version: one conditional `UpdateItem`. Parts of its body live longer than the record, so they have to be renewed, too, only now and then.
 * `false`: the record is gone or was written anew.
 */
export async function renewRecord(
	{keys, grace}: WriteContext,
	requests: TableRequests,
	record: RecordKey,
	given: string,
	metadata: StoredMetadata,
): Promise<boolean> {
	const version = parseVersion(given);
	if (!version) {
		return false;
	}
	const now = Date.now();
	const {ttl, partsTtl} = lifetimesOf(metadata, grace, now);
	const {expires} = metadata;
	const changes = {
		metadata: encodeMetadata(metadata),
		expires: expires === undefined ? undefined : storableTime(expires),
		ttl,
	};
	const isSame: ItemCondition = {and: [asFound(given), isNotOver(now)]};
	if (version.parts === 0) {
		return requests.update(record, changes, isSame);
	}
	const partsLast: ItemCondition = ttl === undefined ? {attr: 'partsTtl', exists: false} : {attr: 'partsTtl', gte: ttl};
	if (await requests.update(record, changes, {and: [isSame, partsLast]})) {
		return true;
	}
	const item = await requests.get(record, ['version'], true);
	if (item?.['version'] !== given) {
		return false;
	}
	const parts = new BodyParts(keys, version);
	if (!(await parts.keepUntil(requests, partsTtl))) {
		await requests.delete(record, isSame);
		await dropParts(requests, keys, given);
		return false;
	}
	return requests.update(record, {...changes, partsTtl}, isSame);
}
