import {fork} from 'node:child_process';
import {once} from 'node:events';

/**
 * Starts the origin in a process of its own.
 * @returns its `url`, `requests()` (how many requests reached it so far) and `stop()`
 */
export async function startOrigin() {
	const child = fork(new URL('origin.mjs', import.meta.url));
	const [{url}] = await once(child, 'message');
	return {
		url,
		async requests() {
			const answer = once(child, 'message');
			child.send('count');
			const [{requests}] = await answer;
			return requests;
		},
		stop() {
			child.disconnect();
		},
	};
}
