import path from 'node:path';
import {SQLiteBackend} from '@got-client-cache/sqlite';
import sqlite3 from 'sqlite3';

/** SQLite through `sqlite3`, beside one plain prepared statement of the driver, reused, on a table of its own with the same pragmas. */
export async function openSqlitePlace(folder) {
	const backend = new SQLiteBackend(path.join(folder, 'sqlite3.sqlite'), {driver: 'sqlite3'});
	const plain = await openPlain(path.join(folder, 'plain.sqlite'));
	return {
		name: 'SQLite',
		cache: backend.responses,
		baseline: {name: 'sqlite3, a reused statement', ...plain.operations},
		targets: {'read 50 at 1 KB': {atLeast: 3}, 'write 50 at 1 KB': {atLeast: 3}},
		async close() {
			await backend.close();
			await plain.close();
		},
	};
}

/** The same with the driver that Node has built in; `undefined` where it has none. */
export async function openNodeSqlitePlace(folder) {
	if (!process.getBuiltinModule?.('node:sqlite')) {
		return undefined;
	}
	const backend = new SQLiteBackend(path.join(folder, 'node.sqlite'), {driver: 'node:sqlite'});
	return {name: 'SQLite, node:sqlite', cache: backend.responses, targets: {}, close: () => backend.close()};
}

async function openPlain(file) {
	const database = await new Promise((resolve, reject) => {
		const opened = new sqlite3.Database(file, error => (error ? reject(error) : resolve(opened)));
	});
	await call(done => database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL', done));
	await call(done =>
		database.exec('CREATE TABLE plain (key TEXT PRIMARY KEY, version TEXT, metadata TEXT, body BLOB)', done),
	);
	const select = await prepare(database, 'SELECT version, metadata, body FROM plain WHERE key = ?');
	const insert = await prepare(database, 'INSERT OR REPLACE INTO plain VALUES (?, ?, ?, ?)');
	return {
		operations: {
			read: async key => {
				const [row] = await call(done => select.all([key], done));
				return row?.body.length;
			},
			write: (key, metadata, body) => call(done => insert.run([key, 'version', JSON.stringify(metadata), body], done)),
		},
		async close() {
			await Promise.all([select, insert].map(statement => call(done => statement.finalize(() => done(null)))));
			await call(done => database.close(done));
		},
	};
}

function prepare(database, sql) {
	return new Promise((resolve, reject) => {
		const statement = database.prepare(sql, error => (error ? reject(error) : resolve(statement)));
	});
}

function call(start) {
	return new Promise((resolve, reject) => start((error, value) => (error ? reject(error) : resolve(value))));
}
