import {once} from 'node:events';
import {createServer} from 'node:http';
import handleConfig from 'http-cache-tests/server/handle-config.mjs';
import handleState from 'http-cache-tests/server/handle-state.mjs';
import handleTest from 'http-cache-tests/server/handle-test.mjs';

const handlers = {config: handleConfig, state: handleState, test: handleTest};

/**
 * Starts the suite's origin on a free port of 127.0.0.1. The suite's own `server.mjs` listens on all interfaces, at a fixed port, and serves the files of the working directory.
 * @returns its `url`, without a slash at the end, and `close()`
 */
export async function startOrigin() {
	const server = createServer((request, response) => {
		const [, part, ...segments] = new URL(request.url, 'http://127.0.0.1').pathname.split('/');
		const handler = handlers[part];
		if (handler === undefined) {
			response.writeHead(404).end();
			return;
		}
		response.on('finish', () => endUnknownCoding(request, response));
		handler(segments, request, response);
	});
	// Tests pause for three seconds; a connection that ends just as it is used again would count as a failure of the cache.
	server.keepAliveTimeout = 120_000;
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${server.address().port}`,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

/** A message in a transfer coding other than chunked ends with its connection (RFC 9112 §6.3). One test makes one up; without this it would hang. */
function endUnknownCoding(request, response) {
	if ((response.getHeader('transfer-encoding') ?? 'chunked') !== 'chunked') {
		request.socket.end();
	}
}
