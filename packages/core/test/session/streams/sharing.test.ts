import {once} from 'node:events';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from '@jest/globals';
import {moveClock} from '../../../../../test-support/moved-clock.js';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession, type CachedSessionOptions} from '../../../src/index.js';
import {makeGate, settle} from '../gate.js';
import {times} from '../times.js';
import {chunkedBackend, SHARING_BACKENDS} from './chunked-store.js';
import {bytesOf, failureOf, sampleBytes, textOf} from './read-stream.js';

const N = 5;

describe.each(SHARING_BACKENDS)('with %s', (_, makeBackend) => {
	const makeSession = (options: CachedSessionOptions = {}) =>
		new CachedSession({cache: makeBackend(), retry: {limit: 0}, ...options});
	const body = sampleBytes(200_000);

	it('streams and promises for the same at once share one request, whoever is first', async () => {
		for (const first of ['stream', 'promise']) {
			await using origin = await startOrigin((_request, response) => void response.end(body));
			await using session = makeSession();
			const stream = () => bytesOf(session.stream(origin.url));
			const promise = async () => Buffer.from((await session.get(origin.url, {responseType: 'buffer'})).body);
			const bodies = await Promise.all([
				first === 'stream' ? stream() : promise(),
				...times(N, stream),
				...times(N, promise),
			]);
			expect(bodies.every(bytes => bytes.equals(body))).toBe(true);
			expect(origin.requests).toHaveLength(1);
		}
	});

	it('an answer that is not kept releases the others at once, while it is still on its way', async () => {
		const gate = makeGate();
		await using origin = await startOrigin(async (_request, response) => {
			response.writeHead(201);
			response.write('begun ');
			await gate.pass();
			response.end('ended');
			return undefined;
		});
		await using session = makeSession();
		const bodies = times(N, () => textOf(session.stream(origin.url)));
		await gate.arrivals(N);
		gate.open();
		expect(new Set(await Promise.all(bodies))).toEqual(new Set(['begun ended']));
		expect(origin.requests).toHaveLength(N);
	});

	it.each(['too large', 'cut off'])('so does one that turns out to be %s', async what => {
		await using origin = await startOrigin((_request, response) => {
			if (what === 'too large' || origin.requests.length > 1) {
				response.end(body);
			} else {
				response.write(body, () => setTimeout(() => response.destroy(), 10));
			}
		});
		await using session = makeSession(what === 'too large' ? {maxBodySize: 1000} : {});
		const leader = session.stream(origin.url);
		const followers = times(N, () => session.stream(origin.url));
		if (what === 'too large') {
			const bodies = await Promise.all([leader, ...followers].map(bytesOf));
			expect(bodies.every(bytes => bytes.equals(body))).toBe(true);
			expect(origin.requests).toHaveLength(N + 1);
		} else {
			// A failure of the network is everyone's.
			const errors = await Promise.all([leader, ...followers].map(failureOf));
			expect(errors.every(({code}) => code === 'ECONNRESET')).toBe(true);
			expect(origin.requests).toHaveLength(1);
		}
	});

	it('one that reads slowly lets the others go alone', async () => {
		await using origin = await startOrigin((_request, response) => void response.end(sampleBytes(20_000_000)));
		await using session = makeSession();
		const leader = session.stream(origin.url);
		await once(leader, 'readable');
		const since = Date.now();
		expect(await bytesOf(session.stream(origin.url))).toHaveLength(20_000_000);
		expect(Date.now() - since).toBeGreaterThan(300);
		expect(origin.requests).toHaveLength(2);
		expect(await bytesOf(leader)).toHaveLength(20_000_000);
	});

	it('so does one that takes a little now and then', async () => {
		await using origin = await startOrigin((_request, response) => void response.end(sampleBytes(5_000_000)));
		await using session = makeSession();
		const leader = session.stream(origin.url);
		let isSlow = true;
		const reading = (async () => {
			for await (const _ of leader) {
				await (isSlow && sleep(200));
			}
		})();
		await once(leader, 'response');
		expect(await bytesOf(session.stream(origin.url))).toHaveLength(5_000_000);
		expect(isSlow && !leader.readableEnded).toBe(true);
		expect(origin.requests).toHaveLength(2);
		isSlow = false;
		await reading;
	});

	it('so does one whose body hardly comes, as one without end may', async () => {
		using clock = moveClock();
		await using origin = await startOrigin((_request, response) => void response.write('begun '));
		await using session = makeSession();
		const leader = session.stream(origin.url);
		await once(leader, 'readable');
		const followers = times(N, () => session.stream(origin.url));
		await settle();
		clock.advance(10);
		await Promise.all(followers.map(follower => once(follower, 'readable')));
		expect(origin.requests).toHaveLength(N + 1);
		expect(leader.destroyed).toBe(false);
		for (const stream of [leader, ...followers]) {
			stream.destroy();
		}
	});

	it.each(['text/event-stream', 'multipart/x-mixed-replace; boundary=b'])('so does one of %s, at once', async type => {
		await using origin = await startOrigin((_request, response) => {
			response.setHeader('content-type', type);
			response.write('begun ');
		});
		await using session = makeSession();
		const streams = times(N, () => session.stream(origin.url));
		await Promise.all(streams.map(stream => once(stream, 'readable')));
		expect(origin.requests).toHaveLength(N);
		for (const stream of streams) {
			stream.destroy();
		}
	});

	it('one that fails does so for streams; a promise, which got would try again, does that', async () => {
		const gate = makeGate();
		await using origin = await startOrigin(async (_request, response) => {
			if (origin.requests.length > 1) {
				return 'answer';
			}
			await gate.pass();
			response.destroy();
			return undefined;
		});
		await using session = makeSession({retry: {limit: 1}});
		const leader = failureOf(session.stream(origin.url));
		await gate.arrivals(1);
		const stream = failureOf(session.stream(origin.url));
		const promises = times(N, () => session.get(origin.url).text());
		const untried = session.get(origin.url, {retry: {limit: 0}});
		await settle();
		gate.open();
		await expect(untried).rejects.toMatchObject({code: 'ECONNRESET'});
		expect(await leader).toMatchObject({code: 'ECONNRESET'});
		expect(await stream).toMatchObject({code: 'ECONNRESET'});
		expect(new Set(await Promise.all(promises))).toEqual(new Set(['answer']));
		expect(origin.requests).toHaveLength(2);
	});

	it('one that waits gives up alone', async () => {
		const gate = makeGate();
		await using origin = await startOrigin(() => gate.pass().then(() => 'answer'));
		const session = makeSession();
		const leader = textOf(session.stream(origin.url));
		await gate.arrivals(1);
		const controller = new AbortController();
		const destroyed = session.stream(origin.url);
		const aborted = session.stream(origin.url, {signal: controller.signal});
		const hurried = session.stream(origin.url, {timeout: {request: 20}});
		const failures = [failureOf(aborted), failureOf(hurried)];
		await settle();
		destroyed.destroy();
		controller.abort();
		expect(await Promise.all(failures)).toMatchObject([{name: 'AbortError'}, {name: 'TimeoutError', event: 'request'}]);
		gate.open();
		expect(await leader).toBe('answer');
		expect(origin.requests).toHaveLength(1);
		await session.close();
	});

	it('a promise whose caller aborts goes on for a stream that waits', async () => {
		const gate = makeGate();
		await using origin = await startOrigin(() => gate.pass().then(() => 'answer'));
		await using session = makeSession();
		const controller = new AbortController();
		const leader = session.get(origin.url, {signal: controller.signal});
		await gate.arrivals(1);
		const follower = textOf(session.stream(origin.url));
		await settle();
		controller.abort();
		await expect(leader).rejects.toMatchObject({name: 'AbortError'});
		gate.open();
		expect(await follower).toBe('answer');
		expect(origin.requests).toHaveLength(1);
	});
});

it('what is stored by then is found, and what a slow store has is waited for', async () => {
	await using origin = await startOrigin((_request, response) => void response.end('x'.repeat(2000)));
	const {store, backend} = chunkedBackend();
	store.onCommit = () => sleep(100);
	await using session = new CachedSession({cache: backend});
	const bodies = await Promise.all(times(N, () => textOf(session.stream(origin.url))));
	expect(new Set(bodies)).toEqual(new Set(['x'.repeat(2000)]));
	expect(origin.requests).toHaveLength(1);
});
