import {once} from 'node:events';
import {describe, expect, it} from '@jest/globals';
import {type Origin, startOrigin} from '../../../../../test-support/origin-server.js';
import {until} from '../../../../../test-support/until.js';
import {CachedSession} from '../../../src/index.js';
import {makeGate, settle} from '../gate.js';
import {times} from '../times.js';
import {SHARING_BACKENDS} from './chunked-store.js';
import {eventsOf, failureOf, sampleBytes, textOf} from './read-stream.js';

const N = 5;

/** An origin that answers in two halves, and waits before one of them. */
async function startHalting(when: 'before the answer' | 'in its middle') {
	const gate = makeGate();
	const closed: string[] = [];
	const origin = await startOrigin(async ({url}, response) => {
		response.once('close', () => closed.push(response.writableFinished ? 'whole' : 'cut off'));
		if (when === 'before the answer') {
			await gate.pass();
		}
		response.statusCode = url.includes('uncacheable') ? 201 : 200;
		response.write('begun ');
		if (when === 'in its middle') {
			await gate.pass();
		}
		response.end('ended');
		return undefined;
	});
	return {origin, gate, closed, [Symbol.asyncDispose]: () => origin[Symbol.asyncDispose]()};
}

describe.each(SHARING_BACKENDS)('a stream that leads gives up, with %s', (_, makeBackend) => {
	const makeSession = () => new CachedSession({cache: makeBackend(), retry: {limit: 0}});
	const follow = (session: CachedSession, {url}: Origin) =>
		times(N, index => (index % 2 ? textOf(session.stream(url)) : session.get(url).text()));

	it.each(['before the answer', 'in its middle'] as const)('%s: its request goes on for the others', async when => {
		await using halting = await startHalting(when);
		const {origin, gate} = halting;
		await using session = makeSession();
		const leader = session.stream(origin.url);
		const events = eventsOf(leader, ['response', 'downloadProgress', 'redirect', 'end', 'error', 'close']);
		await gate.arrivals(1);
		const followers = follow(session, origin);
		if (when === 'in its middle') {
			await once(leader, 'readable');
		}
		await settle();
		leader.destroy();
		await once(leader, 'close');
		const seen = [...events];
		gate.open();
		expect(new Set(await Promise.all(followers))).toEqual(new Set(['begun ended']));
		expect(events).toEqual(seen);
		expect((await session.get(origin.url)).isFromCache).toBe(true);
		expect(origin.requests).toHaveLength(1);
	});

	it('by its signal: the same', async () => {
		await using halting = await startHalting('in its middle');
		const {origin, gate} = halting;
		await using session = makeSession();
		const controller = new AbortController();
		const leader = session.stream(origin.url, {signal: controller.signal});
		const failure = failureOf(leader);
		await gate.arrivals(1);
		const followers = follow(session, origin);
		await settle();
		controller.abort();
		expect(await failure).toMatchObject({name: 'AbortError'});
		gate.open();
		expect(new Set(await Promise.all(followers))).toEqual(new Set(['begun ended']));
		expect(origin.requests).toHaveLength(1);
	});

	it('as soon as its response is there: the same', async () => {
		await using halting = await startHalting('in its middle');
		const {origin, gate} = halting;
		await using session = makeSession();
		const leader = session.stream(origin.url);
		const followers = times(N, () => textOf(session.stream(origin.url)));
		leader.once('response', () => leader.destroy());
		await Promise.all([once(leader, 'close'), gate.arrivals(1)]);
		await settle();
		gate.open();
		expect(new Set(await Promise.all(followers))).toEqual(new Set(['begun ended']));
		expect(origin.requests).toHaveLength(1);
	});

	it.each(['before the answer', 'in its middle'] as const)('%s: it ends when the last one has gone', async when => {
		await using halting = await startHalting(when);
		const {origin, gate, closed} = halting;
		await using session = makeSession();
		const streams = times(N, () => session.stream(origin.url));
		await gate.arrivals(1);
		if (when === 'in its middle') {
			await once(streams[0]!, 'readable');
		}
		await settle();
		for (const stream of streams) {
			expect(closed).toEqual([]);
			stream.destroy();
			await once(stream, 'close');
		}
		// One who asks now does not wait for what has just been ended.
		const next = session.get(origin.url).text();
		await gate.arrivals(2);
		await until('it is closed', () => closed.length > 0);
		expect(closed).toEqual(['cut off']);
		gate.open();
		expect(await next).toBe('begun ended');
		expect(origin.requests).toHaveLength(2);
	});

	it('and what comes is not to be stored: the others go alone, and nobody reads it', async () => {
		await using halting = await startHalting('before the answer');
		const {origin, gate, closed} = halting;
		await using session = makeSession();
		const url = `${origin.url}/uncacheable`;
		const leader = session.stream(url, {responseType: 'text'});
		await gate.arrivals(1);
		const followers = times(N, () => textOf(session.stream(url)));
		await settle();
		leader.destroy();
		gate.open();
		await gate.arrivals(N + 1);
		gate.open();
		expect(new Set(await Promise.all(followers))).toEqual(new Set(['begun ended']));
		expect(origin.requests).toHaveLength(N + 1);
		await until('all are closed', () => closed.length === N + 1);
	});

	it('and its network fails: that is everyone’s', async () => {
		const gate = makeGate();
		await using origin = await startOrigin(async (_request, response) => {
			response.write('begun ');
			await gate.pass();
			response.destroy();
			return undefined;
		});
		await using session = makeSession();
		const leader = session.stream(origin.url);
		await gate.arrivals(1);
		const followers = times(N, () => failureOf(session.stream(origin.url)));
		await once(leader, 'readable');
		await settle();
		leader.destroy();
		gate.open();
		expect((await Promise.all(followers)).every(({code}) => code === 'ECONNRESET')).toBe(true);
		expect(origin.requests).toHaveLength(1);
	});

	it('and its session closes: that waits for the others', async () => {
		await using halting = await startHalting('in its middle');
		const {origin, gate} = halting;
		const session = makeSession();
		const leader = session.stream(origin.url);
		await gate.arrivals(1);
		const followers = follow(session, origin);
		await once(leader, 'readable');
		await settle();
		leader.destroy();
		const closing = session.close();
		gate.open();
		expect(new Set(await Promise.all(followers))).toEqual(new Set(['begun ended']));
		await closing;
	});

	it('and much is left of it: it is read to the end', async () => {
		const body = sampleBytes(5_000_000).toString('base64');
		await using origin = await startOrigin((_request, response) => void response.end(body));
		await using session = makeSession();
		const leader = session.stream(origin.url);
		const followers = follow(session, origin);
		await once(leader, 'readable');
		leader.destroy();
		expect((await Promise.all(followers)).every(text => text === body)).toBe(true);
		expect(origin.requests).toHaveLength(1);
	});
});
