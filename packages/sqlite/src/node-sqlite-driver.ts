import {isBuiltin} from 'node:module';
import {setImmediate as nextTurn} from 'node:timers/promises';
import {pathToFileURL} from 'node:url';
import type {Connection, Parameter, Row} from './connection.js';
import {IN_MEMORY} from './database-path.js';
import type {Driver} from './driver.js';

/** The first release of Node.js whose `node:sqlite` takes URIs: only they can say that a file must not be made, or must not be written next to. */
export const NEEDED_NODE = '22.15';

/** Milliseconds that statements may take one after another before everything else in the process gets its turn. */
const TURN = 5;

/** What is used of `node:sqlite` (https://nodejs.org/api/sqlite.html). */
interface NodeSqlite {
	readonly DatabaseSync: new (path: string, options: Readonly<Record<string, boolean | number>>) => DatabaseSync;
}

interface DatabaseSync {
	exec(sql: string): void;
	prepare(sql: string): StatementSync;
	close(): void;
}

/** Resets itself after every use, after one that failed too. */
interface StatementSync {
	all(...parameters: Parameter[]): Array<Record<string, unknown>>;
	run(...parameters: Parameter[]): {readonly changes: number | bigint};
	setReadBigInts(isOn: boolean): void;
}

/** Whether this Node.js has a `node:sqlite` that can be used. Does not load it. */
export function hasNodeSqlite(): boolean {
	const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
	return isBuiltin('node:sqlite') && (major > 23 || (major === 23 && minor >= 10) || (major === 22 && minor >= 15));
}

/** The driver on `node:sqlite`, which does its work in the middle of the program's own. Where {@link hasNodeSqlite} says that there is one. */
export function nodeSqlite(): Driver {
	const {DatabaseSync} = process.getBuiltinModule('node:sqlite') as NodeSqlite;
	const open = async (name: string, readOnly: boolean, whenClosed?: () => void) => {
		const database = inSqliteTerms(
			// Defensive: what is read only may be told to take a strange file as it comes.
			() => new DatabaseSync(name, {readOnly, defensive: !readOnly, timeout: 0, enableForeignKeyConstraints: false}),
		);
		return new NodeSqliteConnection(database, whenClosed);
	};
	return {
		name: 'node:sqlite',
		// `mode=rw`: a file that has gone meanwhile is not made again, with the rights that files have by default.
		open: (file, whenClosed) => open(file === IN_MEMORY ? file : `${pathToFileURL(file)}?mode=rw`, false, whenClosed),
		openImmutable: file => open(`${pathToFileURL(file)}?immutable=1`, true),
	};
}

class NodeSqliteConnection implements Connection {
	readonly #database: DatabaseSync;
	readonly #whenClosed: (() => void) | undefined;
	readonly #statements = new Map<string, StatementSync>();
	/** Milliseconds that statements have taken since the others had their turn, or more. */
	#taken = 0;

	constructor(database: DatabaseSync, whenClosed?: () => void) {
		this.#database = database;
		this.#whenClosed = whenClosed;
	}

	async all(sql: string, parameters: readonly Parameter[]): Promise<readonly Row[]> {
		return this.#perform(() =>
			this.#prepare(sql)
				.all(...parameters)
				.map(withNumbers),
		);
	}

	async run(sql: string, parameters: readonly Parameter[]): Promise<number> {
		return this.#perform(() => Number(this.#prepare(sql).run(...parameters).changes));
	}

	async execute(sql: string): Promise<void> {
		return this.#perform(() => this.#database.exec(sql));
	}

	async close(): Promise<void> {
		this.#statements.clear();
		inSqliteTerms(() => this.#database.close());
		this.#whenClosed?.();
	}

	/** Promises that are kept at once let nothing else run between them: a long row of statements would hold up the whole process. */
	async #perform<T>(work: () => T): Promise<T> {
		const begin = performance.now();
		try {
			return inSqliteTerms(work);
		} finally {
			this.#taken += performance.now() - begin;
			if (this.#taken >= TURN) {
				this.#taken = 0;
				await nextTurn();
			}
		}
	}

	#prepare(sql: string): StatementSync {
		let statement = this.#statements.get(sql);
		if (statement === undefined) {
			statement = this.#database.prepare(sql);
			// A row with an integer that a number cannot hold could not be read otherwise.
			statement.setReadBigInts(true);
			this.#statements.set(sql, statement);
		}
		return statement;
	}
}

function withNumbers(row: Record<string, unknown>): Row {
	for (const column in row) {
		const value = row[column];
		if (typeof value === 'bigint') {
			row[column] = Number(value);
		}
	}
	return row;
}

/** SQLite's names of what can be wrong, by their numbers (https://sqlite.org/rescode.html). */
const CODES =
	'OK ERROR INTERNAL PERM ABORT BUSY LOCKED NOMEM READONLY INTERRUPT IOERR CORRUPT NOTFOUND FULL CANTOPEN PROTOCOL EMPTY SCHEMA TOOBIG CONSTRAINT MISMATCH MISUSE NOLFS AUTH FORMAT RANGE NOTADB'.split(
		' ',
	);

/** Gives errors of SQLite the codes and messages that they have with sqlite3. */
function inSqliteTerms<T>(work: () => T): T {
	try {
		return work();
	} catch (error) {
		const {errcode, message} = error as {errcode?: unknown; message: string};
		if (typeof errcode !== 'number') {
			throw error;
		}
		// The low byte; the others say more exactly what it is.
		const code = `SQLITE_${CODES[errcode & 0xff] ?? errcode}`;
		throw Object.assign(new Error(`${code}: ${message}`, {cause: error}), {code, errno: errcode});
	}
}
