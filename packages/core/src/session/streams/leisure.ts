/** The time that somebody may take to give or take bytes before it is too slow: what is used up of it comes back with the bytes. */
export class Leisure {
	readonly #most: number;
	readonly #bytesAMillisecond: number;
	#left: number;
	#since: number | undefined;

	/**
	 * @param most - milliseconds
	 * @param bytesAMillisecond - how many bytes make up for a millisecond
	 */
	constructor(most: number, bytesAMillisecond: number) {
		this.#most = most;
		this.#bytesAMillisecond = bytesAMillisecond;
		this.#left = most;
	}

	/** Whether nothing, or too little, has come for too long. */
	get isSpent(): boolean {
		return this.#since !== undefined && Date.now() - this.#since >= this.#left;
	}

	/** From now on it is waited for. */
	begin(): void {
		this.#since = Date.now();
	}

	/** What was waited for is here. */
	end(bytes = 0): void {
		if (this.#since !== undefined) {
			const left = this.#left + this.#since - Date.now() + bytes / this.#bytesAMillisecond;
			this.#left = Math.min(this.#most, left);
			this.#since = undefined;
		}
	}
}
