// npm run conformance -- [--column <name>]... [--compare] [--id <test>]... [--all] [--json <file>] [--concurrency <n>] [--jobs <n>]
import {readFileSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {runInProcess} from './column-process.mjs';
import {install} from './install.mjs';
import {findProblems} from './judge.mjs';
import {describeRuns, printCounts, printTests} from './report.mjs';

const {values: options} = parseArgs({
	options: {
		column: {type: 'string', multiple: true},
		compare: {type: 'boolean', default: false},
		id: {type: 'string', multiple: true},
		all: {type: 'boolean', default: false},
		json: {type: 'string'},
		concurrency: {type: 'string', default: '100'},
		jobs: {type: 'string', default: '2'},
	},
});
const concurrency = readCount('concurrency');
const jobs = readCount('jobs');

install(fileURLToPath(new URL('.', import.meta.url)));
const {columns} = await import('./columns.mjs');
const {knownIds} = await import('./selection.mjs');
const accepted = JSON.parse(readFileSync(new URL('accepted.json', import.meta.url), 'utf8'));
const known = knownIds();
checkNames('id', options.id ?? [], known);

const runs = await runColumns(chosenColumns());
const finished = runs.filter(({error}) => error === undefined);
const problems = findProblems(runs, accepted, known);
if (finished.length > 0) {
	printCounts(finished);
	printTests(finished, accepted, options.all);
}
console.log('');
for (const problem of problems) {
	console.log(`PROBLEM  ${problem}`);
}
console.log(problems.length === 0 ? 'No problems.' : `${problems.length} problems.`);
if (options.json !== undefined) {
	writeFileSync(options.json, `${JSON.stringify(describeRuns(runs, accepted, problems), undefined, '\t')}\n`);
}
process.exitCode = problems.length === 0 ? 0 : 1;

/** The judged columns unless others are named; with `--compare` all that there are. */
function chosenColumns() {
	const names = Object.keys(columns);
	checkNames('column', options.column ?? [], new Set(names));
	return options.column ?? names.filter(name => options.compare || columns[name].judged);
}

/** Runs the columns, some at once: they mostly wait. */
async function runColumns(names) {
	const done = new Map();
	const waiting = names.values();
	const job = async () => {
		for (const name of waiting) {
			const {view, judged} = columns[name];
			done.set(name, {name, view, judged, ...(await runInProcess({name, concurrency, ids: options.id}))});
		}
	};
	await Promise.all(Array.from({length: jobs}, job));
	return names.map(name => done.get(name));
}

function checkNames(option, given, there) {
	const unknown = given.find(name => !there.has(name));
	if (unknown !== undefined) {
		throw new Error(`--${option} ${unknown}: there is ${[...there].join(', ')}`);
	}
}

function readCount(option) {
	const count = Number(options[option]);
	if (!Number.isInteger(count) || count < 1) {
		throw new Error(`--${option} ${options[option]}: a whole number of 1 or more`);
	}
	return count;
}
