import {once} from 'node:events';
import {createServer, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {PassThrough, Readable, Writable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import {gzipSync} from 'node:zlib';
import {describe, expect, it} from '@jest/globals';
import got from 'got';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession} from '../../../src/index.js';
import {bytesOf, sampleBytes} from './read-stream.js';

describe('reading', () => {
	const body = sampleBytes(300_000);

	it.each(['miss', 'hit'])('in every way that Node knows (%s)', async kind => {
		await using origin = await startOrigin({body});
		await using session = new CachedSession({expireAfter: kind === 'hit' ? 100 : 0});
		if (kind === 'hit') {
			await session.get(origin.url);
		}
		const target = new PassThrough();
		const [piped] = await Promise.all([bytesOf(target), pipeline(session.stream(origin.url), target)]);
		expect(piped.equals(body)).toBe(true);
		expect((await bytesOf(session.stream.get(origin.url))).equals(body)).toBe(true);
		const byData: Buffer[] = [];
		const flowing = session.stream(origin.url).on('data', chunk => void byData.push(chunk as Buffer));
		await once(flowing, 'end');
		expect(Buffer.concat(byData).equals(body)).toBe(true);
		const text = session.stream(origin.url).setEncoding('hex');
		let hex = '';
		for await (const chunk of text) {
			hex += chunk;
		}
		expect(hex).toBe(body.toString('hex'));
		const stream = session.stream(origin.url);
		await once(stream, 'readable');
		await sleep(5);
		expect((await Readable.prototype.toArray.call(stream)).length).toBeGreaterThan(0);
		const late = session.stream(origin.url);
		await once(late, 'response');
		await sleep(5);
		expect((await bytesOf(late)).equals(body)).toBe(true);
	});

	it('into a server response, head and all', async () => {
		await using origin = await startOrigin({
			headers: {'x-mine': 'yes', 'content-encoding': 'gzip', 'cache-control': 'max-age=9'},
			body: gzipSync('coded'),
		});
		origin.route('/made', {status: 201, body: 'made'});
		await using session = new CachedSession();
		const proxy = createServer((request, response: ServerResponse) => {
			const stream = session.stream(`${origin.url}${request.url}`);
			const other = new Writable({write: (_chunk, _encoding, done) => done()}) as unknown as ServerResponse;
			stream.pipe(other);
			stream.pipe(response);
		}).listen(0, '127.0.0.1');
		await once(proxy, 'listening');
		const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
		for (const _ of ['miss', 'hit']) {
			const {statusCode, headers, body: text} = await got(url);
			expect({statusCode, text}).toEqual({statusCode: 200, text: 'coded'});
			expect(headers).toMatchObject({'x-mine': 'yes', 'cache-control': 'max-age=9'});
			expect(headers['content-encoding']).toBeUndefined();
		}
		expect((await got(`${url}/made`)).statusCode).toBe(201);
		expect(origin.requests).toHaveLength(2);
		proxy.closeAllConnections();
		proxy.close();
	});

	it('what nobody reads is stored all the same if it is small, and keeps no session from closing', async () => {
		await using origin = await startOrigin();
		const session = new CachedSession({autoclose: false});
		const unread = session.stream(origin.url);
		await once(unread, 'response');
		const head = session.stream.head(`${origin.url}/head`);
		await once(head, 'response');
		await session.close();
		await using other = new CachedSession({cache: session.cache});
		expect(await other.get(origin.url)).toMatchObject({isFromCache: true, body: 'response 1'});
	});
});
