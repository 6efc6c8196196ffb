import {once} from 'node:events';
import {createServer, type RequestListener} from 'node:http';
import {connect, createServer as createHttp2Server, type Http2ServerResponse} from 'node:http2';
import type {AddressInfo} from 'node:net';
import {text} from 'node:stream/consumers';
import {describe, expect, it} from '@jest/globals';
import {GOT_MAJOR} from '../../../../../test-support/got-version.js';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession} from '../../../src/index.js';

async function startProxy(listener: RequestListener) {
	const server = createServer(listener).listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		async [Symbol.asyncDispose]() {
			server.closeAllConnections();
			server.close();
		},
	};
}

describe('a stream that is piped to a server response', () => {
	it.each(['before', 'when'])(
		'hands on what its listeners have made of the head; piped %s there is one',
		async order => {
			await using origin = await startOrigin({status: 203, headers: {'x-kept': 'yes', 'x-secret': 'no'}, body: 'text'});
			await using session = new CachedSession({allowedCodes: [203]});
			await using proxy = await startProxy((_request, response) => {
				const stream = session.stream(origin.url);
				if (order === 'before') {
					stream.pipe(response);
				}
				stream.on('response', head => {
					delete head.headers['x-secret'];
					if (order === 'when') {
						stream.pipe(response);
					}
				});
			});
			for (const _ of ['miss', 'hit']) {
				const {status, headers} = await fetch(proxy.url);
				expect(status).toBe(203);
				expect(headers.get('x-kept')).toBe('yes');
				expect(headers.get('x-secret')).toBeNull();
			}
			expect(origin.requests).toHaveLength(1);
		},
	);

	it('leaves those alone that it is piped to no more', async () => {
		await using origin = await startOrigin({status: 203, headers: {'x-mine': 'yes'}});
		await using session = new CachedSession();
		await using proxy = await startProxy((_request, response) => {
			const stream = session.stream(origin.url);
			stream.pipe(response);
			stream.unpipe();
			stream.once('end', () => response.end('of its own')).resume();
		});
		const response = await fetch(proxy.url);
		expect(response.headers.get('x-mine')).toBeNull();
		expect(await response.text()).toBe('of its own');
	});

	// got before 16 leaves them open, without an end.
	it.each(['cut off', 'destroyed'])('breaks it off when it is %s itself, as got 16 does', async what => {
		await using origin = await startOrigin((_request, response) => {
			response.write('begun', () => what === 'cut off' && setTimeout(() => response.destroy(), 10));
			return undefined;
		});
		await using session = new CachedSession({retry: {limit: 0}});
		let isClosed: boolean | undefined;
		await using proxy = await startProxy((_request, response) => {
			const stream = session.stream(origin.url);
			stream.on('error', () => undefined).pipe(response);
			stream.once('close', () => {
				isClosed = response.destroyed;
				response.destroy();
			});
			stream.once('data', () => what === 'destroyed' && stream.destroy());
		});
		await fetch(proxy.url)
			.then(
				response => response.text(),
				() => undefined,
			)
			.catch(() => undefined);
		expect(isClosed).toBe(GOT_MAJOR >= 16);
	});

	it('does not end one that it is to leave open', async () => {
		await using origin = await startOrigin('text');
		await using session = new CachedSession();
		await using proxy = await startProxy((_request, response) => {
			const stream = session.stream(origin.url);
			stream.pipe(response, {end: false});
			stream.once('close', () => response.end(' and more'));
		});
		expect(await (await fetch(proxy.url)).text()).toBe('text and more');
	});

	it('hands the head on over HTTP/2 as well, as got 16 does', async () => {
		await using origin = await startOrigin({status: 203, headers: {'x-mine': 'yes'}, body: 'text'});
		await using session = new CachedSession();
		const server = createHttp2Server((_request, response: Http2ServerResponse) => {
			session.stream(origin.url).pipe(response as unknown as NodeJS.WritableStream);
		}).listen(0, '127.0.0.1');
		await once(server, 'listening');
		const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
		const request = client.request();
		const [head] = (await once(request, 'response')) as [Record<string, unknown>];
		expect(await text(request)).toBe('text');
		expect([head[':status'], head['x-mine']]).toEqual(GOT_MAJOR >= 16 ? [203, 'yes'] : [200, undefined]);
		client.close();
		server.close();
	});
});
