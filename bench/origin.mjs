// The origin of the benchmarks. It runs in a process of its own, so that answering takes no time from the contenders' event loop.
import {createServer} from 'node:http';

const body = 'x'.repeat(1024);
const headers = {
	'content-type': 'text/plain',
	'content-length': body.length,
	'cache-control': 'public, max-age=86400',
};
let requests = 0;

const server = createServer((request, response) => {
	requests++;
	response.writeHead(200, headers);
	// Near as they go: a server in the same data centre.
	if (request.url.startsWith('/near/')) {
		setTimeout(() => response.end(body), 2);
	} else {
		response.end(body);
	}
});

server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send({url: `http://127.0.0.1:${server.address().port}`}));
process.on('message', () => process.send({requests}));
process.on('disconnect', () => process.exit());
