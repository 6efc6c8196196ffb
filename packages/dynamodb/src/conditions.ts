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
