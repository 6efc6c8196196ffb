import process from 'node:process';
import {jest} from '@jest/globals';
import sqlite3 from 'sqlite3';
import {checkDriver, type SQLiteDriver} from '../src/driver.js';
import {hasNodeSqlite} from '../src/node-sqlite-driver.js';

/** The drivers that there are here. */
export const DRIVERS: readonly SQLiteDriver[] = hasNodeSqlite() ? ['sqlite3', 'node:sqlite'] : ['sqlite3'];

/**
 * The driver that the tests use, those aside that use all: sqlite3, or what the environment variable `SQLITE_TEST_DRIVER` says.
 * One a run, because a process must not have one file open with two drivers, and the tests look into the files of the cache too.
 */
export const testedDriver = (process.env['SQLITE_TEST_DRIVER'] ?? 'sqlite3') as SQLiteDriver;
checkDriver(testedDriver);

/** The part of `node:sqlite` that tests use. */
interface DatabaseSync {
	exec(sql: string): void;
	prepare(sql: string): {all(): Array<Readonly<Record<string, unknown>>>};
	close(): void;
}

/** The class of `node:sqlite`, where there is one. */
export function databaseSync(): new (path: string) => DatabaseSync {
	return (process.getBuiltinModule('node:sqlite') as {DatabaseSync: new (path: string) => DatabaseSync}).DatabaseSync;
}

/** Watches what the tested driver is asked for. */
export function spyOnDriver(method: 'prepare' | 'exec') {
	const {prototype} = testedDriver === 'sqlite3' ? sqlite3.Database : databaseSync();
	return jest.spyOn(prototype as Record<'prepare' | 'exec', (sql: string) => unknown>, method);
}
