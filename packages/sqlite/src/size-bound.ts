import type {Connection, Row} from './connection.js';
import {type SQLiteTable, TABLES} from './tables.js';
import type {ChangeKind} from './write-queue.js';

/** Records that are looked at together when room must be made. */
const CANDIDATES = 200;

/** Bytes that are removed together: others get their turn in between. */
const EVICTION_BYTES = 4 * 1024 * 1024;

/** Steps for one write: who has lowered the bound by much must not wait until all of it is done. */
const MAX_STEPS = 40;

/** Bytes that are free at the most when room has been made. */
const MAX_MARGIN = 16 * 1024 * 1024;

/** Uses that are kept in mind before they are written down. */
const MAX_USES = 10_000;

/** Uses that are written down by one statement. */
const USE_BATCH = 500;

/** Milliseconds after which uses are written down behind a read. */
export const USE_INTERVAL = 60_000;

/** A time of use that lies further ahead than this is from a clock that was wrong: microseconds. */
const CLOCK_TRUST = 86_400_000_000;

const TOTAL = `SELECT value AS total FROM cache_state WHERE name = 'bytes'`;

const oldest = (condition: string): string => {
	const tables = TABLES.map(
		table =>
			`SELECT * FROM (SELECT '${table}' AS source, id, used, cost, large FROM ${table} WHERE ${condition} ORDER BY used, id LIMIT ${CANDIDATES})`,
	);
	return `${tables.join(' UNION ALL ')} ORDER BY used, id LIMIT ${CANDIDATES}`;
};
const OLDEST = oldest('TRUE');
const OLDEST_AFTER = oldest('used > ?1');

/** Not a record that has been written or used since: it keeps its id. */
const evict = (table: SQLiteTable) => `DELETE FROM ${table} WHERE id IN (SELECT value FROM json_each(?)) AND used <= ?`;

/** Not kept for those who are reading them: whoever fills a database fast with large bodies would not be bounded. */
const CONDEMN = 'UPDATE large_body SET removable = 0 WHERE removable > 0 AND id IN (SELECT value FROM json_each(?))';

const recordUses = (table: SQLiteTable) =>
	`UPDATE ${table} SET used = wanted.value FROM json_each(?) AS wanted WHERE ${table}.key = wanted.key AND (used < wanted.value OR used > ?)`;

/**
 * Keeps a database from growing beyond a number of bytes: the records used longest ago make room. What all records take is counted by triggers, so nothing is
 * ever summed up. Uses are kept in mind, and written down together: before room is made, at the end, and at most once a minute in between.
 */
export class SizeBound {
	/** Bytes. */
	readonly max: number;
	/** What the database said last; `undefined`: nothing yet. */
	#total: number | undefined;
	/** What was written here since then. */
	#written = 0;
	#lastUse = 0;
	#lastRecorded = performance.now();
	#useCount = 0;
	readonly #uses = new Map<SQLiteTable, Map<string, number>>(TABLES.map(table => [table, new Map()]));

	/** @param max bytes; `Infinity`: no bound */
	constructor(max: number) {
		this.max = max;
	}

	/** The time of a use, in epoch microseconds. Later than all before it, unless the clock was wrong: the order of uses within a tick of the clock counts too. */
	now(): number {
		const time = Date.now() * 1000;
		const isSound = this.#lastUse <= time + CLOCK_TRUST;
		this.#lastUse = isSound ? Math.max(time, this.#lastUse + 1) : time;
		return this.#lastUse;
	}

	/** A record was read. */
	use(table: SQLiteTable, key: string): void {
		// While there is plenty of room, nobody will ask.
		if (this.#total === undefined || this.#total + this.#written <= this.max / 2) {
			return;
		}
		const uses = this.#uses.get(table)!;
		if (uses.has(key)) {
			uses.set(key, this.now());
		} else if (this.#useCount < MAX_USES) {
			this.#useCount++;
			uses.set(key, this.now());
		}
	}

	/** Whether there are uses that should be written down now. */
	get isDue(): boolean {
		return (
			this.#useCount > 0 && (this.#useCount === MAX_USES || performance.now() - this.#lastRecorded >= USE_INTERVAL)
		);
	}

	/** Whether there are uses that are not written down. */
	get hasUses(): boolean {
		return this.#useCount > 0;
	}

	/** Looks how large the database is. */
	async look(connection: Connection): Promise<number> {
		const [{total} = {}] = await connection.all(TOTAL, []);
		this.#written = 0;
		this.#total = Number(total);
		return this.#total;
	}

	/**
	 * Makes room where it is needed. Must be called when nothing else is being written here.
	 *
	 * @param cost of what was written
	 * @returns whether there are large bodies now that can be removed
	 */
	async makeRoom(connection: Connection, cost: number): Promise<boolean> {
		this.#written += cost;
		// What other processes write shows when a hundredth has been written here.
		if (
			this.#total === undefined ||
			this.#total + this.#written > this.max ||
			this.#written > Math.max(this.max / 100, 1_000_000)
		) {
			if ((await this.look(connection)) > this.max) {
				await this.recordUses(connection);
				return this.#evict(connection);
			}
		}
		return false;
	}

	/** Writes down what has been used. */
	async recordUses(connection: Connection): Promise<void> {
		this.#lastRecorded = performance.now();
		this.#useCount = 0;
		for (const [table, uses] of this.#uses) {
			const entries = [...uses];
			uses.clear();
			for (let start = 0; start < entries.length; start += USE_BATCH) {
				const batch = Object.fromEntries(entries.slice(start, start + USE_BATCH));
				await connection.run(recordUses(table), [JSON.stringify(batch), latestUse()]);
			}
		}
	}

	/** A little more than is needed, so that not every write that follows has to; what many steps do not suffice for, the next write goes on with. */
	async #evict(connection: Connection): Promise<boolean> {
		const goal = this.max - Math.floor(Math.min(this.max / 64, MAX_MARGIN));
		let hasLarge = false;
		let total = this.#total!;
		for (let step = 0, before = Number.POSITIVE_INFINITY; total > goal && total < before && step < MAX_STEPS; step++) {
			const victims = chooseVictims(await findOldest(connection), Math.min(total - goal, EVICTION_BYTES));
			const latest = Math.max(...victims.map(({used}) => used));
			for (const table of TABLES) {
				const ids = victims.filter(({source}) => source === table).map(({id}) => id);
				if (ids.length > 0) {
					await connection.run(evict(table), [JSON.stringify(ids), latest]);
				}
			}
			const large = victims.flatMap(victim => (victim.large === undefined ? [] : [victim.large]));
			if (large.length > 0) {
				await connection.run(CONDEMN, [JSON.stringify(large)]);
				hasLarge = true;
			}
			before = total;
			// Not for ever where others write faster, or the count is wrong.
			total = await this.look(connection);
		}
		return hasLarge;
	}
}

/** What was used at times that have not come yet is the oldest: else it would stay, and everything that is written now would go in its place. */
async function findOldest(connection: Connection): Promise<readonly Row[]> {
	const rows = await connection.all(OLDEST_AFTER, [latestUse()]);
	return rows.length > 0 ? rows : connection.all(OLDEST, []);
}

function latestUse(): number {
	return Date.now() * 1000 + CLOCK_TRUST;
}

interface Victim {
	readonly source: unknown;
	readonly id: number;
	readonly used: number;
	readonly large: number | undefined;
}

/** The first rows, until they take so many bytes. */
function chooseVictims(rows: readonly Row[], excess: number): Victim[] {
	const victims: Victim[] = [];
	let left = excess;
	for (const {source, id, used, cost, large} of rows) {
		if (left <= 0) {
			break;
		}
		victims.push({source, id: Number(id), used: Number(used), large: large === null ? undefined : Number(large)});
		left -= Number(cost);
	}
	return victims;
}

/** Writes down what has been used. */
export const RECORD_USES: ChangeKind<SizeBound, void> = {
	perform: async (connection, [bound]) => [await bound!.recordUses(connection)],
};
