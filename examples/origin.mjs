import {once} from 'node:events';
import {createServer} from 'node:http';
import {setTimeout as sleep} from 'node:timers/promises';

/**
 * A small origin for the examples, on a free port of 127.0.0.1. `/delay/<seconds>` answers after so long, everything else at once.
 * `requests` counts what reached it.
 */
export async function startOrigin() {
	const origin = {url: '', requests: 0, close};
	const server = createServer(async (request, response) => {
		origin.requests++;
		const [, seconds = '0'] = /^\/delay\/(\d+)/.exec(request.url) ?? [];
		await sleep(Number(seconds) * 1000);
		response.setHeader('content-type', 'application/json');
		response.end(JSON.stringify({path: request.url, answer: origin.requests}));
	});

	async function close() {
		const closed = once(server, 'close');
		server.close();
		server.closeAllConnections();
		await closed;
	}

	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	origin.url = `http://127.0.0.1:${server.address().port}`;
	return origin;
}
