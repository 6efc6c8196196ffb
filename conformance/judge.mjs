/**
 * Compares what was run with the list of accepted failures. Only required and optimal tests can fail; a check has no right answer.
 * @param runs the columns, with their tests
 * @param accepted reasons by test id
 * @param known the ids of all tests of the suite
 * @returns sentences about what must not be: a column that could not be run; in a judged one a failure that is not accepted, an accepted one that passes,
 * a fault of the store; an accepted failure of a test that there is not
 */
export function findProblems(runs, accepted, known) {
	const unknown = Object.keys(accepted).filter(id => !known.has(id));
	return [
		...runs.flatMap(run => problemsOf(run, accepted)),
		...unknown.map(id => `${id} is accepted as a failure, and the suite has no such test`),
	];
}

/** Whether a test did not pass that should have. */
export function isFailure({kind, passed}) {
	return kind !== 'check' && !passed;
}

function problemsOf({name, judged, error, faults, groups}, accepted) {
	if (error !== undefined) {
		return [`${name}: ${error}`];
	}
	if (!judged) {
		return [];
	}
	const problems = faults.map(fault => `${name}: the cache reported a fault: ${fault}`);
	for (const test of groups.flatMap(({tests}) => tests)) {
		const isAccepted = Object.hasOwn(accepted, test.id);
		if (isFailure(test) && !isAccepted) {
			problems.push(`${name}: ${test.id} (${test.kind}) does not pass, and that is not accepted`);
		} else if (!isFailure(test) && isAccepted) {
			problems.push(`${name}: ${test.id} is accepted as a failure, and passes`);
		}
	}
	return problems;
}
