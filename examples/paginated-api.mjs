// An API in pages: got's pagination, where only the pages that are new or out of date reach the server.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {createServer} from 'node:http';
import {CachedSession} from 'got-client-cache';

const PAGES = 4;
const asked = [];

// Three commits a page, and a `Link` to the next one, as GitHub's API has it. The first page has the newest.
const server = createServer((request, response) => {
	asked.push(request.url);
	const page = Number(new URL(request.url, url).searchParams.get('page') ?? 1);
	if (page < PAGES) {
		response.setHeader('link', `<${url}/commits?page=${page + 1}>; rel="next"`);
	}
	response.setHeader('content-type', 'application/json');
	response.end(JSON.stringify([1, 2, 3].map(n => ({id: (page - 1) * 3 + n, message: `commit ${page}.${n}`}))));
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${server.address().port}`;

// Old pages do not change any more; the first one does.
const session = new CachedSession({expireAfter: '1d', urlsExpireAfter: [[/\/commits$/, 0.05]]});

try {
	const all = await session.paginate.all(`${url}/commits`);
	assert.equal(all.length, 12);
	assert.equal(asked.length, PAGES, 'every page is asked for once');

	// As with got, pages are asked for as they are wanted, and the options of got's pagination hold.
	asked.length = 0;
	const seen = [];
	for await (const {id} of session.paginate(`${url}/commits`, {pagination: {filter: ({item}) => item.id % 2 === 0}})) {
		seen.push(id);
	}
	assert.deepEqual(seen, [2, 4, 6, 8, 10, 12]);
	assert.ok(asked.length <= 1, 'all but the first page, which may be out of date by now, come from the cache');

	// A page is a request like any other: it can be looked up, and it goes out of date by itself.
	assert.equal((await session.get(`${url}/commits?page=3`)).isFromCache, true);
	await new Promise(resolve => setTimeout(resolve, 60));
	asked.length = 0;
	await session.paginate.all(`${url}/commits`);
	assert.deepEqual(asked, ['/commits']);

	// Options of the cache hold for every page.
	asked.length = 0;
	await session.paginate.all(`${url}/commits`, {forceRefresh: true, pagination: {requestLimit: 2}});
	assert.deepEqual(asked, ['/commits', '/commits?page=2']);
	console.log(`${all.length} items in ${PAGES} pages; asked for again: the first page only`);
} finally {
	await session.close();
	server.close();
	server.closeAllConnections();
}
