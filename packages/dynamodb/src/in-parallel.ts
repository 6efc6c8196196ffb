/**
 * Performs a task for each item, at most `width` of them at a time. The first task that fails ends it: no more items are asked for, and it rejects once what is under way has ended.
 */
export async function inParallel<T>(
	items: Iterable<T> | AsyncIterable<T>,
	width: number,
	perform: (item: T, index: number) => Promise<unknown>,
): Promise<void> {
	const underWay = new Set<Promise<void>>();
	const failures: unknown[] = [];
	let index = 0;
	try {
		for await (const item of items) {
			const task = perform(item, index++).then(
				() => void underWay.delete(task),
				(error: unknown) => {
					underWay.delete(task);
					failures.push(error);
				},
			);
			underWay.add(task);
			if (underWay.size >= width) {
				await Promise.race(underWay);
			}
			if (failures.length > 0) {
				break;
			}
		}
	} finally {
		await Promise.all(underWay);
	}
	if (failures.length > 0) {
		throw failures[0];
	}
}
