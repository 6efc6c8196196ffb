// A large file through the cache: the first download is stored while it is written, the second never leaves this machine.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {createReadStream, createWriteStream} from 'node:fs';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {SQLiteBackend} from '@got-client-cache/sqlite';
import {CachedSession} from 'got-client-cache';

const PIECES = 200;
const piece = Buffer.alloc(50_000, 'a large file ');
let requests = 0;

// An origin that does not know how long its answer will be, and can be told to break off.
const origin = createServer((request, response) => {
	requests++;
	if (request.method === 'POST') {
		request.pipe(response);
		return;
	}
	const pieces = (function* () {
		for (let count = 0; count < PIECES; count++) {
			if (request.url === '/broken' && count === PIECES / 2) {
				response.destroy();
			}
			yield piece;
		}
	})();
	Readable.from(pieces).pipe(response);
}).listen(0, '127.0.0.1');
await once(origin, 'listening');
const url = `http://127.0.0.1:${origin.address().port}`;

const folder = await mkdtemp(path.join(tmpdir(), 'got-client-cache-example-'));
const session = new CachedSession({cache: new SQLiteBackend(path.join(folder, 'cache')), expireAfter: {hours: 1}});

try {
	const files = ['first', 'second'].map(name => path.join(folder, name));
	for (const file of files) {
		const stream = session.stream(`${url}/file`);
		stream.on('downloadProgress', ({transferred}) => assert.ok(transferred <= PIECES * piece.length));
		await pipeline(stream, createWriteStream(file));
		assert.equal(stream.isFromCache, file === files[1]);
	}
	const [first, second] = await Promise.all(files.map(file => readFile(file)));
	assert.equal(first.length, PIECES * piece.length);
	assert.ok(first.equals(second));
	assert.equal(requests, 1, 'the second download is a hit');

	// What did not come whole is an error, and is not kept.
	await assert.rejects(pipeline(session.stream(`${url}/broken`), createWriteStream(path.join(folder, 'broken'))));
	assert.equal(await session.cache.hasUrl(`${url}/broken`), false);

	// Uploads stream as well; they pass the cache by.
	const echoed = path.join(folder, 'echoed');
	await pipeline(createReadStream(files[0]), session.stream.post(`${url}/echo`), createWriteStream(echoed));
	assert.ok((await readFile(echoed)).equals(first));

	console.log(`${first.length / 1e6} MB streamed twice, over the network once`);
} finally {
	await session.close();
	origin.closeAllConnections();
	origin.close();
	await rm(folder, {recursive: true, force: true});
}
