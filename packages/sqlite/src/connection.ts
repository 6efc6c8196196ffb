/** What a statement can be given. */
export type Parameter = string | number | Uint8Array | null;

/**
 * A row, by column. A database is a file that anybody may have written, so nothing is known of the values.
 * Blobs are `Uint8Array`s, and integers numbers: those that a number cannot hold are rounded.
 */
export type Row = Readonly<Record<string, unknown>>;

/**
 * An open database: what this package asks of a driver, and no more.
 *
 * What fails rejects with an `Error` whose `code` is SQLite's name for what is wrong (`SQLITE_BUSY`, `SQLITE_FULL`, …). A connection never waits for a lock:
 * that is the business of `retryWhileBusy`. No statement is ever left in the middle, not even one that has failed: it would keep the whole connection
 * at the state of the database that it began with.
 */
export interface Connection {
	/** All rows that a statement gives. The statement is prepared on first use and kept. */
	all(sql: string, parameters: readonly Parameter[]): Promise<readonly Row[]>;

	/**
	 * Runs a statement that gives no rows; resolves to how many it changed, those that its triggers changed not counted.
	 * The statement is prepared on first use and kept.
	 */
	run(sql: string, parameters: readonly Parameter[]): Promise<number>;

	/** Runs statements that give no rows, one after another, without keeping them. */
	execute(sql: string): Promise<void>;

	/** Must not be called before what was begun has ended. */
	close(): Promise<void>;
}
