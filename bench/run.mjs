// npm run bench -- [--json <file>] [--rounds <n>] [--only memory-hit|memory-hit-rfc9111|sqlite-hit|scattered-sqlite-hit|miss]
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {environment, printTable, withRatios} from './report.mjs';
import {startOrigin} from './start-origin.mjs';

const {values: options} = parseArgs({
	options: {
		json: {type: 'string'},
		rounds: {type: 'string', default: '15'},
		only: {type: 'string'},
		quiet: {type: 'boolean', default: false},
	},
});

const parts = {
	'memory-hit': async (...args) => (await import('./memory-hit.mjs')).memoryHit(...args),
	'memory-hit-rfc9111': async (...args) => (await import('./memory-hit.mjs')).memoryHitByRfc9111(...args),
	'sqlite-hit': async (...args) => (await import('./sqlite-hit.mjs')).sqliteHit(...args),
	'scattered-sqlite-hit': async (...args) => (await import('./sqlite-hit.mjs')).scatteredSqliteHit(...args),
	miss: async (...args) => (await import('./miss.mjs')).miss(...args),
	'near-miss': async (...args) => (await import('./miss.mjs')).nearMiss(...args),
};
const needingSqlite = new Set(['sqlite-hit', 'scattered-sqlite-hit']);
const chosen = options.only === undefined ? Object.keys(parts) : [options.only];
const unknown = chosen.find(name => !Object.hasOwn(parts, name));
if (unknown !== undefined) {
	throw new Error(`--only ${unknown}: there is ${Object.keys(parts).join(', ')}`);
}

const origin = await startOrigin();
const results = [];
try {
	for (const name of chosen) {
		if (needingSqlite.has(name) && !process.getBuiltinModule?.('node:sqlite')) {
			results.push(...onNode22(name));
		} else {
			const part = await parts[name](origin, {rounds: Number(options.rounds)});
			results.push({...withRatios(part), ...environment()});
		}
	}
} finally {
	origin.stop();
}

if (!options.quiet) {
	printTable(results);
	for (const {title, node, cpu, cores} of results) {
		console.log(`${title}: Node ${node}, ${cores} × ${cpu}`);
	}
}
if (options.json !== undefined) {
	writeFileSync(options.json, `${JSON.stringify(results, null, '\t')}\n`);
}

/** Runs a part that needs `node:sqlite` with the Node 22 of the npm registry; gives nothing, and says so, where that cannot be had. */
function onNode22(name) {
	const folder = mkdtempSync(path.join(tmpdir(), 'got-client-cache-bench-'));
	const json = path.join(folder, 'part.json');
	const script = fileURLToPath(import.meta.url);
	const args = ['--only', name, '--rounds', options.rounds, '--quiet', '--json', json];
	try {
		const {status} = spawnSync('npx', ['-y', '-p', 'node@22', '--', 'node', script, ...args], {
			stdio: ['ignore', 'inherit', 'inherit'],
		});
		if (status !== 0) {
			console.log(`NOT MEASURED: ${name}. It needs Node 22.13 or later, and running it with npx -p node@22 failed.\n`);
			return [];
		}
		return JSON.parse(readFileSync(json, 'utf8'));
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
}
