import {setTimeout as sleep} from 'node:timers/promises';
import type {CompleteFlags, ContractCase, ContractContext} from '../contract-case.js';
import {allSettled} from '../expectations.js';
import {expectSoundPlace, type HammerOrder, hammer, hammeredSizes} from '../hammer.js';
import {SecondProcess} from '../second-process.js';

const hasProcesses = ({persistent, processModule}: CompleteFlags) => persistent && processModule !== undefined;

/** Several processes in one place. Flag: `processModule`. */
export const processCases: readonly ContractCase[] = [
	{
		title: 'stays sound while several processes write, read, renew and remove the same records',
		advice:
			'What holds between two tasks of one process must hold between two processes: locks in memory do not reach the other, and what is remembered from the place may be out of date.',
		appliesTo: hasProcesses,
		async run(context) {
			await withProcesses(2, async processes => {
				await allSettled([
					...processes.map(async (process, index) => process.hammer(context, orderOf(context, `process${index}`, 60))),
					hammer(context.cache, orderOf(context, 'test', 60)),
				]);
			});
			await expectSoundPlace(await context.openAnother(), context.flags);
			await hammer(context.cache, orderOf(context, 'last', 10));
			await expectSoundPlace(context.cache, context.flags);
		},
	},
	{
		title: 'stays sound when a process is killed while it writes',
		advice:
			'At any moment a process may end without another word: what it has written by then is whole or is not there, and no lock of its remains.',
		appliesTo: hasProcesses,
		async run(context) {
			for (const round of [5, 11, 23]) {
				await withProcesses(1, async ([process]) => {
					const order = orderOf(context, `killed${round}`);
					// What has no body cannot be cut off.
					const working = process!.hammer(context, {...order, sizes: order.sizes.slice(1)});
					working.catch(() => undefined);
					await process!.reaches(round);
					// Somewhat later each time: it shall be in the middle of the next write, and not always at the same point of it.
					await sleep(round);
					await process!.kill();
				});
				await expectSoundPlace(await context.openAnother(), context.flags);
				await hammer(context.cache, orderOf(context, `after${round}`, 10));
			}
		},
	},
];

function orderOf({flags}: ContractContext, name: string, rounds?: number): HammerOrder {
	const {listsKeys, findsKeysOf} = flags;
	return {name, rounds, sizes: hammeredSizes(flags), flags: {listsKeys, findsKeysOf}};
}

async function withProcesses(
	count: number,
	run: (processes: readonly SecondProcess[]) => Promise<void>,
): Promise<void> {
	const processes = Array.from({length: count}, () => new SecondProcess());
	try {
		await run(processes);
	} finally {
		await Promise.all(processes.map(async process => process.kill()));
	}
}
