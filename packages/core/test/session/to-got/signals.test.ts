/** got 14 listens to a signal before it calls its handlers, so that a hit must undo what got has done. */
import {getEventListeners, once} from 'node:events';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals';
import type {Got} from 'got';
import {GOT_MAJOR} from '../../../../../test-support/got-version.js';
import {type Origin, startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession} from '../../../src/index.js';
import {makeGate, settle} from '../gate.js';
import {failureOf, textOf} from '../streams/read-stream.js';

let origin: Origin;
let session: CachedSession;
let client: Got;
let strays: unknown[];
const note = (error: unknown) => strays.push(error);

beforeEach(async () => {
	strays = [];
	process.on('unhandledRejection', note);
	process.on('uncaughtException', note);
	origin = await startOrigin({body: 'body'});
	session = new CachedSession({retry: {limit: 0}});
	client = session.toGot();
	await client(origin.url);
});

afterEach(async () => {
	await session.close();
	await origin.close();
	process.off('unhandledRejection', note);
	process.off('uncaughtException', note);
});

const ways: Array<[string, (signal: AbortSignal, path: string) => Promise<unknown>]> = [
	['a promise', (signal, path) => client(origin.url + path, {signal})],
	['a promise for JSON', (signal, path) => client(origin.url + path, {signal}).text()],
	['a stream', (signal, path) => textOf(client.stream(origin.url + path, {signal}))],
	['an extended instance', (signal, path) => client.extend({signal})(origin.url + path)],
	['a stream of an extended instance', (signal, path) => textOf(client.extend({signal}).stream(origin.url + path))],
	[
		'pages',
		(signal, path) => client.paginate.all(origin.url + path, {signal, pagination: {transform: ({body}) => [body]}}),
	],
];

describe.each(ways)('a signal of %s', (_, ask) => {
	it.each(['', '/new'])(
		'that is aborted afterwards disturbs nothing, and nobody listens to it any more (%p)',
		async path => {
			const ends = new AbortController();
			for (let call = 0; call < 3; call++) {
				await ask(ends.signal, path);
			}
			for (let round = 0; round < 400 && getEventListeners(ends.signal, 'abort').length > 0; round++) {
				await sleep(5);
			}
			expect(getEventListeners(ends.signal, 'abort')).toEqual([]);
			ends.abort();
			await sleep(5);
			expect(strays).toEqual([]);
		},
	);

	it.each(['', '/new'])("that is aborted already is got's AbortError (%p)", async path => {
		const sent = origin.requests.length;
		await expect(ask(AbortSignal.abort(), path)).rejects.toMatchObject({name: 'AbortError', code: 'ERR_ABORTED'});
		await sleep(5);
		expect(strays).toEqual([]);
		expect(origin.requests).toHaveLength(sent);
	});

	it('that runs out of time is a TimeoutError, and ends the request', async () => {
		origin.route('/silent', () => undefined);
		await expect(ask(AbortSignal.timeout(30), '/silent')).rejects.toMatchObject({name: 'TimeoutError'});
		await sleep(5);
		expect(strays).toEqual([]);
	});

	it('that is aborted while it is asked leaves those who wait for the same alone', async () => {
		const gate = makeGate();
		origin.route('/shared', () => gate.pass().then(() => 'shared'));
		const ends = new AbortController();
		const first = ask(ends.signal, '/shared');
		const expected = expect(first).rejects.toMatchObject({name: 'AbortError'});
		await gate.arrivals(1);
		const second = client(`${origin.url}/shared`).text();
		await settle();
		ends.abort();
		await expected;
		origin.route('/shared', 'shared');
		gate.open();
		expect(await second).toBe('shared');
		expect(strays).toEqual([]);
	});
});

describe('cancel()', () => {
	it('of got 14 ends a request', async () => {
		const gate = makeGate();
		origin.route('/slow', () => gate.pass().then(() => 'late'));
		const promise = client(`${origin.url}/slow`) as unknown as Promise<unknown> & {cancel?: () => void};
		if (GOT_MAJOR > 14) {
			expect(promise.cancel).toBeUndefined();
			await gate.arrivals(1);
			gate.open();
			await promise;
			return;
		}
		const rejected = expect(promise).rejects.toMatchObject({name: 'CancelError'});
		await gate.arrivals(1);
		promise.cancel?.();
		await rejected;
		const hit = client(origin.url) as unknown as Promise<unknown> & {cancel(): void};
		await hit;
		hit.cancel();
		expect(strays).toEqual([]);
	});
});

describe('a stream that is destroyed', () => {
	it('ends what is asked for it', async () => {
		const closed = new Promise(resolve => {
			origin.route('/slow', (_, response) => {
				response.write('begin');
				response.once('close', resolve);
			});
		});
		const stream = client.stream(`${origin.url}/slow`);
		await once(stream, 'readable');
		stream.destroy();
		await closed;
		expect(await failureOf(client.stream(`${origin.url}/none`, {bad: 1} as object))).toMatchObject({
			message: 'Unexpected option: bad',
		});
		expect(strays).toEqual([]);
	});
});
