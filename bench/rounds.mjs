import {measure} from 'mitata';

/**
 * Measures contenders in turns: every round gives each of them a short slice, beginning with another one each time,
 * so that whatever else the machine does falls on all of them alike.
 *
 * @param {Record<string, () => unknown>} contenders what to measure, by name; before a slice, `prepare[name]` runs unmeasured
 * @param {{rounds: number, sliceMs: number, batch: number, samples?: number, prepare?: Record<string, () => unknown>}} options
 * `batch`: calls a sample, a multiple of 4; 1 where a call is slow enough to be a sample of its own. `samples`: the least that a slice takes, however long they are
 * @returns {Promise<Record<string, number>>} nanoseconds a call: the median over rounds of the slices' medians
 */
export async function measureInTurns(contenders, {rounds, sliceMs, batch, samples = 12, prepare = {}}) {
	const names = Object.keys(contenders);
	const medians = Object.fromEntries(names.map(name => [name, []]));
	// Round -1 warms up the compiler and is not counted.
	for (let round = -1; round < rounds; round++) {
		for (let turn = 0; turn < names.length; turn++) {
			const name = names[(turn + round + names.length) % names.length];
			await prepare[name]?.();
			const {p50} = await measure(contenders[name], {
				min_cpu_time: sliceMs * 1e6,
				min_samples: samples,
				batch_samples: batch,
				batch_threshold: batch > 1 ? Number.POSITIVE_INFINITY : 0,
				warmup_threshold: Number.POSITIVE_INFINITY,
				gc: false,
			});
			if (round >= 0) {
				medians[name].push(p50);
			}
		}
	}
	return Object.fromEntries(names.map(name => [name, median(medians[name])]));
}

function median(values) {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
