import * as config from 'http-cache-tests/client/config.mjs';
import {makeCacheTest, testResults} from 'http-cache-tests/client/test.mjs';

/** The longest test pauses for nine seconds; one that takes so many milliseconds hangs. */
const TEST_TIMEOUT = 60_000;

/**
 * Runs tests with the suite's client. It keeps its results in its module, so this works once in a process.
 * @param tests the suite's definitions
 * @param options `fetch`, the origin's `url`, and how many tests run at once (`concurrency`): they are independent, and mostly wait
 * @returns by id `true`, or the name and the message of the error that ended the test
 */
export async function runTests(tests, {fetch, url, concurrency}) {
	config.setFetch(fetch);
	config.setBaseUrl(url);
	// The cache is the client's own: the suite must not add fields against a cache between the two, as it does for a proxy's tests.
	config.setUseBrowserCache(true);
	const results = {};
	const waiting = tests.values();
	const runner = async () => {
		for (const test of waiting) {
			results[test.id] = await runTest(test);
		}
	};
	await Promise.all(Array.from({length: concurrency}, runner));
	return results;
}

async function runTest(test) {
	let timer;
	const timeout = new Promise(resolve => {
		timer = setTimeout(resolve, TEST_TIMEOUT);
	});
	// The client writes into the definition, and some definitions share parts.
	await Promise.race([makeCacheTest(structuredClone(test)), timeout]);
	clearTimeout(timer);
	return testResults[test.id] ?? ['Timeout', `no end after ${TEST_TIMEOUT / 1000} s`];
}
