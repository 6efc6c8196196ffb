// What is out of date need not be sent again: the server says whether it has changed.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {createServer} from 'node:http';
import {CachedSession, EXPIRE_IMMEDIATELY} from 'got-client-cache';

let version = 1;
const answers = [];
let sentBytes = 0;

const server = createServer((request, response) => {
	const etag = `"v${version}"`;
	response.setHeader('etag', etag);
	response.setHeader('cache-control', 'max-age=0');
	if (request.headers['if-none-match'] === etag) {
		answers.push(304);
		response.writeHead(304).end();
		return;
	}
	answers.push(200);
	const body = `version ${version} `.repeat(10_000);
	sentBytes += body.length;
	response.end(body);
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${server.address().port}/`;

const session = new CachedSession({expireAfter: EXPIRE_IMMEDIATELY});

try {
	// Stored, and asked about each time. The caller sees a 200 with the whole body.
	for (let n = 0; n < 3; n++) {
		const {statusCode, body, isFromCache} = await session.get(url);
		assert.deepEqual([statusCode, isFromCache], [200, n > 0]);
		assert.match(body, /^version 1 /);
	}
	assert.deepEqual(answers.splice(0), [200, 304, 304]);

	// A new version comes whole.
	version = 2;
	assert.match(await session.get(url).text(), /^version 2 /);
	assert.deepEqual(answers.splice(0), [200]);

	// Also where it is fresh, `refresh` asks; `forceRefresh` does not even mention what is stored.
	const long = session.extend({expireAfter: '1h'});
	await long.get(url, {forceRefresh: true});
	await long.get(url);
	await long.get(url, {refresh: true});
	assert.deepEqual(answers.splice(0), [200, 304]);
	await long.close();

	// With `cacheControl` the server says how long; a caller's own condition is answered from the store.
	const byServer = session.extend({cacheControl: true, expireAfter: undefined});
	const {headers} = await byServer.get(`${url}page`);
	const own = await byServer.get(`${url}page`, {headers: {'if-none-match': headers.etag}});
	assert.deepEqual([own.statusCode, own.body], [304, '']);
	assert.deepEqual(answers.splice(0), [200, 304]);
	await byServer.close();
	console.log(`four bodies were sent, ${sentBytes} bytes; everything else was "not modified"`);
} finally {
	await session.close();
	server.close();
	server.closeAllConnections();
}
