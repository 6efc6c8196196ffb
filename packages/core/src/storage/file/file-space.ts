import {stat, unlink, utimes} from 'node:fs/promises';
import {LRUCache} from 'lru-cache';
import {inBatches} from '../in-batches.js';
import {ignoreMissing} from './file-descriptor.js';
import {recordFiles} from './file-names.js';

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

/** A file of a record. */
interface SpaceTaken {
	readonly file: string;
	readonly size: number;
	/** Epoch milliseconds. */
	readonly usedAt: number;
}

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
		if (this.maxBytes === Number.POSITIVE_INFINITY || now - (this.#lastUses.get(file) ?? 0) < USE_GRANULARITY) {
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
			const taken = await this.#count();
			this.#counted = await this.#evict(taken);
		})
			.catch(() => undefined)
			.finally(() => {
				this.#making = undefined;
			});
		return this.#making;
	}

	async #count(): Promise<SpaceTaken[]> {
		const taken: SpaceTaken[] = [];
		for (const folder of this.#folders) {
			for await (const files of recordFiles(folder)) {
				for await (const [file, status] of inBatches(files, file => ignoreMissing(stat(file)))) {
					if (status) {
						taken.push({file, size: roundedUp(status.size), usedAt: status.mtimeMs});
					}
				}
			}
		}
		return taken;
	}

	/** @returns how many bytes are left */
	async #evict(taken: SpaceTaken[]): Promise<number> {
		let total = taken.reduce((sum, {size}) => sum + size, 0);
		if (total <= this.maxBytes) {
			return total;
		}
		taken.sort((a, b) => a.usedAt - b.usedAt);
		for (const {file, size} of taken) {
			if (total <= this.maxBytes * LOW_WATER) {
				break;
			}
			await ignoreMissing(unlink(file));
			total -= size;
		}
		return total;
	}
}

function roundedUp(size: number): number {
	return Math.ceil(size / BLOCK) * BLOCK;
}
