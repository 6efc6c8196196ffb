// A process of its own for every column: the suite's client keeps its results, and its origin its state, in their modules.
import {columns} from './columns.mjs';
import {fetchWith} from './fetch-with.mjs';
import {startOrigin} from './origin.mjs';
import {kindOf, outcomeOf} from './outcomes.mjs';
import {runTests} from './run-tests.mjs';
import {selectTests} from './selection.mjs';

process.once('message', async request => {
	const answer = await runColumn(request).catch(error => ({error: String(error)}));
	process.send(answer, () => process.exit());
});

async function runColumn({name, folder, concurrency, ids}) {
	const {view, open} = columns[name];
	const groups = selectTests(view, ids);
	const tests = groups.flatMap(group => group.tests).map(test => ({...test, dump: ids?.includes(test.id) ?? false}));
	const started = Date.now();
	const {send, faults, close} = await open(folder);
	const origin = await startOrigin();
	const results = await runTests(tests, {fetch: fetchWith(send), url: origin.url, concurrency});
	await close();
	await origin.close();
	const seconds = (Date.now() - started) / 1000;
	return {seconds, faults, groups: groups.map(group => describeGroup(group, groups, results))};
}

function describeGroup({id, name, tests}, groups, results) {
	return {
		id,
		name,
		tests: tests.map(test => ({id: test.id, kind: kindOf(test), name: test.name, ...outcomeOf(groups, test, results)})),
	};
}
