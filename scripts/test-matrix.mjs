/**
 * Runs the whole suite once for each supported pair of Node.js and got, and prints a table of the results.
 *
 *     npm run test:matrix                     all columns
 *     npm run test:matrix -- 24 26            these columns only
 *     npm run test:matrix -- 24 packages/core what is no column goes to jest
 *
 * Exits with 1 when a test of any column fails, or a column cannot be run.
 */
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';

/** A column: a version of Node.js from the npm registry, and the installed package that answers to the name `got`. */
const COLUMNS = [
	{node: '20', got: 'got'},
	{node: '22', got: 'got-15'},
	{node: '24', got: 'got-16'},
	{node: '26', got: 'got-16'},
];

const root = fileURLToPath(new URL('..', import.meta.url));
const jest = path.join(root, 'node_modules/jest/bin/jest.js');
const useGot = new URL('use-got.mjs', import.meta.url).href;

const given = process.argv.slice(2);
const names = COLUMNS.map(({node}) => node);
const unknown = given.find(argument => /^\d+$/.test(argument) && !names.includes(argument));
if (unknown !== undefined) {
	console.error(`There is no column ${unknown}; there are ${names.join(', ')}.`);
	process.exit(1);
}
const chosen = COLUMNS.filter(({node}) => given.includes(node));
const forJest = given.filter(argument => !names.includes(argument));

const folder = mkdtempSync(path.join(tmpdir(), 'got-client-cache-matrix-'));
try {
	const rows = (chosen.length > 0 ? chosen : COLUMNS).map(runColumn);
	console.log('');
	console.table(Object.fromEntries(rows.map(({column, ...row}) => [column, row])));
	process.exitCode = rows.every(({result}) => result === 'passed') ? 0 : 1;
} finally {
	rmSync(folder, {recursive: true, force: true});
}

/** Runs the suite in one column. @returns its row of the table */
function runColumn({node, got}) {
	const started = performance.now();
	const report = path.join(folder, `${node}.json`);
	const column = `Node.js ${node}, got ${gotVersion(got)}`;
	console.log(`\n${column}`);
	const program = findNode(node);
	const {status} = spawnSync(
		program,
		['--experimental-vm-modules', jest, '--json', `--outputFile=${report}`, ...forJest],
		{cwd: root, stdio: ['ignore', 'ignore', 'inherit'], env: environmentFor(got)},
	);
	const counts = readReport(report);
	return {
		column,
		suites: `${counts.numPassedTestSuites} of ${counts.numTotalTestSuites}`,
		passed: counts.numPassedTests,
		failed: counts.numFailedTests,
		seconds: Math.round((performance.now() - started) / 1000),
		result: status === 0 && counts.success ? 'passed' : 'FAILED',
	};
}

/** The program of this version of Node.js: this very one, or one that npm gets. */
function findNode(node) {
	if (process.versions.node.split('.', 1)[0] === node) {
		return process.execPath;
	}
	const asked = ['--yes', '--package', `node@${node}`, '--', 'node', '--print', 'process.execPath'];
	const {stdout, status} = spawnSync('npx', asked, {cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit']});
	return status === 0 ? stdout.trim() : `node@${node}`;
}

function gotVersion(name) {
	return JSON.parse(readFileSync(path.join(root, 'node_modules', name, 'package.json'), 'utf8')).version;
}

/** Tests import the package through jest's mapping of names; programs that tests start, through a hook of Node's own. */
function environmentFor(got) {
	const options = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
	if (got !== 'got') {
		options.push(`--import=${useGot}`);
	}
	return {...process.env, GOT_PACKAGE: got, NODE_OPTIONS: options.join(' ')};
}

/** jest's own counts; zeros where it did not come to an end. */
function readReport(file) {
	try {
		return JSON.parse(readFileSync(file, 'utf8'));
	} catch {
		return {numPassedTestSuites: 0, numTotalTestSuites: 0, numPassedTests: 0, numFailedTests: 0, success: false};
	}
}
