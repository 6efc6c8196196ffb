import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {outcomeOf} from '../outcomes.mjs';

const tests = [
	{id: 'first', kind: 'check'},
	{id: 'required', depends_on: ['first']},
	{id: 'optimal', kind: 'optimal'},
	{id: 'later', depends_on: ['required']},
];
const suites = [{id: 'group', tests}];

describe('the outcome of a test', () => {
	const cases = [
		['first', {first: true}, 'yes', true],
		['first', {first: ['Assertion', 'no']}, 'no', false],
		['first', {}, 'not run', false],
		['required', {first: true, required: true}, 'pass', true],
		['required', {first: true, required: ['Assertion', 'no']}, 'fail', false],
		['required', {first: true, required: ['Setup', 'no']}, 'setup failure', false],
		['required', {first: true, required: ['Setup', 'retry']}, 'retried', false],
		['required', {first: true, required: ['RequestError', 'no']}, 'harness failure', false],
		['required', {first: ['Assertion', 'no'], required: true}, 'dependency failed', false],
		['later', {first: ['Assertion', 'no'], required: true, later: true}, 'dependency failed', false],
		['optimal', {optimal: ['Assertion', 'no']}, 'not optimal', false],
	];
	for (const [id, results, outcome, passed] of cases) {
		it(`${outcome}: ${id} of ${JSON.stringify(results)}`, () => {
			const test = tests.find(candidate => candidate.id === id);
			const found = outcomeOf(suites, test, results);
			assert.deepEqual([found.outcome, found.passed], [outcome, passed]);
		});
	}

	it('names what it depends on', () => {
		const {message} = outcomeOf(suites, tests[1], {first: ['Assertion', 'no'], required: true});
		assert.equal(message, 'depends on first');
	});
});
