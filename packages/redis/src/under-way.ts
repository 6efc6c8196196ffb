const TICK = 1000;

/** After so many ticks without an answer an operation counts as stuck. */
const PATIENCE = 10;

/** The operations that began in one tick. */
export interface Tick {
	readonly number: number;
	count: number;
}

/** Counts the operations that are under way: they keep the process alive, and are noticed when they never end. */
export class UnderWay {
	readonly #onStuck: () => void;
	/** Earlier ticks of which operations are under way. */
	readonly #earlier = new Set<Tick>();
	#tick: Tick = {number: 0, count: 0};
	#count = 0;
	#ticker: NodeJS.Timeout | undefined;
	#whenIdle: Array<() => void> = [];

	/** @param onStuck called every second while an operation has been under way for ten */
	constructor(onStuck: () => void) {
		this.#onStuck = onStuck;
	}

	/** An operation begins. @returns what `leave` must be given at its end */
	enter(): Tick {
		if (this.#count++ === 0) {
			this.#ticker ??= setInterval(() => this.#next(), TICK);
			this.#ticker.ref();
		}
		this.#tick.count++;
		return this.#tick;
	}

	/** An operation has ended. */
	leave(tick: Tick): void {
		tick.count--;
		if (--this.#count === 0) {
			this.#ticker?.unref();
			for (const tell of this.#whenIdle.splice(0)) {
				tell();
			}
		}
	}

	/** Resolves when nothing is under way. */
	whenIdle(): Promise<void> {
		return this.#count === 0 ? Promise.resolve() : new Promise(resolve => this.#whenIdle.push(resolve));
	}

	/** Ends the counting of time. */
	stop(): void {
		clearInterval(this.#ticker);
		this.#ticker = undefined;
	}

	#next(): void {
		if (this.#count === 0) {
			this.#earlier.clear();
			this.stop();
			return;
		}
		const now = this.#tick.number + 1;
		this.#earlier.add(this.#tick);
		this.#tick = {number: now, count: 0};
		let isStuck = false;
		for (const tick of this.#earlier) {
			if (tick.count === 0) {
				this.#earlier.delete(tick);
			} else if (tick.number <= now - PATIENCE) {
				isStuck = true;
			}
		}
		if (isStuck) {
			this.#onStuck();
		}
	}
}
