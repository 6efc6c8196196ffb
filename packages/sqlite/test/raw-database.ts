import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {promisify} from 'node:util';
import sqlite3 from 'sqlite3';
import {databaseSync, testedDriver} from './tested-driver.js';

type Rows = ReadonlyArray<Readonly<Record<string, unknown>>>;

/** What it needs of a driver. */
interface RawConnection {
	exec(sql: string): unknown;
	all(sql: string): Rows | Promise<Rows>;
	close(): unknown;
}

/** A connection past this package, with the tested driver: to see what is in a file, or to put there what does not belong. */
export class RawDatabase {
	readonly #connection: RawConnection;

	private constructor(connection: RawConnection) {
		this.#connection = connection;
	}

	static async open(file: string): Promise<RawDatabase> {
		return new RawDatabase(testedDriver === 'sqlite3' ? await connectSqlite3(file) : connectNodeSqlite(file));
	}

	/** Opens, runs statements and closes. */
	static async execute(file: string, sql: string): Promise<void> {
		const database = await RawDatabase.open(file);
		await database.execute(sql);
		await database.close();
	}

	/** Opens, reads rows and closes. */
	static async query(file: string, sql: string): Promise<Rows> {
		const database = await RawDatabase.open(file);
		const rows = await database.query(sql);
		await database.close();
		return rows;
	}

	async execute(sql: string): Promise<void> {
		await this.#connection.exec(sql);
	}

	async query(sql: string): Promise<Rows> {
		return this.#connection.all(sql);
	}

	async close(): Promise<void> {
		await this.#connection.close();
	}
}

async function connectSqlite3(file: string): Promise<RawConnection> {
	const database = await new Promise<sqlite3.Database>((resolve, reject) => {
		const opened: sqlite3.Database = new sqlite3.Database(file, error => (error ? reject(error) : resolve(opened)));
	});
	return {
		exec: promisify(database.exec.bind(database)),
		all: promisify<string, Rows>(database.all.bind(database)),
		close: promisify(database.close.bind(database)),
	};
}

function connectNodeSqlite(file: string): RawConnection {
	const database = new (databaseSync())(file);
	return {
		exec: sql => database.exec(sql),
		all: sql => database.prepare(sql).all(),
		close: () => database.close(),
	};
}

/** Every file beside a database, with its bytes: to see that nothing was touched. */
export function bytesBeside(file: string): Record<string, string> {
	const folder = path.dirname(file);
	const names = readdirSync(folder).sort();
	return Object.fromEntries(names.map(name => [name, readFileSync(path.join(folder, name)).toString('base64')]));
}
