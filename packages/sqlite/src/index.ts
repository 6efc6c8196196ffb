/**
 * Keeps the responses of got-client-cache in an SQLite database file.
 *
 * Left out on purpose: the connection, the statements and the schema, which may change between releases.
 *
 * @packageDocumentation
 */
export type {SQLiteDriver} from './driver.js';
export {SQLiteBackend, type SQLiteBackendOptions} from './sqlite-backend.js';
export {SQLiteCache} from './sqlite-cache.js';
export {SQLiteDatabase, type SQLiteDatabaseOptions} from './sqlite-database.js';
export type {SQLiteTable} from './tables.js';
