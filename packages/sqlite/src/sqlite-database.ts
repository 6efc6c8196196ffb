import {CachedSessionError, InvalidOptionError} from 'got-client-cache';
import type {Connection, Parameter, Row} from './connection.js';
import {databasePath} from './database-path.js';
import {LogWatch} from './log-watch.js';
import {openConnection} from './open-connection.js';
import {retryWhileBusy} from './retry-while-busy.js';

/** Where a database is, and how long to wait for it. */
export interface SQLiteDatabaseOptions {
	/** Put a relative name into a folder of this user's under the system's temporary folder (requests-cache: `use_temp`). @default false */
	readonly useTemp?: boolean | undefined;
	/** How long an operation waits for a lock that another process holds, in milliseconds; then it rejects. @default 5000 */
	readonly busyTimeout?: number | undefined;
}

const DEFAULT_BUSY_TIMEOUT = 5000;

/** Takes the lock for writing, and lets go of it at its end, having written nothing. */
const PASS_WRITE_LOCK = 'DELETE FROM responses WHERE 0';

/**
 * A database file and the one connection to it, which the caches of a backend share. It is opened by the first operation;
 * when that fails, the next operation tries again. Nothing that is done here deletes a file.
 */
export class SQLiteDatabase {
	/** The absolute path of the file, or `:memory:`. */
	readonly path: string;
	/** Tells whether the database is still as it was. @internal */
	readonly log: LogWatch = new LogWatch(() => this.#operation(async () => this.#connection?.run(PASS_WRITE_LOCK, [])));
	readonly #busyTimeout: number;
	#connection: Connection | undefined;
	#opening: Promise<Connection> | undefined;
	#lastWrite: Promise<unknown> = Promise.resolve();
	#underWay = 0;
	#whenIdle: (() => void) | undefined;
	#closing: Promise<void> | undefined;

	/** @throws InvalidOptionError where the name cannot be a file's or is a folder's, or an option is of the wrong type. */
	constructor(name: string, options: SQLiteDatabaseOptions = {}) {
		const {useTemp = false, busyTimeout = DEFAULT_BUSY_TIMEOUT} = options;
		if (typeof useTemp !== 'boolean') {
			throw new InvalidOptionError('useTemp', useTemp, 'true or false');
		}
		if (typeof busyTimeout !== 'number' || !Number.isFinite(busyTimeout) || busyTimeout < 0) {
			throw new InvalidOptionError('busyTimeout', busyTimeout, 'a number of milliseconds, zero or more');
		}
		this.path = databasePath(name, useTemp);
		this.#busyTimeout = busyTimeout;
	}

	/** The rows of a query. Queries run beside each other and beside writes. @internal */
	all(sql: string, parameters: readonly Parameter[]): Promise<readonly Row[]> {
		return this.#operation(async deadline => {
			const connection = this.#connection ?? (await this.#open());
			return retryWhileBusy(() => connection.all(sql, parameters), deadline);
		});
	}

	/** Changes the database, after all changes asked for before; resolves to the number of rows changed. @internal */
	run(sql: string, parameters: readonly Parameter[]): Promise<number> {
		this.log.forget();
		return this.#operation(deadline => {
			// A change that had to wait for a lock must not land on top of a later one.
			const write = this.#lastWrite.then(async () => {
				const connection = this.#connection ?? (await this.#open());
				return retryWhileBusy(() => connection.run(sql, parameters), deadline).finally(() => this.log.forget());
			});
			this.#lastWrite = write.catch(() => undefined);
			return write;
		});
	}

	/** Waits for what is under way, then closes the connection; what comes later rejects with `ERR_CACHE_CLOSED`. May be called more than once. */
	close(): Promise<void> {
		this.log.stop();
		this.#closing ??= this.#close();
		return this.#closing;
	}

	async #close(): Promise<void> {
		if (this.#underWay > 0) {
			await new Promise<void>(resolve => {
				this.#whenIdle = resolve;
			});
		}
		await this.#connection?.close();
		this.#connection = undefined;
	}

	async #operation<T>(perform: (deadline: number) => Promise<T>): Promise<T> {
		if (this.#closing) {
			throw new CachedSessionError('ERR_CACHE_CLOSED', `The cache in ${this.path} is closed`);
		}
		this.#underWay++;
		try {
			return await perform(performance.now() + this.#busyTimeout);
		} catch (cause) {
			const reason = cause instanceof Error ? cause.message : String(cause);
			throw new CachedSessionError('ERR_CACHE_FAULT', `The SQLite database ${this.path}: ${reason}`, {cause});
		} finally {
			this.#underWay--;
			if (this.#underWay === 0) {
				this.#whenIdle?.();
			}
		}
	}

	/** One attempt at a time, which all operations that need it share; a failed one is forgotten. */
	#open(): Promise<Connection> {
		this.#opening ??= this.#connect().catch(error => {
			this.#opening = undefined;
			throw error;
		});
		return this.#opening;
	}

	async #connect(): Promise<Connection> {
		const {connection, log} = await openConnection(this.path, performance.now() + this.#busyTimeout);
		if (log !== undefined && !this.#closing) {
			this.log.start(log);
		}
		this.#connection = connection;
		return connection;
	}
}
