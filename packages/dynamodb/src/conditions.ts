import type {ItemKeys} from './item-keys.js';
import {ITEM_FORMAT} from './stored-item.js';
import type {ItemCondition} from './table-requests.js';

/** That an item still has the version that was found, of whatever type that was. */
export function asFound(version: unknown): ItemCondition {
	return typeof version === 'string' ? {attr: 'version', eq: version} : {not: {attr: 'version', type: 'S'}};
}

/** That DynamoDB should not have removed an item by now; it may take days to. @param now epoch milliseconds */
export function isNotOver(now: number): ItemCondition {
	return {
		or: [
			{attr: 'ttl', exists: false},
			{attr: 'ttl', gt: now / 1000},
		],
	};
}

/** The records of a cache that are there: DynamoDB removes them days after their time. */
export function visibleRecords(keys: ItemKeys): ItemCondition {
	return {and: [{attr: 'pk', beginsWith: keys.records}, {attr: 'format', eq: ITEM_FORMAT}, isNotOver(Date.now())]};
}

/** All that belongs to a cache, whatever it is. */
export function allItems({records, parts}: ItemKeys): ItemCondition {
	return {
		or: [
			{attr: 'pk', beginsWith: records},
			{attr: 'pk', beginsWith: parts},
		],
	};
}
