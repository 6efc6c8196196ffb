// npm run bench:backends -- [--json <file>] [--rounds <n>] [--only <place>] [--sizes 1024,10240] [--no-streams]
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {parseArgs} from 'node:util';
import {openDynamoDBPlace} from './backends/dynamodb-place.mjs';
import {openFilePlace, openMemoryPlace} from './backends/file-place.mjs';
import {MODES, operationsOf, prepareSize} from './backends/measure-place.mjs';
import {openRedisPlace} from './backends/redis-place.mjs';
import {openNodeSqlitePlace, openSqlitePlace} from './backends/sqlite-place.mjs';
import {measureStreams, printStreams} from './backends/streams.mjs';
import {environment, printTable, withRatios} from './report.mjs';
import {measureInTurns} from './rounds.mjs';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const openers = {
	memory: openMemoryPlace,
	files: openFilePlace,
	sqlite: openSqlitePlace,
	'node-sqlite': openNodeSqlitePlace,
	redis: openRedisPlace,
	dynamodb: openDynamoDBPlace,
};
const {values: options} = parseArgs({
	options: {
		json: {type: 'string'},
		rounds: {type: 'string', default: '5'},
		only: {type: 'string', multiple: true, default: Object.keys(openers)},
		sizes: {type: 'string', default: '1024,10240,102400,1048576'},
		'no-streams': {type: 'boolean', default: false},
	},
});
const unknown = options.only.find(name => !Object.hasOwn(openers, name));
if (unknown !== undefined) {
	throw new Error(`--only ${unknown}: there is ${Object.keys(openers).join(', ')}`);
}

const folder = await mkdtemp(path.join(tmpdir(), 'got-client-cache-bench-'));
const places = [];
const parts = [];
let streams = [];
try {
	for (const name of options.only) {
		const place = await openers[name](folder);
		if (place === undefined) {
			console.log(`NOT MEASURED: ${name}. It needs Node 22.15 or later.\n`);
		} else {
			places.push(place);
		}
	}
	for (const size of options.sizes.split(',').map(Number)) {
		parts.push(...(await measureSize(size)));
	}
	await countRequests();
	if (!options['no-streams']) {
		streams = await measureStreams(folder);
	}
} finally {
	for (const place of places) {
		await place.close();
	}
	await rm(folder, {recursive: true, force: true});
}
printTable(parts);
printStreams(streams);
const {node, cpu, cores} = environment();
console.log(`\nNode ${node}, ${cores} × ${cpu}`);
if (options.json !== undefined) {
	await writeFile(options.json, `${JSON.stringify({parts, streams, node, cpu, cores}, null, '\t')}\n`);
}

/** All modes of one size: every place and what stands beside it, in turns. */
async function measureSize(size) {
	const calls = await prepareSize(places, size);
	const measured = [];
	for (const mode of MODES) {
		const title = `${mode} at ${formatSize(size)}`;
		const perCall = await measureInTurns(calls[mode], {
			rounds: Number(options.rounds),
			sliceMs: 60,
			batch: 1,
			samples: 4,
		});
		const times = Object.fromEntries(Object.entries(perCall).map(([name, time]) => [name, time / operationsOf(mode)]));
		const ratios = places
			.filter(({baseline}) => baseline !== undefined && times[baseline.name] !== undefined)
			.map(({name, baseline, targets}) => ({of: name, to: baseline.name, ...targets[title]}));
		measured.push(withRatios({title, times, ratios}));
	}
	return measured;
}

/** How many requests a place makes for one read of a small record: what DynamoDB is paid by. */
async function countRequests() {
	for (const {name, cache, requests} of places.filter(place => place.requests !== undefined)) {
		const before = requests();
		await cache.read('bench1024.1');
		console.log(`${name}: ${requests() - before} request for a read below the item limit\n`);
	}
}

function formatSize(bytes) {
	return bytes < 1024 * 1024 ? `${bytes / 1024} KB` : `${bytes / 1024 / 1024} MB`;
}
