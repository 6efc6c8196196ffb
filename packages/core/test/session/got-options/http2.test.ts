/** Ways over HTTP/2 besides `http2: true` alone: an HTTP/2 session of one's own, and agents. */
import {once} from 'node:events';
import {type ClientHttp2Session, connect, createSecureServer} from 'node:http2';
import {Agent} from 'node:https';
import type {Server} from 'node:net';
import {describe, expect, it} from '@jest/globals';
import got from 'got';
import {GOT_MAJOR} from '../../../../../test-support/got-version.js';
import {CachedSession, type RequestOptions} from '../../../src/index.js';
import {askThreeWays, type Outcome} from '../ask-three-ways.js';
import {listen} from './listen.js';
import {CERTIFICATE, KEY} from './localhost-certificate.js';

const trusting = {https: {certificateAuthority: CERTIFICATE}, retry: {limit: 0}} as const;

/** A server that says by which protocol it is asked, and over which of its connections. */
async function startServer() {
	const connections: unknown[] = [];
	let requests = 0;
	const server = createSecureServer({key: KEY, cert: CERTIFICATE, allowHTTP1: true}, (request, response) => {
		requests++;
		const connection = request.httpVersion === '2.0' ? request.stream.session : request.socket;
		if (!connections.includes(connection)) {
			connections.push(connection);
		}
		response.end(`${request.httpVersion} over ${connections.indexOf(connection)}`);
	});
	const running = await listen(server as unknown as Server);
	return Object.assign(running, {url: `https://localhost:${running.port}/`, count: () => requests});
}

async function openSession(url: string): Promise<ClientHttp2Session> {
	const session = connect(url, {ca: CERTIFICATE});
	await once(session, 'connect');
	return session;
}

function bodiesOf(...outcomes: Outcome[]): string[] {
	return outcomes.map(({value}) => (value as {body: string}).body);
}

describe('h2session', () => {
	it('beside http2: true carries a miss as it carries a request of got, and no hit', async () => {
		await using server = await startServer();
		// Until 16, got takes a session only where it knows already that the server speaks HTTP/2.
		await got(server.url, {http2: true, ...trusting});
		const h2session = await openSession(server.url);
		const {plain, miss, hit} = await askThreeWays(client =>
			client.get(server.url, {http2: true, h2session, ...trusting}),
		);
		h2session.close();
		expect(bodiesOf(plain, miss, hit)).toEqual(['2.0 over 1', '2.0 over 1', '2.0 over 1']);
		expect(hit.value).toMatchObject({isFromCache: true});
		expect(server.count()).toBe(3);
	});

	it('alone does so from 16 on, and before that nothing', async () => {
		await using server = await startServer();
		const h2session = await openSession(server.url);
		const outcomes = await askThreeWays(client => client.get(server.url, {h2session, ...trusting}));
		h2session.close();
		const {plain, miss, hit} = outcomes;
		const protocol = GOT_MAJOR < 16 ? '1.1' : '2.0';
		expect(bodiesOf(plain, miss, hit).map(body => body.split(' ')[0])).toEqual([protocol, protocol, protocol]);
		expect(hit.value).toMatchObject({isFromCache: true});
		expect(server.count()).toBe(2);
	});

	it('that has ended fails a miss as it fails got, and no hit', async () => {
		await using server = await startServer();
		const h2session = await openSession(server.url);
		h2session.destroy();
		const options: RequestOptions = {http2: true, h2session, ...trusting};
		await using session = new CachedSession();
		const {plain, miss} = await askThreeWays(client => client.get(server.url, options), {
			cache: session.cache,
			autoclose: false,
		});
		expect(plain.error?.message).toMatch(/The session has been (?:closed|destroyed)/);
		expect([miss.error?.name, miss.error?.message]).toEqual([plain.error?.name, plain.error?.message]);
		await session.get(server.url, trusting);
		expect(await session.get(server.url, options)).toMatchObject({isFromCache: true});
		expect(server.count()).toBe(1);
	});
});

describe('an https agent of one’s own', () => {
	it('means HTTP/1.1 from 16 on, whatever http2 says', async () => {
		await using server = await startServer();
		const agent = new Agent({keepAlive: true});
		const {plain, miss, hit} = await askThreeWays(client =>
			client.get(server.url, {http2: true, agent: {https: agent}, ...trusting}),
		);
		const used = Object.values(agent.freeSockets).length + Object.values(agent.sockets).length;
		agent.destroy();
		const protocol = GOT_MAJOR < 16 ? '2.0' : '1.1';
		expect(bodiesOf(plain, miss, hit).map(body => body.split(' ')[0])).toEqual([protocol, protocol, protocol]);
		expect(used > 0).toBe(GOT_MAJOR >= 16);
		expect(server.count()).toBe(2);
	});

	it('of the session’s own making stands back', async () => {
		await using server = await startServer();
		await using session = new CachedSession({http2: true, ...trusting});
		expect((await session.get(server.url)).body).toMatch(/^2\.0 /);
		// What came over HTTP/2 answers HTTP/1.1 too.
		expect(await session.get(server.url, {http2: false})).toMatchObject({isFromCache: true});
		expect(server.count()).toBe(1);
	});
});
