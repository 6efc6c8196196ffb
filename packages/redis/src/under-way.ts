const TICK = 1000;

/** After so many ticks without an answer an operation counts as stuck. */
const PATIENCE = 10;

/** Counts the operations that are under way: they keep the process alive, and are noticed when they never end. */
export class UnderWay {
	readonly #onStuck: () => void;
	/** Operations by the tick in which they began. */
	readonly #byTick = new Map<number, number>();
	#count = 0;
	#tick = 0;
	#ticker: NodeJS.Timeout | undefined;
	#whenIdle: Array<() => void> = [];

	/** @param onStuck called every second while an operation has been under way for ten */
	constructor(onStuck: () => void) {
		this.#onStuck = onStuck;
	}

	/** An operation begins. @returns what `leave` must be given at its end */
	enter(): number {
		if (this.#count++ === 0) {
			this.#ticker ??= setInterval(() => this.#next(), TICK);
			this.#ticker.ref();
		}
		this.#byTick.set(this.#tick, (this.#byTick.get(this.#tick) ?? 0) + 1);
		return this.#tick;
	}

	/** An operation has ended. */
	leave(tick: number): void {
		this.#byTick.set(tick, this.#byTick.get(tick)! - 1);
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
			this.#byTick.clear();
			this.stop();
			return;
		}
		this.#tick++;
		let isStuck = false;
		for (const [tick, count] of this.#byTick) {
			if (count === 0) {
				this.#byTick.delete(tick);
			} else if (tick <= this.#tick - PATIENCE) {
				isStuck = true;
			}
		}
		if (isStuck) {
			this.#onStuck();
		}
	}
}
