// npm run demo: a program that sends ten requests to an endpoint that takes a second, run twice.
import {fork} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {startOrigin} from './origin.mjs';

const origin = await startOrigin();
const folder = await mkdtemp(path.join(tmpdir(), 'got-client-cache-demo-'));
const database = path.join(folder, 'http-cache.sqlite');

try {
	const first = await run('First run: the database does not exist yet.');
	const second = await run('Second run: a new process, the same database.');
	check('ten requests in less than 2 s, one of them to the origin', first.seconds < 2 && first.requests === 1);
	check('ten requests, none of them to the origin', Number.isFinite(second.seconds) && second.requests === 0);
} finally {
	await origin.close();
	await rm(folder, {recursive: true, force: true});
}

/** Runs the program in a process of its own; gives the seconds that it took by its own account and how many requests the origin counted. */
async function run(title) {
	const before = origin.requests;
	console.log(title);
	const program = fork(new URL('demo-program.mjs', import.meta.url), [`${origin.url}/delay/1`, database]);
	let seconds = Number.POSITIVE_INFINITY;
	program.on('message', message => {
		seconds = message.seconds;
	});
	await once(program, 'close');
	const requests = origin.requests - before;
	console.log(`  the origin counted ${requests} request${requests === 1 ? '' : 's'}\n`);
	return {seconds, requests};
}

function check(claim, holds) {
	console.log(`${holds ? 'holds' : 'DOES NOT HOLD'}: ${claim}`);
	if (!holds) {
		process.exitCode = 1;
	}
}
