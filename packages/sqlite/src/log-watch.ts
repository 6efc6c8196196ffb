/**
 * Tells, without asking SQLite, whether a database is still as it was: asking costs a hop to another thread and back, looking at a file does not.
 *
 * The invariant: a {@link DatabaseState} is given out only while every commit, of whichever process, that was visible to anybody
 * is visible to a read that began after that state was first given out. So what such a read has found is true for as long as the state is given out.
 *
 * It holds because
 * - a commit writes to the write-ahead log before it becomes visible, which sets the log's times, and nothing else makes a commit;
 * - the times come from a clock that ticks, so a second commit within a tick would not show: a state begins only after the log has looked the same
 *   for longer than any tick;
 * - between writing to the log and becoming visible (a sync may lie between, or the process may be stopped) a commit holds the lock for writing:
 *   a state begins only after that lock has been taken and let go, while the log has looked the same ever since.
 */
import {type Stats, statSync} from 'node:fs';

/** Stands for one state of a database. Never used again once the database may have changed. */
export type DatabaseState = symbol;

/** Milliseconds for which a log must look the same. The clocks of kernels tick every 1 to 10, and may stand still for a few ticks. */
export const PATIENCE = 100;

/** The same for times in whole seconds, as some file systems keep them; on FAT they are even ones. */
export const COARSE_PATIENCE = 3000;

interface Sighting {
	readonly status: Stats;
	/** The time of the clock at which it was first seen. */
	readonly since: number;
}

/** Watches the write-ahead log of one open connection. Gives out no state before `start` and after `stop`. */
export class LogWatch {
	readonly #passWriteLock: () => Promise<unknown>;
	readonly #clock: () => number;
	#log: string | undefined;
	#first: Stats | undefined;
	#seen: Sighting | undefined;
	#state: DatabaseState | undefined;
	#isSettling = false;

	/**
	 * @param passWriteLock takes the lock for writing and lets go of it, changing nothing; rejects where another holds it
	 * @param clock milliseconds that nobody sets back; real time, because the file system's ticks are
	 */
	constructor(passWriteLock: () => Promise<unknown>, clock = () => performance.now()) {
		this.#passWriteLock = passWriteLock;
		this.#clock = clock;
	}

	/** @param log the path of the log that the connection has open; while it does, SQLite never replaces that file */
	start(log: string): void {
		// Windows may write a file's time long after its bytes.
		if (process.platform !== 'win32') {
			this.#log = log;
			this.#first = look(log);
		}
	}

	/** For good, unless it is started again. */
	stop(): void {
		this.#log = undefined;
		this.forget();
	}

	/** The database may have changed, or is about to: by a change of our own, which need not wait for the file system to say so. */
	forget(): void {
		this.#seen = undefined;
		this.#state = undefined;
	}

	/** The state that the database is in at this moment, where that is known. Looks at the log once, and never throws. */
	state(): DatabaseState | undefined {
		if (this.#log === undefined) {
			return undefined;
		}
		const status = look(this.#log);
		if (status === undefined || status.ino !== this.#first?.ino || status.dev !== this.#first.dev) {
			// The file was removed or replaced under the connection, which goes on with a log that cannot be seen any more.
			this.stop();
			return undefined;
		}
		if (this.#seen === undefined || !isSame(status, this.#seen.status)) {
			this.#see(status);
		}
		return this.#state;
	}

	/** Begins what a new state needs, if it is time; for after a read, which must not wait for it. */
	settle(): void {
		const seen = this.#seen;
		if (seen === undefined || this.#state !== undefined || this.#isSettling) {
			return;
		}
		if (this.#clock() - seen.since >= patienceFor(seen.status)) {
			this.#isSettling = true;
			void this.#settle(seen);
		}
	}

	async #settle(seen: Sighting): Promise<void> {
		const isFree = await this.#passWriteLock().then(
			() => true,
			() => false,
		);
		this.#isSettling = false;
		if (this.#seen === seen) {
			if (isFree) {
				this.#state = Symbol('database state');
			} else {
				// Somebody is changing the database: not again with every read.
				this.#see(seen.status);
			}
		}
	}

	#see(status: Stats): void {
		this.#seen = {status, since: this.#clock()};
		this.#state = undefined;
	}
}

/** By path: to open a file that SQLite has open, and to close it, would take SQLite's locks away. */
function look(file: string): Stats | undefined {
	try {
		return statSync(file, {throwIfNoEntry: false});
	} catch {
		return undefined;
	}
}

/** Numbers tell times apart that are a quarter of a microsecond apart, and those of two commits are further apart than a tick. */
function isSame(one: Stats, other: Stats): boolean {
	// Who sets `mtime` back, as a backup does, sets `ctime`.
	return one.mtimeMs === other.mtimeMs && one.ctimeMs === other.ctimeMs && one.size === other.size;
}

function patienceFor({mtimeMs}: Stats): number {
	return mtimeMs % 1000 === 0 ? COARSE_PATIENCE : PATIENCE;
}
