import type {Connection} from './connection.js';

/** A connection, and how many are using it. */
interface Kept {
	readonly connection: Connection;
	users: number;
	/** Nobody is given it any more; called when nobody uses it. */
	retire: (() => void) | undefined;
}

/** What SQLite says when the file, or what the connection knows of it, is not what it should be: a new connection may find it mended. */
const BROKEN = /^SQLITE_(CORRUPT|NOTADB|IOERR|CANTOPEN)/;

/**
 * The one connection to a database. It is opened by the first who needs it; when that fails, or the connection breaks, the next one tries again.
 * A connection that broke is closed when the last one has finished with it.
 */
export class ConnectionKeeper {
	readonly #open: () => Promise<Connection>;
	readonly #onBroken: () => void;
	#kept: Kept | undefined;
	#opening: Promise<Kept> | undefined;
	/** Done when connections that were given up are closed. */
	#retired: Promise<unknown> = Promise.resolve();

	/** @param onBroken called when a connection is given up */
	constructor(open: () => Promise<Connection>, onBroken: () => void) {
		this.#open = open;
		this.#onBroken = onBroken;
	}

	/** Does something with the connection; rejects as that does, or when there is none to be had. */
	async use<T>(perform: (connection: Connection) => Promise<T>): Promise<T> {
		const kept = this.#kept ?? (await this.#connect());
		kept.users++;
		try {
			return await perform(kept.connection);
		} catch (error) {
			if (isBroken(error)) {
				this.#giveUp(kept);
			}
			throw error;
		} finally {
			kept.users--;
			if (kept.users === 0) {
				kept.retire?.();
			}
		}
	}

	#giveUp(kept: Kept): void {
		if (this.#kept === kept) {
			this.#kept = undefined;
			this.#onBroken();
			const unused = new Promise<void>(resolve => {
				kept.retire = resolve;
			});
			const closed = unused.then(() => kept.connection.close()).catch(() => undefined);
			this.#retired = Promise.all([this.#retired, closed]);
		}
	}

	/** Must not be called before what was begun has ended. */
	async close(): Promise<void> {
		const kept = this.#kept;
		this.#kept = undefined;
		await this.#retired;
		await kept?.connection.close();
	}

	/** One attempt at a time, which all who need it share; a failed one is forgotten. */
	#connect(): Promise<Kept> {
		// The last one to close a file takes away its log, by name: that must not be a new one's.
		this.#opening ??= this.#retired
			.then(() => this.#open())
			.then(connection => {
				this.#kept = {connection, users: 0, retire: undefined};
				return this.#kept;
			})
			.finally(() => {
				this.#opening = undefined;
			});
		return this.#opening;
	}
}

/** Whether an error says that a connection is of no more use. */
export function isBroken(error: unknown): boolean {
	const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
	return typeof code === 'string' && BROKEN.test(code);
}
