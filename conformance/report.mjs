import {isFailure} from './judge.mjs';

const KINDS = ['required', 'optimal', 'check'];

/** Prints the counts by group, a column for every run: required, optimal and check tests that passed, of those there are. */
export function printCounts(runs) {
	const groups = new Map(runs.flatMap(run => run.groups.map(({id, name}) => [id, name])));
	const outcomes = new Set(runs.flatMap(run => testsOf(run).map(({outcome}) => outcome)));
	const row = (title, cell) => [title, ...runs.map(cell)];
	printTable([
		row('', ({name}) => name),
		row('Passed', () => KINDS.map((kind, index) => cellOf(kind, index)).join('')),
		...[...groups].map(([id, name]) => row(`  ${name}`, run => formatCounts(testsOf(run, id)))),
		row('  Total', run => formatCounts(testsOf(run))),
		row('Outcomes', () => ''),
		...[...outcomes].sort().map(outcome => row(`  ${outcome}`, run => String(countOutcome(run, outcome)))),
		row('Seconds', ({seconds}) => seconds.toFixed(1)),
	]);
}

/**
 * Prints tests one by one: the outcome in each column with what the suite says about it, and for a failure why it is accepted.
 * @param all every test, not only the required and optimal ones that did not pass
 */
export function printTests(runs, accepted, all) {
	const ids = new Set(runs.flatMap(run => testsOf(run).map(({id}) => id)));
	for (const id of ids) {
		const found = runs.flatMap(run => testsOf(run).map(test => ({...test, run}))).filter(test => test.id === id);
		const failed = found.filter(isFailure);
		if (all || failed.length > 0) {
			console.log(`\n${id} (${found[0].kind}) ${found[0].name}`);
			printOutcomes(all ? found : failed);
			if (failed.some(({run}) => run.judged)) {
				console.log(`  ${Object.hasOwn(accepted, id) ? `accepted: ${accepted[id]}` : 'NOT ACCEPTED'}`);
			}
		}
	}
}

/** The runs as one object to be written as JSON. */
export function describeRuns(runs, accepted, problems) {
	const described = runs.map(run => (run.error === undefined ? {...run, totals: countPassed(testsOf(run))} : run));
	return {node: process.version, runs: described, accepted, problems};
}

function printOutcomes(tests) {
	const columns = new Map();
	for (const {outcome, message, run} of tests) {
		const text = message === '' ? outcome : `${outcome}: ${withoutIds(message)}`;
		columns.set(text, [...(columns.get(text) ?? []), run.name]);
	}
	for (const [text, names] of columns) {
		console.log(`  ${names.join(', ')}: ${text}`);
	}
}

/** The identifier that the suite gives a test is another one in every column. */
function withoutIds(message) {
	return message.replaceAll(/[\da-f]{8}(?:-[\da-f]+){4}/g, '<id>');
}

/** The tests of a run, or of one of its groups. */
function testsOf(run, group) {
	return run.groups.filter(({id}) => group === undefined || id === group).flatMap(({tests}) => tests);
}

/** How many tests of each kind passed, of how many. */
function countPassed(tests) {
	const entries = KINDS.map(kind => {
		const ofKind = tests.filter(test => test.kind === kind);
		return [kind, {passed: ofKind.filter(({passed}) => passed).length, of: ofKind.length}];
	});
	return Object.fromEntries(entries);
}

function countOutcome(run, outcome) {
	return testsOf(run).filter(test => test.outcome === outcome).length;
}

function formatCounts(tests) {
	const cells = Object.values(countPassed(tests)).map(({passed, of}) => (of === 0 ? '-' : `${passed}/${of}`));
	return cells.map(cellOf).join('');
}

function cellOf(text, index) {
	return text.padStart(index === 0 ? 8 : 9);
}

function printTable(rows) {
	const widths = rows[0].map((_, column) => Math.max(...rows.map(row => row[column].length)));
	for (const row of rows) {
		const cells = row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])));
		console.log(cells.join('  ').trimEnd());
	}
}
