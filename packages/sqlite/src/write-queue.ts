import type {Awaitable} from 'got-client-cache';
import type {Connection} from './connection.js';
import {isBroken} from './connection-keeper.js';
import {isBusy} from './retry-while-busy.js';

/** A kind of change: what is done by one statement together, and how. */
export interface ChangeKind<Item, Result> {
	/** How many are done together. @default 1 */
	readonly maxCount?: number;
	/** How many bytes are done together; one that has more is done by itself. @default Infinity */
	readonly maxBytes?: number;
	/** Whether those that are done together may have a key in common: they are then done in their order. @default false */
	readonly mayShareKeys?: boolean;
	/** Does them all, or none of them and rejects. Gives a result for each, in their order. */
	perform(connection: Connection, items: readonly Item[]): Promise<readonly Result[]>;
}

/**
 * What a change is about: it happens after all changes asked for before that have a key in common with it. `'all'`: after all of them that have keys,
 * and before all later ones. Without keys it may happen at any time.
 */
export type ChangeKeys = readonly string[] | 'all';

/** Performs a group once, or again while a lock is held, up to a time; rejects with what SQLite said. */
export type PerformGroup = <T>(perform: (connection: Connection) => Promise<T>, deadline: number) => Promise<T>;

interface Change {
	readonly kind: ChangeKind<unknown, unknown>;
	readonly keys: ChangeKeys;
	readonly bytes: number;
	/** What to do; `undefined`: not known yet. */
	item: {readonly value: unknown} | undefined;
	deadline: number;
	resolve(result: unknown): void;
	reject(error: unknown): void;
}

/**
 * Changes that wait for their turn. Those that come in one tick, or while others are under way, are done together where they are of one kind.
 *
 * The invariant: changes with a key in common happen in the order in which they were asked for, each once, and each is settled when it has
 * happened or failed, never before. A group that fails is done again one by one, so that nothing fails because of others.
 */
export class WriteQueue {
	readonly #perform: PerformGroup;
	readonly #timeout: number;
	#waiting: Change[] = [];
	#isRunning = false;

	/** @param timeout milliseconds for which a change may wait for a lock, from when its turn could come */
	constructor(perform: PerformGroup, timeout: number) {
		this.#perform = perform;
		this.#timeout = timeout;
	}

	/**
	 * @param item may be a promise: the change has its place in the order from now on, and its turn when the promise is kept; when it is broken, the change fails with it
	 * @param bytes how large the item is
	 */
	add<Item, Result>(
		kind: ChangeKind<Item, Result>,
		keys: ChangeKeys,
		item: Awaitable<Item>,
		bytes = 0,
	): Promise<Result> {
		return new Promise((resolve, reject) => {
			const change = {kind, keys, bytes, item: undefined, deadline: 0, resolve, reject} as unknown as Change;
			this.#waiting.push(change);
			if (item instanceof Promise) {
				item.then(
					value => this.#ready(change, value),
					error => this.#drop(change, error),
				);
			} else {
				this.#ready(change, item);
			}
		});
	}

	#ready(change: Change, value: unknown): void {
		change.item = {value};
		change.deadline = performance.now() + this.#timeout;
		this.#start();
	}

	#drop(change: Change, error: unknown): void {
		this.#waiting = this.#waiting.filter(other => other !== change);
		change.reject(error);
		// What had to wait for it.
		this.#start();
	}

	#start(): void {
		if (!this.#isRunning) {
			this.#isRunning = true;
			// At the end of the tick: what else is asked for in it comes along.
			process.nextTick(() => void this.#run());
		}
	}

	async #run(): Promise<void> {
		for (let group = this.#takeGroup(); group.length > 0; group = this.#takeGroup()) {
			await this.#do(group);
		}
		this.#isRunning = false;
	}

	/** The first change whose turn it is, with those that can be done together with it. */
	#takeGroup(): Change[] {
		const group: Change[] = [];
		const passed: Change[] = [];
		/** Keys of changes that must happen first. */
		const blocked = new Set<string>();
		let bytes = 0;
		let isBarred = false;
		for (const change of this.#waiting) {
			const {kind, keys, item} = change;
			const {maxCount = 1, maxBytes = Number.POSITIVE_INFINITY, mayShareKeys = false} = group[0]?.kind ?? kind;
			if (group.length >= maxCount) {
				break;
			}
			const isFree = keys === 'all' ? passed.length === 0 : !keys.some(key => isBarred || blocked.has(key));
			const fits =
				group.length === 0 || (kind === group[0]!.kind && keys !== 'all' && bytes + change.bytes <= maxBytes);
			const isTaken = item !== undefined && isFree && fits;
			(isTaken ? group : passed).push(change);
			bytes += isTaken ? change.bytes : 0;
			if (keys === 'all') {
				isBarred = true;
			} else if (!isTaken || !mayShareKeys) {
				for (const key of keys) {
					blocked.add(key);
				}
			}
		}
		if (group.length > 0) {
			// Mostly none is passed, and then many that wait behind are not moved.
			this.#waiting.splice(0, group.length + passed.length);
			this.#waiting = passed.length > 0 ? passed.concat(this.#waiting) : this.#waiting;
		}
		return group;
	}

	/** Never rejects. */
	async #do(group: readonly Change[]): Promise<void> {
		const {kind} = group[0]!;
		const items = group.map(({item}) => item?.value);
		const deadline = Math.min(...group.map(change => change.deadline));
		try {
			const results = await this.#perform(connection => kind.perform(connection, items), deadline);
			group.forEach((change, index) => {
				change.resolve(results[index]);
			});
		} catch (error) {
			await this.#retry(group, error);
		}
	}

	async #retry(group: readonly Change[], error: unknown): Promise<void> {
		if (group.length === 1 || isBroken(error)) {
			for (const change of group) {
				change.reject(error);
			}
		} else if (isBusy(error)) {
			// Those whose time is over; the others have theirs.
			const now = performance.now();
			const late = group.filter(({deadline}) => deadline <= now);
			for (const change of late) {
				change.reject(error);
			}
			this.#waiting.unshift(...group.filter(change => !late.includes(change)));
		} else {
			for (const change of group) {
				await this.#do([change]);
			}
		}
	}
}
