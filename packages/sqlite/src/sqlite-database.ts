import {type Awaitable, CachedSessionError, InvalidOptionError, OperationGate} from 'got-client-cache';
import type {Connection, Parameter, Row} from './connection.js';
import {ConnectionKeeper} from './connection-keeper.js';
import {databasePath} from './database-path.js';
import {checkDriver, type SQLiteDriver} from './driver.js';
import {sweepLargeBodies} from './large-bodies.js';
import {LogWatch} from './log-watch.js';
import {openConnection} from './open-connection.js';
import {STATEMENT} from './record-changes.js';
import {retryWhileBusy} from './retry-while-busy.js';
import {RECORD_USES, SizeBound} from './size-bound.js';
import {vacuum} from './vacuum.js';
import {type ChangeKeys, type ChangeKind, WriteQueue} from './write-queue.js';

/** Where a database is, and how long to wait for it. */
export interface SQLiteDatabaseOptions {
	/** Put a relative name into a folder of this user's under the system's temporary folder (requests-cache: `use_temp`). @default false */
	readonly useTemp?: boolean | undefined;
	/** How long an operation waits for a lock that another process holds, in milliseconds; then it rejects. @default 5000 */
	readonly busyTimeout?: number | undefined;
	/**
	 * Bytes that all records together may take: bodies, metadata, keys, and 200 more for each. Those used longest ago make room; a record that is larger is not kept.
	 * `Infinity`: no bound. @default 4 GiB
	 */
	readonly maxBytes?: number | undefined;
	/**
	 * What reads and writes the file: the package `sqlite3`, or `node:sqlite`, which Node.js has built in from 22.15 on.
	 * @default sqlite3 where it can be loaded, else node:sqlite
	 */
	readonly driver?: SQLiteDriver | undefined;
}

const DEFAULT_BUSY_TIMEOUT = 5000;

/** Enough for most caches to keep everything, and too little to fill a disk that nobody is looking at. */
const DEFAULT_MAX_BYTES = 4 * 1024 ** 3;

/** Milliseconds between looks for large bodies that belong to nothing any more, behind changes. */
const SWEEP_INTERVAL = 60_000;

/** Those of errors that say already which database it was. */
const OWN_CODES: readonly string[] = ['ERR_CACHE_FAULT', 'ERR_CACHE_CLOSED'];

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
	readonly log: LogWatch = new LogWatch(() =>
		this.operation(() => this.#keeper.use(connection => connection.run(PASS_WRITE_LOCK, []))),
	);
	/** Keeps it from growing too large. @internal */
	readonly bound: SizeBound;
	readonly #busyTimeout: number;
	readonly #driver: SQLiteDriver | undefined;
	readonly #keeper: ConnectionKeeper = new ConnectionKeeper(
		() => this.#connect(),
		() => this.log.stop(),
	);
	readonly #queue: WriteQueue;
	readonly #gate: OperationGate;
	#lastSweep = Number.NEGATIVE_INFINITY;
	#isRecordingUses = false;

	/** @throws InvalidOptionError where the name cannot be a file's or is a folder's, or an option is of the wrong type. */
	constructor(name: string, options: SQLiteDatabaseOptions = {}) {
		const {useTemp = false, busyTimeout = DEFAULT_BUSY_TIMEOUT, maxBytes = DEFAULT_MAX_BYTES, driver} = options;
		if (typeof useTemp !== 'boolean') {
			throw new InvalidOptionError('useTemp', useTemp, 'true or false');
		}
		if (typeof busyTimeout !== 'number' || !Number.isFinite(busyTimeout) || busyTimeout < 0) {
			throw new InvalidOptionError('busyTimeout', busyTimeout, 'a number of milliseconds, zero or more');
		}
		if (typeof maxBytes !== 'number' || Number.isNaN(maxBytes) || maxBytes < 0) {
			throw new InvalidOptionError('maxBytes', maxBytes, 'a number of bytes, zero or more, or Infinity');
		}
		checkDriver(driver);
		this.path = databasePath(name, useTemp);
		this.#gate = new OperationGate(`The cache in ${this.path}`, cause => databaseFault(this.path, cause));
		this.#busyTimeout = busyTimeout;
		this.#driver = driver;
		this.bound = new SizeBound(maxBytes);
		this.#queue = new WriteQueue((perform, deadline) => this.#perform(perform, deadline), busyTimeout);
	}

	/** The rows of a query. Queries run beside each other and beside changes. @internal */
	all(sql: string, parameters: readonly Parameter[]): Promise<readonly Row[]> {
		return this.operation(deadline => this.query(sql, parameters, deadline));
	}

	/** Changes the database, with no regard to the order of other changes; resolves to the number of rows changed. @internal */
	run(sql: string, parameters: readonly Parameter[]): Promise<number> {
		return this.change(STATEMENT, [], {sql, parameters});
	}

	/** Changes the database, in turn: see {@link WriteQueue.add}. @internal */
	change<Item, Result>(
		kind: ChangeKind<Item, Result>,
		keys: ChangeKeys,
		item: Awaitable<Item>,
		bytes?: number,
	): Promise<Result> {
		return this.operation(() => this.enqueue(kind, keys, item, bytes));
	}

	/** As {@link all}, inside an operation. @internal */
	query(sql: string, parameters: readonly Parameter[], deadline = this.#deadline()): Promise<readonly Row[]> {
		return retryWhileBusy(() => this.#keeper.use(connection => connection.all(sql, parameters)), deadline);
	}

	/** Does something again for as long as a lock is held, at most as long as a change that begins now would wait. @internal */
	patiently<T>(attempt: () => Promise<T>): Promise<T> {
		return retryWhileBusy(attempt, this.#deadline());
	}

	/** As {@link change}, inside an operation. @internal */
	enqueue<Item, Result>(
		kind: ChangeKind<Item, Result>,
		keys: ChangeKeys,
		item: Awaitable<Item>,
		bytes?: number,
	): Promise<Result> {
		this.log.forget();
		this.#sweepSometimes();
		return this.#queue.add(kind, keys, item, bytes);
	}

	/** Removes large bodies that belong to no record any more. @internal */
	async sweep(): Promise<void> {
		this.#lastSweep = performance.now();
		await sweepLargeBodies(this, Date.now());
	}

	/** Writes down what was read lately, if it is time; for after a read, which must not wait for it. @internal */
	recordUses(): void {
		// One at a time: while a lock is held, reads go on, and would pile up as many changes.
		if (this.bound.isDue && !this.#isRecordingUses) {
			this.#isRecordingUses = true;
			this.change(RECORD_USES, [], this.bound)
				.catch(() => undefined)
				.finally(() => {
					this.#isRecordingUses = false;
				});
		}
	}

	/**
	 * Gives the space of what was removed back to the file system, in small steps between which others have their turn. A database that was made with tables of version 1
	 * is written anew the first time, which takes room for a second one and holds others up.
	 *
	 * @throws CachedSessionError `ERR_CACHE_FAULT` where the database fails, or another process holds its lock for too long
	 */
	async vacuum(): Promise<void> {
		await this.sweep();
		await vacuum(this);
	}

	/** Waits for what is under way, then closes the connection; what comes later rejects with `ERR_CACHE_CLOSED`. May be called more than once. */
	close(): Promise<void> {
		this.log.stop();
		return this.#gate.close(() => this.#release());
	}

	async #release(): Promise<void> {
		if (this.bound.hasUses) {
			// Only what is lost by it is known: how long ago they were used.
			await this.#keeper.use(connection => this.bound.recordUses(connection)).catch(() => undefined);
		}
		await this.#keeper.close();
	}

	/** Whether it is closed, or about to be. @internal */
	get isClosing(): boolean {
		return this.#gate.isClosed;
	}

	/** Does something for which closing waits, and says which database it was that failed. @internal */
	operation<T>(perform: (deadline: number) => Promise<T>): Promise<T> {
		return this.#gate.run(() => perform(this.#deadline()));
	}

	#deadline(): number {
		return performance.now() + this.#busyTimeout;
	}

	async #perform<T>(perform: (connection: Connection) => Promise<T>, deadline: number): Promise<T> {
		this.log.forget();
		try {
			return await retryWhileBusy(() => this.#keeper.use(perform), deadline);
		} finally {
			this.log.forget();
		}
	}

	#sweepSometimes(): void {
		if (performance.now() - this.#lastSweep >= SWEEP_INTERVAL) {
			this.sweep().catch(() => undefined);
		}
	}

	async #connect(): Promise<Connection> {
		const {connection, log} = await openConnection(this.path, this.#deadline(), this.#driver);
		if (log !== undefined && !this.isClosing) {
			this.log.start(log);
		}
		await this.bound.look(connection).catch(() => undefined);
		return connection;
	}
}

function databaseFault(path: string, cause: unknown): CachedSessionError {
	if (cause instanceof CachedSessionError && OWN_CODES.includes(cause.code)) {
		return cause;
	}
	const reason = cause instanceof Error ? cause.message : String(cause);
	return new CachedSessionError('ERR_CACHE_FAULT', `The SQLite database ${path}: ${reason}`, {cause});
}
