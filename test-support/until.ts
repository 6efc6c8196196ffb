import {setTimeout as sleep} from 'node:timers/promises';

/** Waits for something that happens elsewhere, by a clock that no test moves. What rejects is not so yet. @throws Error where it does not happen in time */
export async function until(
	what: string,
	isSo: () => boolean | Promise<boolean>,
	milliseconds = 20_000,
): Promise<void> {
	const end = performance.now() + milliseconds;
	const isSoNow = async () => isSo();
	while (!(await isSoNow().catch(() => false))) {
		if (performance.now() > end) {
			throw new Error(`It took longer than ${milliseconds} ms until ${what}`);
		}
		await sleep(5);
	}
}
