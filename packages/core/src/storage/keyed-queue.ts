/** Runs what is given under one key one after the other, and under different keys beside each other. */
export class KeyedQueue {
	readonly #last = new Map<string, Promise<unknown>>();

	/** Resolves or rejects as `task` does, which begins when all that was given before under this key has ended, well or not. */
	run<T>(key: string, task: () => Promise<T>): Promise<T> {
		const previous = this.#last.get(key);
		const turn = previous === undefined ? task() : previous.then(task);
		const ended = turn.then(
			() => undefined,
			() => undefined,
		);
		this.#last.set(key, ended);
		void ended.then(() => {
			if (this.#last.get(key) === ended) {
				this.#last.delete(key);
			}
		});
		return turn;
	}
}
