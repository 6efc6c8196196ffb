import {pathToFileURL} from 'node:url';
import type sqlite3 from 'sqlite3';
import type {Database, RunResult, Statement} from 'sqlite3';
import type {Connection, Parameter, Row} from './connection.js';
import type {Driver} from './driver.js';

/** The driver on the package sqlite3, which works on threads of Node's pool. Loaded on first use: a program that only imports this package need not wait for it. */
export async function loadSqlite3(): Promise<Driver> {
	const {default: driver} = await import('sqlite3');
	const {OPEN_READWRITE, OPEN_READONLY, OPEN_URI, OPEN_FULLMUTEX} = driver;
	return {
		name: 'sqlite3',
		open: (file, whenClosed) => open(driver, file, OPEN_READWRITE | OPEN_FULLMUTEX, whenClosed),
		openImmutable: file =>
			open(driver, `${pathToFileURL(file)}?immutable=1`, OPEN_READONLY | OPEN_URI | OPEN_FULLMUTEX),
	};
}

async function open(
	driver: typeof sqlite3,
	name: string,
	mode: number,
	whenClosed?: () => void,
): Promise<Sqlite3Connection> {
	const database = await new Promise<Database>((resolve, reject) => {
		const opened: Database = new driver.Database(name, mode, error => (error ? reject(error) : resolve(opened)));
	});
	database.configure('busyTimeout', 0);
	return new Sqlite3Connection(database, whenClosed);
}

/** sqlite3's callbacks as promises. */
class Sqlite3Connection implements Connection {
	readonly #database: Database;
	readonly #whenClosed: (() => void) | undefined;
	readonly #statements = new Map<string, Statement>();
	/** Done when no statement that has failed is left in the middle; another promise after each failure. */
	#reset: Promise<unknown> | undefined;

	constructor(database: Database, whenClosed?: () => void) {
		this.#database = database;
		this.#whenClosed = whenClosed;
	}

	/** Reads to the end even where there can be only one row: sqlite3 would leave the statement in the middle. */
	async all(sql: string, parameters: readonly Parameter[]): Promise<readonly Row[]> {
		const statement = this.#statements.get(sql) ?? (await this.#prepare(sql));
		for (;;) {
			const reset = this.#reset;
			if (reset) {
				await reset;
			}
			const rows = await new Promise<Row[]>((resolve, reject) => {
				statement.all<Row>(parameters, (error, rows) => (error ? this.#fail(statement, error, reject) : resolve(rows)));
			});
			if (this.#reset === reset) {
				return rows;
			}
			// A statement has failed meanwhile, and may have kept this one at an old state.
		}
	}

	async run(sql: string, parameters: readonly Parameter[]): Promise<number> {
		const statement = this.#statements.get(sql) ?? (await this.#prepare(sql));
		return new Promise((resolve, reject) => {
			const fail = (error: Error) => this.#fail(statement, error, reject);
			statement.run(parameters, function (this: RunResult, error: Error | null) {
				error ? fail(error) : resolve(this.changes);
			});
		});
	}

	execute(sql: string): Promise<void> {
		return new Promise((resolve, reject) => {
			this.#database.exec(sql, error => (error ? reject(error) : resolve()));
		});
	}

	async close(): Promise<void> {
		const statements = [...this.#statements.values()];
		this.#statements.clear();
		await Promise.all(statements.map(statement => new Promise<void>(resolve => statement.finalize(() => resolve()))));
		await new Promise<void>((resolve, reject) => {
			this.#database.close(error => (error ? reject(error) : resolve()));
		});
		this.#whenClosed?.();
	}

	/** A statement that could not have a lock stays in the middle until it is reset. */
	#fail(statement: Statement, error: Error, reject: (error: Error) => void): void {
		const reset = new Promise<void>(resolve => statement.reset(() => resolve()));
		this.#reset = Promise.all([this.#reset, reset]).then(() => reject(error));
	}

	/** Must be awaited before the statement is used: sqlite3 drops, without a word, what waits for a statement that cannot be prepared. */
	async #prepare(sql: string): Promise<Statement> {
		const statement = await new Promise<Statement>((resolve, reject) => {
			const prepared = this.#database.prepare(sql, (error: Error | null) =>
				error ? reject(error) : resolve(prepared),
			);
		});
		const earlier = this.#statements.get(sql);
		if (earlier) {
			statement.finalize();
			return earlier;
		}
		this.#statements.set(sql, statement);
		return statement;
	}
}
