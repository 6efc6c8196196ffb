/** A file of a record. */
export interface SpaceTaken {
	readonly file: string;
	/** In bytes. */
	readonly size: number;
	/** Epoch milliseconds. */
	readonly usedAt: number;
}

/** How many files are kept in mind, so that a folder may have any number of them. */
const CAPACITY = 50_000;

/** Finds those of many files that were used longest ago, holding no more than twice {@link CAPACITY} of them. */
export class OldestFiles {
	readonly #capacity: number;
	#files: SpaceTaken[] = [];

	constructor(capacity = CAPACITY) {
		this.#capacity = capacity;
	}

	/** Looks at a file. */
	add(file: SpaceTaken): void {
		this.#files.push(file);
		if (this.#files.length === 2 * this.#capacity) {
			this.#sort();
		}
	}

	/** The oldest first, no more than the capacity. */
	list(): readonly SpaceTaken[] {
		this.#sort();
		return this.#files;
	}

	#sort(): void {
		this.#files.sort((a, b) => a.usedAt - b.usedAt);
		this.#files.length = Math.min(this.#files.length, this.#capacity);
	}
}
