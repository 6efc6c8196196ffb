import {Writable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {describe, expect, it} from '@jest/globals';
import got, {type Got} from 'got';
import {GOT_MAJOR} from '../../../../../test-support/got-version.js';
import {type Origin, startOrigin} from '../../../../../test-support/origin-server.js';
import {type CacheContext, CachedSession} from '../../../src/index.js';
import {eventsOf, failureOf, textOf} from '../streams/read-stream.js';

async function startSite(): Promise<Origin> {
	const origin = await startOrigin(({method, url, body}) => `${method} ${url} ${body}`);
	origin.route('/moved', {status: 302, headers: {location: '/end'}});
	origin.route('/missing', {status: 404, body: 'no such page'});
	return origin;
}

type Make = (client: Got, url: string) => ReturnType<Got['stream']>;

const asOption: Make = (client, url) => client(url, {isStream: true}) as ReturnType<Got['stream']>;

/** What a caller sees of a stream. */
async function observe(stream: ReturnType<Got['stream']>): Promise<object> {
	const events = eventsOf(stream, ['redirect', 'response', 'end', 'error']);
	let error: {name: string; message: string} | undefined;
	const body = await textOf(stream).catch(({name, message}: Error) => {
		error = {name, message};
	});
	const {response, requestUrl} = stream;
	return {
		body,
		error,
		events: events.filter(event => event !== 'redirect'),
		statusCode: response?.statusCode,
		url: response?.url,
		requestUrl: String(requestUrl),
		redirectUrls: stream.redirectUrls.map(String),
	};
}

describe('a stream of the instance is what got gives', () => {
	it.each<[string, Make]>([
		['got.stream(url)', (client, url) => client.stream(url)],
		['got.stream.get', (client, url) => client.stream.get(`${url}/a`)],
		// From 15 on, got has no such option any more.
		...(GOT_MAJOR > 14 ? [] : ([['got(url, {isStream: true})', asOption]] as Array<[string, Make]>)),
		['extend', (client, url) => client.extend({prefixUrl: url}).stream('a', {searchParams: {b: 1}})],
		['a redirect', (client, url) => client.stream(`${url}/moved`)],
		['an error status', (client, url) => client.stream(`${url}/missing`, {retry: {limit: 0}})],
		['a body in the options', (client, url) => client.stream.post(url, {json: {a: 1}})],
		['HEAD', (client, url) => client.stream.head(url)],
	])('%s', async (_, make) => {
		await using origin = await startSite();
		const plain = await observe(make(got, origin.url));
		await using session = new CachedSession({allowedCodes: [200, 404], allowedMethods: ['GET', 'HEAD', 'POST']});
		const client = session.toGot();
		const miss = make(client, origin.url);
		expect(await observe(miss)).toEqual(plain);
		const sent = origin.requests.length;
		const hit = make(client, origin.url);
		expect(await observe(hit)).toEqual(plain);
		expect(origin.requests).toHaveLength(sent);
		expect([miss.isFromCache, hit.isFromCache]).toEqual([false, true]);
	});

	it('what is written into it is sent, and its answer not stored', async () => {
		await using origin = await startSite();
		await using session = new CachedSession({allowedMethods: ['POST']});
		const client = session.toGot();
		for (let round = 1; round <= 2; round++) {
			const stream = client.stream.post(origin.url);
			stream.end('written');
			expect(await textOf(stream)).toBe('POST / written');
			expect(origin.requests).toHaveLength(round);
		}
	});

	it('an option that got refuses is its error, whatever is stored', async () => {
		await using origin = await startSite();
		await using session = new CachedSession();
		const client = session.toGot();
		await textOf(client.stream(origin.url));
		const options = {nonsense: 1} as object;
		const [plain, ours] = await Promise.all([
			failureOf(got.stream(origin.url, options)),
			failureOf(client.stream(origin.url, options)),
		]);
		expect([ours.name, ours.message]).toEqual([plain.name, plain.message]);
	});

	it('fails where the session is closed', async () => {
		const session = new CachedSession();
		const client = session.toGot();
		await session.close();
		expect(await failureOf(client.stream('http://127.0.0.1'))).toMatchObject({code: 'ERR_SESSION_CLOSED'});
	});

	it('is not shared with promises of the same URL that were stored otherwise', async () => {
		await using origin = await startSite();
		await using session = new CachedSession();
		const client = session.toGot();
		expect(await textOf(client.stream(origin.url))).toBe('GET / ');
		expect(await client(origin.url)).toMatchObject({isFromCache: true, body: 'GET / '});
		const context: CacheContext = {gotClientCache: {forceRefresh: true}};
		expect(await textOf(client.stream(origin.url, {context}))).toBe('GET / ');
		expect(origin.requests).toHaveLength(2);
	});

	it('passes handlers and hooks on top on a miss only', async () => {
		await using origin = await startSite();
		await using session = new CachedSession();
		const seen: string[] = [];
		const client = session.toGot().extend({
			hooks: {beforeRequest: [() => void seen.push('hook')]},
			handlers: [
				(options, next) => {
					seen.push(`handler ${options.isStream}`);
					return next(options);
				},
			],
		});
		await textOf(client.stream(origin.url));
		await textOf(client.stream(origin.url));
		expect(seen).toEqual(['handler true', 'hook']);
	});

	it('is tried again where somebody listens for that', async () => {
		await using origin = await startOrigin(() => (origin.requests.length === 1 ? {status: 503} : 'well'));
		await using session = new CachedSession({retry: {calculateDelay: ({computedValue}) => (computedValue ? 1 : 0)}});
		const text = await new Promise<string>((resolve, reject) => {
			const first = session.toGot().stream(origin.url);
			first.once('retry', (_count, _error, createRetryStream) => {
				textOf(createRetryStream()).then(resolve, reject);
			});
			first.resume();
		});
		expect(text).toBe('well');
		expect(await session.toGot()(origin.url)).toMatchObject({isFromCache: true, body: 'well'});
	});

	it('pipes', async () => {
		await using origin = await startSite();
		await using session = new CachedSession();
		for (let round = 0; round < 2; round++) {
			const chunks: unknown[] = [];
			const target = new Writable({
				write(chunk, _encoding, done) {
					chunks.push(chunk);
					done();
				},
			});
			await pipeline(session.toGot().stream(`${origin.url}/a`), target);
			expect(Buffer.concat(chunks as Buffer[]).toString()).toBe('GET /a ');
		}
		expect(origin.requests).toHaveLength(1);
	});
});
