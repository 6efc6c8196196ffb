/** How many are under way at once: more than the thread pool takes at a time, and few enough to leave it to others. */
const BATCH = 16;

/** What a task gives for each item, a few at a time, in order. The first rejection is thrown. */
export async function* inBatches<Item, Result>(
	items: readonly Item[],
	task: (item: Item) => Promise<Result>,
): AsyncGenerator<[item: Item, result: Result], void, undefined> {
	for (let start = 0; start < items.length; start += BATCH) {
		const batch = items.slice(start, start + BATCH);
		const results = await Promise.all(batch.map(task));
		for (const [index, item] of batch.entries()) {
			yield [item, results[index]!];
		}
	}
}

/** Runs a task for each item, a few at a time. The first rejection is thrown. */
export async function forAll<Item>(items: readonly Item[], task: (item: Item) => Promise<unknown>): Promise<void> {
	for await (const _ of inBatches(items, task)) {
		// What the task gives is nobody's.
	}
}
