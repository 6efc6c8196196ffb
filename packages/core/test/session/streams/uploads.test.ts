import {once} from 'node:events';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {PassThrough, Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from '@jest/globals';
import {type Origin, startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession} from '../../../src/index.js';
import {eventsOf, failureOf, sampleBytes, textOf} from './read-stream.js';

/** Says what it was sent. */
function startEcho(): Promise<Origin> {
	return startOrigin(({method, body, headers}) => `${method} ${headers['content-type']} ${body}`);
}

describe('writing', () => {
	it.each(['post', 'put', 'patch'] as const)('%s sends what is written, and bypasses the cache', async method => {
		await using origin = await startEcho();
		await using session = new CachedSession({allowedMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']});
		for (const data of ['one', 'two']) {
			const stream = session.stream[method](`${origin.url}/`, {headers: {'content-type': 'a/b'}});
			expect(stream.isReadonly).toBe(false);
			const events = eventsOf(stream, ['uploadProgress']);
			stream.write(data);
			stream.end('!');
			expect(await textOf(stream)).toBe(`${method.toUpperCase()} a/b ${data}!`);
			expect(stream.response?.cacheStatus?.detail).toMatch(/streamBody|methodNotAllowed/);
			expect(events.at(-1)).toMatch(/^uploadProgress 4\/4 1/);
			expect(stream.uploadProgress).toMatchObject({transferred: 4, percent: 1});
		}
		expect(origin.requests).toHaveLength(2);
	});

	it('delete has to be ended, as with got', async () => {
		await using origin = await startEcho();
		await using session = new CachedSession();
		const stream = session.stream.delete(`${origin.url}/`);
		stream.end();
		expect(await textOf(stream)).toBe('DELETE undefined ');
	});

	it('takes what is piped into it, with headers, as got does', async () => {
		await using origin = await startOrigin(({body, headers}) => `${headers['x-from']} ${body.byteLength}`);
		await using session = new CachedSession();
		const data = sampleBytes(500_000);
		const source = Object.assign(Readable.from([data.subarray(0, 1000), data.subarray(1000)]), {
			headers: {'x-from': 'source'},
		});
		const target = new PassThrough();
		const [text] = await Promise.all([
			textOf(target),
			pipeline(source, session.stream.post(origin.url, {copyPipedHeaders: true}), target),
		]);
		expect(text).toBe('source 500000');
		expect(origin.requests[0]?.body.equals(data)).toBe(true);
	});

	it('deletes what is stored for the URL, under RFC 9111', async () => {
		await using origin = await startOrigin({headers: {'cache-control': 'max-age=100'}, body: 'x'});
		await using session = new CachedSession({cacheControl: true});
		await textOf(session.stream(origin.url));
		const post = session.stream.post(origin.url);
		post.end('changed');
		await textOf(post);
		await textOf(session.stream(origin.url));
		expect(origin.requests.map(({method}) => method)).toEqual(['GET', 'POST', 'GET']);
	});

	it('is not possible with a method that has no body', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession();
		const stream = session.stream(origin.url);
		expect(stream.isReadonly).toBe(false);
		stream.write('x');
		expect(await failureOf(stream)).toMatchObject({code: 'ERR_STREAM_WRITE_AFTER_END'});
	});

	it('may go on after an early answer', async () => {
		const server = createServer((request, response) => {
			response.end('early');
			request.resume().on('end', () => received.push('end'));
		}).listen(0, '127.0.0.1');
		const received: string[] = [];
		await once(server, 'listening');
		await using session = new CachedSession();
		const stream = session.stream.post(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
		stream.write('a');
		expect(await textOf(stream)).toBe('early');
		stream.end('b');
		await once(stream, 'close');
		await sleep(20);
		expect(received).toEqual(['end']);
		server.closeAllConnections();
		server.close();
	});
});
