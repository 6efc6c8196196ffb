import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {findProblems} from '../judge.mjs';

const known = new Set(['a', 'b']);

function runWith(test, rest = {}) {
	return {name: 'column', judged: true, faults: [], groups: [{tests: [{id: 'a', ...test}]}], ...rest};
}

describe('what the run finds fault with', () => {
	const required = {kind: 'required', passed: false};
	const cases = [
		['nothing, when a test passes', runWith({kind: 'required', passed: true}), {}, 0],
		['a required test that does not pass', runWith(required), {}, 1],
		['an optimal test that does not pass', runWith({kind: 'optimal', passed: false}), {}, 1],
		['nothing, when a check says no', runWith({kind: 'check', passed: false}), {}, 0],
		['nothing, when the failure is accepted', runWith(required), {a: 'why'}, 0],
		['an accepted failure that passes', runWith({kind: 'required', passed: true}), {a: 'why'}, 1],
		['an accepted check, which cannot fail', runWith({kind: 'check', passed: false}), {a: 'why'}, 1],
		['nothing, in a column to compare with', runWith(required, {judged: false}), {}, 0],
		['a column that could not be run', {name: 'column', judged: false, error: 'no'}, {}, 1],
		['a fault of the store', runWith({kind: 'required', passed: true}, {faults: ['disk full']}), {}, 1],
		['nothing, for an accepted failure that this column does not have', runWith(required), {a: 'why', b: 'why'}, 0],
		['an accepted failure that no test has', runWith(required), {a: 'why', c: 'why'}, 1],
	];
	for (const [title, run, accepted, count] of cases) {
		it(title, () => assert.equal(findProblems([run], accepted, known).length, count));
	}
});
