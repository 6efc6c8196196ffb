import suites from 'http-cache-tests/tests/index.mjs';
import {findTest} from './outcomes.mjs';

/**
 * Tests of what only a shared cache does. The suite marks them `browser_skip`, but so it marks tests of statuses and conditional requests
 * that merely cannot be made with a browser's fetch and that concern a private cache very well. So they are listed:
 * `s-maxage` and `proxy-revalidate`, which a private cache ignores, `private` and `Authorization`, which do not hinder it.
 */
const SHARED_ONLY = [
	'freshness-s-maxage-shared',
	'freshness-max-age-s-maxage-shared-longer',
	'freshness-max-age-s-maxage-shared-longer-reversed',
	'freshness-max-age-s-maxage-shared-longer-multiple',
	'freshness-max-age-s-maxage-shared-shorter',
	'freshness-max-age-s-maxage-shared-shorter-expires',
	'cc-resp-private-shared',
	'stale-close-proxy-revalidate',
	'stale-close-s-maxage=2',
	'other-authorization',
	'other-authorization-public',
	'other-authorization-must-revalidate',
	'other-authorization-smaxage',
];

/** Tests of what only a private cache does: those that contradict the ones above. */
const PRIVATE_ONLY = [
	'freshness-max-age-s-maxage-private',
	'freshness-max-age-s-maxage-private-multiple',
	'cc-resp-private-private',
];

const leftOut = {private: SHARED_ONLY, shared: PRIVATE_ONLY};

/**
 * The groups of the suite's index with the tests that concern a cache of this kind. The group on `Surrogate-Control`, which its index leaves out, is for CDNs.
 * @param view `private` or `shared`
 * @param ids only these, and what they depend on; all without it
 */
export function selectTests(view, ids) {
	for (const id of [...SHARED_ONLY, ...PRIVATE_ONLY, ...(ids ?? [])]) {
		findTest(suites, id);
	}
	const wanted = ids && withDependencies(ids);
	const groups = suites.map(suite => ({
		...suite,
		tests: suite.tests.filter(({id}) => !leftOut[view].includes(id) && (wanted?.has(id) ?? true)),
	}));
	return groups.filter(({tests}) => tests.length > 0);
}

/** The ids of all tests of either view. */
export function knownIds() {
	return new Set(suites.flatMap(({tests}) => tests.map(({id}) => id)));
}

function withDependencies(ids) {
	const wanted = new Set(ids);
	for (const id of wanted) {
		for (const dependency of findTest(suites, id).depends_on ?? []) {
			wanted.add(dependency);
		}
	}
	return wanted;
}
