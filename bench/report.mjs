import {availableParallelism, cpus} from 'node:os';

/** @returns the parts with their ratios worked out: how often the first contender runs in the time of one run of the other */
export function withRatios(part) {
	const ratios = part.ratios.map(({of, to, ...target}) => {
		const ratio = part.times[to] / part.times[of];
		return {of, to, ratio, ...judge(ratio, target)};
	});
	return {...part, ratios};
}

function judge(ratio, {atLeast, atMostSlower}) {
	if (atLeast !== undefined) {
		return {target: `at least ${atLeast}x`, met: ratio >= atLeast};
	}
	if (atMostSlower !== undefined) {
		const least = 1 / (1 + atMostSlower);
		return {target: `at least ${least.toFixed(2)}x: at most ${100 * atMostSlower} % slower`, met: ratio >= least};
	}
	return {};
}

/** Prints the parts as one table. */
export function printTable(parts) {
	const rows = [['', 'median', 'a second', 'ratio', 'target', '']];
	for (const {title, times, ratios} of parts) {
		rows.push([title, '', '', '', '', '']);
		for (const [name, time] of Object.entries(times)) {
			const {ratio, target = '', met} = ratios.find(({to}) => to === name) ?? {};
			rows.push([
				`  ${name}`,
				formatTime(time),
				Math.round(1e9 / time).toLocaleString('en'),
				ratio === undefined ? '' : `${ratio.toFixed(2)}x`,
				target,
				met === undefined ? '' : met ? 'met' : 'MISSED',
			]);
		}
	}
	const widths = rows[0].map((_, column) => Math.max(...rows.map(row => row[column].length)));
	for (const row of rows) {
		const cells = row.map((cell, column) =>
			column === 0 || column > 3 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
		);
		console.log(cells.join('  ').trimEnd());
	}
	console.log('\nratio: how many runs of the session fit into the time of one run of that contender.');
}

/** What the numbers were measured on. */
export function environment() {
	return {node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism()};
}

function formatTime(nanoseconds) {
	return nanoseconds < 1e6 ? `${(nanoseconds / 1e3).toFixed(2)} µs` : `${(nanoseconds / 1e6).toFixed(2)} ms`;
}
