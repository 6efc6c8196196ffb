/** Options that say how to get to the server: a miss takes that way, and a hit none. */
import {mkdtemp, rm} from 'node:fs/promises';
import {Agent, createServer, request as httpRequest} from 'node:http';
import {createSecureServer} from 'node:http2';
import {createServer as createHttpsServer} from 'node:https';
import {connect, type Server} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {describe, expect, it, jest} from '@jest/globals';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import type {CachedResponse, RequestOptions} from '../../../src/index.js';
import {expectSame, expectSameError} from './expect-same.js';
import {listen} from './listen.js';
import {CERTIFICATE, KEY} from './localhost-certificate.js';
import {missAndHit} from './miss-and-hit.js';

describe('HTTP/2', () => {
	it('against a server that speaks it', async () => {
		const seen: string[] = [];
		await using running = await listen(
			createSecureServer({key: KEY, cert: CERTIFICATE}, (request, response) => {
				seen.push(request.httpVersion);
				response.writeHead(200, {'content-type': 'text/plain', 'x-a': ['1', '2'], 'set-cookie': ['a=1', 'b=2']});
				response.end(`answer ${seen.length}`);
			}) as unknown as Server,
		);
		const url = `https://localhost:${running.port}/`;
		const options: RequestOptions = {http2: true, https: {certificateAuthority: CERTIFICATE}};
		await using session = await missAndHit(url, options, 'answer 1');
		expect(seen).toEqual(['2.0']);
		const hit = (await session.get(url, options)) as CachedResponse<string>;
		expect(hit.headers).toMatchObject({'x-a': '1, 2', 'set-cookie': ['a=1', 'b=2'], 'content-type': 'text/plain'});
		expect(Object.keys(hit.headers).filter(name => name.startsWith(':'))).toEqual([]);
		// How it is carried does not make it another resource.
		expect((await session.get(url)).isFromCache).toBe(true);
	});

	it('against one that does not', async () => {
		const server = createHttpsServer({key: KEY, cert: CERTIFICATE}, (_request, response) => response.end('plain'));
		await using running = await listen(server);
		const options: RequestOptions = {http2: true, https: {certificateAuthority: CERTIFICATE}};
		await using session = await missAndHit(`https://localhost:${running.port}/`, options, 'plain');
		expect(await session.cache.size()).toBe(1);
	});
});

describe('https', () => {
	it('with a certificate authority of its own; a hit needs none', async () => {
		const server = createHttpsServer({key: KEY, cert: CERTIFICATE}, (_request, response) => response.end('secure'));
		await using running = await listen(server);
		const url = `https://localhost:${running.port}/`;
		await expectSameError(client => client.get(url, {retry: {limit: 0}}));
		await using session = await missAndHit(url, {https: {certificateAuthority: CERTIFICATE}}, 'secure');
		expect(await session.get(url)).toMatchObject({isFromCache: true, body: 'secure'});
		expect(await session.get(url, {https: {rejectUnauthorized: false}})).toMatchObject({isFromCache: true});
	});

	it('with a client certificate, which says who is asking', async () => {
		const server = createHttpsServer(
			{key: KEY, cert: CERTIFICATE, requestCert: true, rejectUnauthorized: false},
			(request, response) => {
				const {subject} = (
					request.socket as unknown as {getPeerCertificate(): {subject?: {CN: string}}}
				).getPeerCertificate();
				response.end(subject?.CN ?? 'nobody');
			},
		);
		await using running = await listen(server);
		const url = `https://localhost:${running.port}/`;
		const asNobody = {https: {certificateAuthority: CERTIFICATE}};
		const asSomebody = {https: {certificateAuthority: CERTIFICATE, certificate: CERTIFICATE, key: KEY}};
		await using session = await missAndHit(url, asNobody, 'nobody');
		expect(await session.get(url, asSomebody)).toMatchObject({isFromCache: false, body: 'localhost'});
		expect(await session.get(url, asSomebody)).toMatchObject({isFromCache: true, body: 'localhost'});
		expect(await session.get(url, asNobody)).toMatchObject({isFromCache: true, body: 'nobody'});
	});
});

describe('a Unix socket', () => {
	it('is part of the URL, and so of the key', async () => {
		const folder = await mkdtemp(path.join(tmpdir(), 'gcc-'));
		const socketOf = (name: string) => path.join(folder, name);
		const answer = (name: string) => createServer((request, response) => response.end(`${name} ${request.url}`));
		try {
			await using _a = await listen(answer('a'), socketOf('a'));
			await using _b = await listen(answer('b'), socketOf('b'));
			const options: RequestOptions = {enableUnixSockets: true};
			await using session = await missAndHit(`unix:${socketOf('a')}:/path?q=1`, options, 'a /path?q=1');
			expect(await session.get(`unix:${socketOf('b')}:/path?q=1`, options)).toMatchObject({body: 'b /path?q=1'});
			expect(await session.get(`http://unix:${socketOf('a')}:/path?q=1`, options)).toMatchObject({
				isFromCache: true,
				body: 'a /path?q=1',
			});
		} finally {
			await rm(folder, {recursive: true});
		}
	});
});

describe('the way to the server', () => {
	it('an agent carries the miss', async () => {
		await using origin = await startOrigin('answer');
		const agent = new Agent();
		const connecting = jest.spyOn(agent as unknown as {createConnection(): unknown}, 'createConnection');
		await using session = await missAndHit(origin.url, {agent: {http: agent}}, 'answer');
		expect(connecting).toHaveBeenCalledTimes(1);
		expect(await session.get(origin.url, {agent: {http: false}})).toMatchObject({isFromCache: true});
		agent.destroy();
	});

	it('dnsLookup finds the host of a miss; a hit looks nothing up', async () => {
		await using origin = await startOrigin('answer');
		let lookups = 0;
		const dnsLookup = ((_host: string, options: {all?: boolean}, callback: (...args: unknown[]) => void) => {
			lookups++;
			callback(null, ...(options.all ? [[{address: '127.0.0.1', family: 4}]] : ['127.0.0.1', 4]));
		}) as unknown as NonNullable<RequestOptions['dnsLookup']>;
		const url = origin.url.replace('127.0.0.1', 'somewhere.invalid');
		await using _session = await missAndHit(url, {dnsLookup, dnsLookupIpVersion: 4}, 'answer');
		expect(lookups).toBe(1);
		expect(origin.requests).toHaveLength(1);
	});

	it('dnsCache is asked by a miss only', async () => {
		await using origin = await startOrigin('answer');
		await expectSame(origin, client => client.get(origin.url.replace('127.0.0.1', 'localhost'), {dnsCache: true}));
	});

	it.each<[string, RequestOptions]>([
		['h2session', {h2session: undefined}],
		['https', {https: {}}],
	])('%s that says nothing is no obstacle', async (_, options) => {
		await using origin = await startOrigin('answer');
		await expectSame(origin, client => client.get(origin.url, options));
	});

	it('createConnection is called by a miss only', async () => {
		await using origin = await startOrigin('answer');
		let calls = 0;
		const createConnection = () => {
			calls++;
			return connect(Number(new URL(origin.url).port), '127.0.0.1');
		};
		await using _session = await missAndHit('http://somewhere.invalid/', {createConnection}, 'answer');
		expect(calls).toBe(1);
	});

	it('request, a function in place of node:http, is called by a miss only', async () => {
		await using origin = await startOrigin('answer');
		let calls = 0;
		const request = ((...args: Parameters<typeof httpRequest>) => {
			calls++;
			return httpRequest(...args);
		}) as RequestOptions['request'];
		await using _session = await missAndHit(origin.url, {request}, 'answer');
		expect(calls).toBe(1);
	});
});

describe('strictContentLength', () => {
	it('refuses a body of another length than was said, and nothing of it is stored', async () => {
		await using origin = await startOrigin((_request, response) => {
			response.writeHead(200, {'content-length': 10});
			response.write('short', () => response.destroy());
			return undefined;
		});
		const call = {strictContentLength: true, retry: {limit: 0}};
		const error = await expectSameError(client => client.get(origin.url, call));
		expect(error.code).toBe('ERR_HTTP_CONTENT_LENGTH_MISMATCH');
		const lax = await expectSameError(client => client.get(origin.url, {...call, strictContentLength: false}));
		expect(lax.code).toBe('ECONNRESET');
	});
});
