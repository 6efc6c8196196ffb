import {InvalidOptionError} from 'got-client-cache';

/** What is kept in a table, and for how long. */
export interface DynamoDBCacheOptions {
	/** Stands before all keys, so that several caches can share a table: up to 100 letters, digits and any of `. _ : / @ -`. @default '' */
	readonly namespace?: string | undefined;
	/** Seconds for which a record is kept beyond the time in which it may be served stale, so that it can still be validated; `Infinity`: no record is ever removed by DynamoDB. @default 86,400, a day */
	readonly grace?: number | undefined;
	/** Bytes that a body may have. One that has more is not stored, and what it would have replaced is removed; it is also the default of the setting `maxBodySize`, unless that is lower. @default 10 MiB */
	readonly maxRecordSize?: number | undefined;
}

/** The names of the options. */
export const CACHE_OPTION_NAMES = ['namespace', 'grace', 'maxRecordSize'] as const;

const DAY = 86_400;
const DEFAULT_MAX_RECORD_SIZE = 10 * 1024 * 1024;

/** @throws InvalidOptionError */
export function checkCacheOptions(options: DynamoDBCacheOptions): {
	namespace: string;
	grace: number;
	maxRecordSize: number;
} {
	const {namespace = '', grace = DAY, maxRecordSize = DEFAULT_MAX_RECORD_SIZE} = options;
	if (typeof namespace !== 'string' || !/^[\w.:/@-]{0,100}$/.test(namespace)) {
		throw new InvalidOptionError('namespace', namespace, 'up to 100 of a-z A-Z 0-9 . _ : / @ -');
	}
	if (typeof grace !== 'number' || !(grace >= 0)) {
		throw new InvalidOptionError('grace', grace, 'a number of seconds, zero or more, or Infinity');
	}
	if (typeof maxRecordSize !== 'number' || !(maxRecordSize >= 0)) {
		throw new InvalidOptionError('maxRecordSize', maxRecordSize, 'a number of bytes, zero or more, or Infinity');
	}
	return {namespace, grace, maxRecordSize};
}
