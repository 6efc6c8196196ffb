import type {Stats} from 'node:fs';
import {stat, unlink, utimes} from 'node:fs/promises';
import {LRUCache} from 'lru-cache';
import {inBatches} from '../in-batches.js';
import {ignoreMissing} from './file-descriptor.js';
import {recordFiles} from './file-names.js';
import {OldestFiles} from './oldest-files.js';

/** What file systems mostly take room by, in bytes. */
const BLOCK = 4096;

/** How much is left when files have made room, and after how much more is written the folder is looked at again: other processes write too. */
const LOW_WATER = 0.9;
const LOOK_AGAIN = 0.1;

/** How far the bound may be exceeded before writes wait until there is room. */
const MOST_EXCESS = 1.25;

/** Uses of a record closer together than this count as one, in milliseconds: not every read is to write. */
const USE_GRANULARITY = 10 * 60 * 1000;
const MAX_REMEMBERED_USES = 10_000;

/** A time that lies further ahead than this, in milliseconds, is from a clock that was wrong. */
const CLOCK_TRUST = 86_400_000;

/**
 * Keeps the files of a folder to a number of bytes: those that were used longest ago make room. The time of a file's last change stands for its last use.
 * What is there is counted from time to time, and what this process writes is added; so the bound is kept to approximately, by several processes too.
 */
export class FileSpace {
	readonly maxBytes: number;
	readonly #folders: readonly string[];
	readonly #run: (task: () => Promise<void>) => Promise<void>;
	readonly #lastUses = new LRUCache<string, number>({max: MAX_REMEMBERED_USES});
	/** Bytes when they were last counted. */
	#counted = 0;
	/** Bytes written since. */
	#written: number;
	#making: Promise<void> | undefined;

	/** @param run how to run what goes on behind operations */
	constructor(folders: readonly string[], maxBytes: number, run: (task: () => Promise<void>) => Promise<void>) {
		this.#folders = folders;
		this.maxBytes = maxBytes;
		this.#run = run;
		// By chance, so that many processes that write little count as often, together, as one that writes much.
		this.#written = Math.random() * maxBytes * LOOK_AGAIN;
	}

	/** Notes that a record was read. */
	use(file: string): void {
		const now = Date.now();
		if (
			this.maxBytes === Number.POSITIVE_INFINITY ||
			Math.abs(now - (this.#lastUses.get(file) ?? 0)) < USE_GRANULARITY
		) {
			return;
		}
		this.#lastUses.set(file, now);
		// When it fails, the record only looks older than it is.
		this.#run(() => utimes(file, now / 1000, now / 1000)).catch(() => undefined);
	}

	/** Notes that a file was written. Waits only where far too much was written before room could be made. */
	async add(size: number): Promise<void> {
		if (this.maxBytes === Number.POSITIVE_INFINITY) {
			return;
		}
		this.#written += roundedUp(size);
		const total = this.#counted + this.#written;
		if (total > this.maxBytes || this.#written >= this.maxBytes * LOOK_AGAIN) {
			const making = this.#makeRoom();
			if (total > this.maxBytes * MOST_EXCESS) {
				await making;
			}
		}
	}

	/** One at a time. Never rejects: what could not be done now is tried again after the next write. */
	#makeRoom(): Promise<void> {
		this.#making ??= this.#run(async () => {
			this.#written = 0;
			const oldest = new OldestFiles();
			const total = await this.#count(oldest);
			this.#counted = await this.#evict(total, oldest);
		})
			.catch(() => undefined)
			.finally(() => {
				this.#making = undefined;
			});
		return this.#making;
	}

	/** @returns how many bytes there are */
	async #count(oldest: OldestFiles): Promise<number> {
		let total = 0;
		for (const folder of this.#folders) {
			for await (const files of recordFiles(folder)) {
				for await (const [file, status] of inBatches(files, file => ignoreMissing(stat(file)))) {
					if (status) {
						const size = roundedUp(status.size);
						total += size;
						oldest.add({file, size, usedAt: useOf(status)});
					}
				}
			}
		}
		return total;
	}

	/** @returns how many bytes are left */
	async #evict(total: number, oldest: OldestFiles): Promise<number> {
		if (total <= this.maxBytes) {
			return total;
		}
		let left = total;
		for (const {file, size, usedAt} of oldest.list()) {
			if (left <= this.maxBytes * LOW_WATER) {
				break;
			}
			// Not one that has been used, or written anew, since it was looked at.
			const status = await ignoreMissing(stat(file));
			if (status === undefined || useOf(status) === usedAt) {
				await ignoreMissing(unlink(file));
				left -= size;
			}
		}
		return left;
	}
}

/** Epoch milliseconds. What was used at a time that has not come yet is the oldest: else it would stay, and what is written now would go in its place. */
function useOf({mtimeMs}: Stats): number {
	return isAhead(mtimeMs) ? 0 : mtimeMs;
}

/** Whether a time, in epoch milliseconds, is one that only a clock can have given that was wrong. */
export function isAhead(time: number): boolean {
	return time > Date.now() + CLOCK_TRUST;
}

function roundedUp(size: number): number {
	return Math.ceil(size / BLOCK) * BLOCK;
}
