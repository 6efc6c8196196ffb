import {setImmediate as turn} from 'node:timers/promises';

/** A gate that an origin's answers wait for, and that knows how many wait. */
export function makeGate() {
	const waiting: Array<() => void> = [];
	const watchers: Array<{count: number; resolve: () => void}> = [];
	let arrived = 0;
	return {
		async pass(): Promise<void> {
			arrived++;
			for (const {resolve} of watchers.filter(({count}) => arrived >= count)) {
				resolve();
			}
			await new Promise<void>(resolve => waiting.push(resolve));
		},
		/** Resolves when so many have come, in all. */
		arrivals(count: number): Promise<void> {
			return new Promise(resolve => {
				watchers.push({count, resolve});
				if (arrived >= count) {
					resolve();
				}
			});
		},
		/** Lets those through who wait. */
		open(): void {
			for (const resolve of waiting.splice(0)) {
				resolve();
			}
		},
	};
}

/** Lets whatever can go on by itself go on. */
export async function settle(): Promise<void> {
	for (let round = 0; round < 20; round++) {
		await turn();
	}
}
