import {fork} from 'node:child_process';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';

/** A column takes some ten seconds. One that takes so many milliseconds hangs. */
const COLUMN_TIMEOUT = 300_000;

/**
 * Runs one column in a process of its own, with a folder of its own that is gone afterwards.
 * @param request the column's `name`, `concurrency`, and `ids`, whose messages are printed as they pass; all tests without it
 * @returns what {@link file://./run-column.mjs} sends, or `{error}`
 */
export async function runInProcess(request) {
	const folder = await mkdtemp(path.join(tmpdir(), 'got-client-cache-conformance-'));
	try {
		return await talkTo(
			fork(new URL('run-column.mjs', import.meta.url), {
				// The suite's origin prints what it thinks odd, which for a test may well be meant.
				stdio: ['ignore', request.ids === undefined ? 'ignore' : 'inherit', 'inherit', 'ipc'],
			}),
			{...request, folder},
		);
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
}

function talkTo(child, request) {
	return new Promise(resolve => {
		let answer = {error: 'its process ended without a result'};
		const timer = setTimeout(() => {
			answer = {error: `no result after ${COLUMN_TIMEOUT / 1000} s`};
			child.kill('SIGKILL');
		}, COLUMN_TIMEOUT);
		child.on('message', message => {
			answer = message;
		});
		child.on('error', error => {
			answer = {error: String(error)};
		});
		child.on('close', () => {
			clearTimeout(timer);
			resolve(answer);
		});
		child.send(request);
	});
}
