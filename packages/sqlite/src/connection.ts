import {pathToFileURL} from 'node:url';
import type {Database, RunResult, Statement} from 'sqlite3';

/** What a statement can be given. */
export type Parameter = string | number | Uint8Array | null;

/** A row, by column. A database is a file that anybody may have written, so nothing is known of the values. */
export type Row = Readonly<Record<string, unknown>>;

/** sqlite3's callbacks as promises, and its prepared statements, each made on first use and kept. */
export class Connection {
	readonly #database: Database;
	readonly #statements = new Map<string, Statement>();
	/** Done when no statement that has failed is left in the middle; another promise after each failure. */
	#reset: Promise<unknown> | undefined;

	private constructor(database: Database) {
		this.#database = database;
	}

	/** Opens a file that is there. */
	static async open(file: string): Promise<Connection> {
		const {OPEN_READWRITE, OPEN_FULLMUTEX} = await loadDriver();
		return Connection.#open(file, OPEN_READWRITE | OPEN_FULLMUTEX);
	}

	/** Opens a file to read its own pages, without locks, and without looking at journals that may be beside it: nothing at all is written. */
	static async openImmutable(file: string): Promise<Connection> {
		const {OPEN_READONLY, OPEN_URI, OPEN_FULLMUTEX} = await loadDriver();
		return Connection.#open(`${pathToFileURL(file)}?immutable=1`, OPEN_READONLY | OPEN_URI | OPEN_FULLMUTEX);
	}

	static async #open(name: string, mode: number): Promise<Connection> {
		const driver = await loadDriver();
		const database = await new Promise<Database>((resolve, reject) => {
			const opened: Database = new driver.Database(name, mode, error => (error ? reject(error) : resolve(opened)));
		});
		// Waiting for locks is the business of `retryWhileBusy`.
		database.configure('busyTimeout', 0);
		return new Connection(database);
	}

	/**
	 * All rows that a statement gives. It is read to its end even where there can be only one row: a statement that is left in the middle
	 * keeps the whole connection at the state of the database that it began with.
	 */
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

	/** Runs a statement that gives no rows; resolves to how many it changed, those that its triggers changed not counted. */
	async run(sql: string, parameters: readonly Parameter[]): Promise<number> {
		const statement = this.#statements.get(sql) ?? (await this.#prepare(sql));
		return new Promise((resolve, reject) => {
			const fail = (error: Error) => this.#fail(statement, error, reject);
			statement.run(parameters, function (this: RunResult, error: Error | null) {
				error ? fail(error) : resolve(this.changes);
			});
		});
	}

	/** Runs statements that give no rows, without keeping them. */
	execute(sql: string): Promise<void> {
		return new Promise((resolve, reject) => {
			this.#database.exec(sql, error => (error ? reject(error) : resolve()));
		});
	}

	/** Must not be called before what was begun has ended. */
	async close(): Promise<void> {
		const statements = [...this.#statements.values()];
		this.#statements.clear();
		await Promise.all(statements.map(statement => new Promise<void>(resolve => statement.finalize(() => resolve()))));
		await new Promise<void>((resolve, reject) => {
			this.#database.close(error => (error ? reject(error) : resolve()));
		});
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

/** Loaded on first use: a program that only imports this package need not wait for it. */
async function loadDriver() {
	return (await import('sqlite3')).default;
}
