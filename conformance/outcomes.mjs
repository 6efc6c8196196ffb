import {determineTestResult} from 'http-cache-tests/lib/display.mjs';

/**
 * What the suite's own rule makes of a result, by the sign that it shows for it, and whether that counts as passed.
 * A test passes only if every test that it depends on passes too.
 */
const bySign = {
	'✅': {outcome: 'pass', passed: true},
	Y: {outcome: 'yes', passed: true},
	N: {outcome: 'no', passed: false},
	'⛔️': {outcome: 'fail', passed: false},
	'⚠️': {outcome: 'not optimal', passed: false},
	'⚪️': {outcome: 'dependency failed', passed: false},
	'🔹': {outcome: 'setup failure', passed: false},
	'↻': {outcome: 'retried', passed: false},
	'⁉️': {outcome: 'harness failure', passed: false},
	'-': {outcome: 'not run', passed: false},
};

/**
 * Reads one test's outcome.
 * @param suites the suite's groups, with this test and those that it depends on
 * @param results what its client recorded: by id `true`, or the name and the message of an error
 * @returns `outcome`, `passed`, and `message` (empty where it passed)
 */
export function outcomeOf(suites, test, results) {
	const [, , sign] = determineTestResult(suites, test.id, results);
	const judged = bySign[sign];
	if (judged === undefined) {
		throw new Error(`The suite shows ${sign} for ${test.id}, which is not known here`);
	}
	const result = results[test.id];
	if (judged.outcome === 'dependency failed') {
		const failed = test.depends_on.filter(id => !outcomeOf(suites, findTest(suites, id), results).passed);
		return {...judged, message: `depends on ${failed.join(', ')}`};
	}
	if (result === undefined || result === true) {
		return {...judged, message: ''};
	}
	const [name, message] = result;
	// The suite means to tell a thrown error from an assertion that does not hold, but its condition is never true.
	if (name !== 'Assertion' && name !== 'Setup') {
		return {...judged, outcome: 'harness failure', message: `${name}: ${message}`};
	}
	return {...judged, message};
}

/** @throws Error where no group has it */
export function findTest(suites, id) {
	const found = suites.flatMap(({tests}) => tests).find(test => test.id === id);
	if (found === undefined) {
		throw new Error(`The suite has no test ${id}`);
	}
	return found;
}

/** The suite takes a test that does not say its kind for a required one. */
export function kindOf(test) {
	return test.kind ?? 'required';
}
