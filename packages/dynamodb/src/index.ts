/**
 * Keeps the responses of got-client-cache in a DynamoDB table.
 *
 * Left out on purpose: the requests and the layout of items, which may change between releases.
 *
 * @packageDocumentation
 */

export type {DynamoDBCacheOptions} from './cache-options.js';
export type {CreatedTable} from './create-table.js';
export {DynamoDBBackend, type DynamoDBBackendOptions} from './dynamodb-backend.js';
export {DynamoDBCache} from './dynamodb-cache.js';
export {DynamoDBTable} from './dynamodb-table.js';
export type {DynamoDBStore} from './item-keys.js';
export type {DynamoDBTableOptions} from './table-options.js';
