import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import sqlite3 from 'sqlite3';

/** A connection past this package: to see what is in a file, or to put there what does not belong. */
export class RawDatabase {
	readonly #database: sqlite3.Database;

	private constructor(database: sqlite3.Database) {
		this.#database = database;
	}

	static async open(file: string): Promise<RawDatabase> {
		return new Promise((resolve, reject) => {
			const database: sqlite3.Database = new sqlite3.Database(file, error =>
				error ? reject(error) : resolve(new RawDatabase(database)),
			);
		});
	}

	/** Opens, runs statements and closes. */
	static async execute(file: string, sql: string): Promise<void> {
		const database = await RawDatabase.open(file);
		await database.execute(sql);
		await database.close();
	}

	/** Opens, reads rows and closes. */
	static async query(file: string, sql: string): Promise<ReadonlyArray<Readonly<Record<string, unknown>>>> {
		const database = await RawDatabase.open(file);
		const rows = await database.query(sql);
		await database.close();
		return rows;
	}

	execute(sql: string): Promise<void> {
		return new Promise((resolve, reject) => {
			this.#database.exec(sql, error => (error ? reject(error) : resolve()));
		});
	}

	query(sql: string): Promise<ReadonlyArray<Readonly<Record<string, unknown>>>> {
		return new Promise((resolve, reject) => {
			this.#database.all<Record<string, unknown>>(sql, (error, rows) => (error ? reject(error) : resolve(rows)));
		});
	}

	close(): Promise<void> {
		return new Promise((resolve, reject) => {
			this.#database.close(error => (error ? reject(error) : resolve()));
		});
	}
}

/** Every file beside a database, with its bytes: to see that nothing was touched. */
export function bytesBeside(file: string): Record<string, string> {
	const folder = path.dirname(file);
	const names = readdirSync(folder).sort();
	return Object.fromEntries(names.map(name => [name, readFileSync(path.join(folder, name)).toString('base64')]));
}
