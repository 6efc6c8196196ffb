// The origin of bench/soak.mjs, in a process of its own. What it answers depends on the beginning of the path.
import {createServer} from 'node:http';

const body = 'x'.repeat(1024);

const server = createServer((request, response) => {
	const [, kind] = request.url.split('/', 2);
	switch (kind) {
		case 'moved':
			response.writeHead(302, {location: request.url.replace('moved', 'plain')}).end();
			return;
		case 'missing':
			response.writeHead(404).end('no such page');
			return;
		case 'never':
			return;
		case 'vary':
			response.setHeader('vary', 'accept-language');
			break;
		case 'jar':
			response.setHeader('set-cookie', 'visited=1; Max-Age=86400');
			break;
	}
	response.writeHead(200, {'content-type': 'text/plain', 'content-length': body.length, etag: '"1"'});
	response.end(body);
});

server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => process.send({url: `http://127.0.0.1:${server.address().port}`}));
process.on('disconnect', () => process.exit());
