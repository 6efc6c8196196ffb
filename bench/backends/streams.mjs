import {fork} from 'node:child_process';
import {once} from 'node:events';
import path from 'node:path';

const SIZE = 100 * 1024 * 1024;

/** A body of 100 MB written and read as a stream, each in a process of its own, so that the memory of one does not count for the other. */
export async function measureStreams(folder) {
	const results = [];
	for (const kind of ['sqlite', 'files']) {
		const place = path.join(folder, `stream-${kind}`);
		for (const task of ['write', 'read']) {
			results.push({kind, task, ...(await inProcess(kind, task, place))});
		}
	}
	return results;
}

async function inProcess(kind, task, place) {
	const child = fork(new URL('stream-process.mjs', import.meta.url), [kind, task, place, String(SIZE)], {
		execArgv: ['--expose-gc'],
	});
	const [result] = await once(child, 'message');
	await once(child, 'exit');
	return result;
}

/** Prints what {@link measureStreams} gave. */
export function printStreams(results) {
	if (results.length === 0) {
		return;
	}
	console.log('\nA body of 100 MB, as a stream');
	for (const {kind, task, firstByte, whole, memory, stall} of results) {
		const first = firstByte === undefined ? '' : `first byte ${firstByte.toFixed(1)} ms${mark(firstByte < 10)}, `;
		const extra = `${memory.toFixed(0)} MB of extra memory${mark(memory < 60)}`;
		console.log(
			`  ${kind}, ${task}: ${first}all ${whole.toFixed(0)} ms, ${extra}, event loop stalled ${stall.toFixed(1)} ms${mark(stall < 20)}`,
		);
	}
	console.log('  targets: first byte within 10 ms, under 60 MB of extra memory, no stall above 20 ms');
}

function mark(isMet) {
	return isMet ? '' : ' (MISSED)';
}
