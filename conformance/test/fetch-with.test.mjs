import assert from 'node:assert/strict';
import {once} from 'node:events';
import {createServer} from 'node:http';
import {after, before, describe, it} from 'node:test';
import got from 'got';
import {fetchWith} from '../fetch-with.mjs';

describe('the fetch for the suite', () => {
	const seen = [];
	const server = createServer(async (request, response) => {
		const chunks = [];
		for await (const chunk of request) {
			chunks.push(chunk);
		}
		const {method, url, rawHeaders} = request;
		seen.push({method, url, rawHeaders, body: Buffer.concat(chunks).toString()});
		response.setHeader('Age', ['1', '2']).setHeader('X-Field', 'a');
		response.writeHead(url.startsWith('/test/') ? 999 : 200).end('ü');
	});
	const fetch = fetchWith((url, options) => got(url, options));
	let origin;

	before(async () => {
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		origin = `http://127.0.0.1:${server.address().port}`;
	});
	after(() => {
		server.closeAllConnections();
		server.close();
	});

	it('sends method, body and every field line', async () => {
		await fetch(`${origin}/test/x`, {
			method: 'M-SEARCH',
			body: 'abc',
			headers: [
				['Foo', '1'],
				['Foo', ' 2 '],
			],
		});
		const {method, body, rawHeaders} = seen.at(-1);
		assert.equal(method, 'M-SEARCH');
		assert.equal(body, 'abc');
		assert.deepEqual(
			rawHeaders.filter((_, index) => rawHeaders[index - 1]?.toLowerCase() === 'foo'),
			['1', '2'],
		);
	});

	it('sends what a browser sends for the mode no-cache', async () => {
		await fetch(`${origin}/test/x`, {headers: [], cache: 'no-cache'});
		assert.ok(seen.at(-1).rawHeaders.join().toLowerCase().includes('cache-control,max-age=0'));
	});

	it('gives status, all field lines, fields by name, and text', async () => {
		const response = await fetch(`${origin}/test/x`, {headers: []});
		assert.equal(response.status, 999);
		assert.equal(response.headers.get('age'), '1, 2');
		assert.equal(Object.fromEntries(response.headers).age, '1, 2');
		assert.equal(response.headers['X-Field'], 'a');
		assert.equal(response.headers.Missing, undefined);
		assert.equal(await response.text(), 'ü');
	});

	it('goes around what is under test for the suite’s own messages', async () => {
		const around = fetchWith(() => assert.fail('was asked'));
		assert.equal((await around(`${origin}/state/x`)).status, 200);
		assert.equal(seen.at(-1).url, '/state/x');
	});
});
