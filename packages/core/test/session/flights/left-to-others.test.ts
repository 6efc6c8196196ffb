import {once} from 'node:events';
import type {ServerResponse} from 'node:http';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from '@jest/globals';
import {GOT_MAJOR} from '../../../../../test-support/got-version.js';
import {moveClock} from '../../../../../test-support/moved-clock.js';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {until} from '../../../../../test-support/until.js';
import {CachedSession, interceptor, type Next, type SessionRequest, type SessionResponse} from '../../../src/index.js';
import {makeGate, settle} from '../gate.js';
import {textOf} from '../streams/read-stream.js';
import {times} from '../times.js';

const N = 5;

describe('a body that nobody reads any more, since its stream was destroyed', () => {
	/** An origin that gives the beginning of a body, and a session of which somebody has left it while others wait. */
	async function leaveBegun() {
		const responses: ServerResponse[] = [];
		const origin = await startOrigin((_request, response) => {
			responses.push(response);
			response.write('begun ');
			return undefined;
		});
		const session = new CachedSession({retry: {limit: 0}});
		const leader = session.stream(origin.url);
		await once(leader, 'readable');
		const followers = times(N, () => session.stream(origin.url));
		await settle();
		leader.destroy();
		await once(leader, 'close');
		/** Lets seconds pass, in which some bytes come. */
		const give = async (clock: {advance(seconds: number): void}, seconds: number, bytes: number) => {
			clock.advance(seconds);
			responses[0]!.write('x'.repeat(bytes));
			await sleep(150);
		};
		const dispose = async () => {
			for (const follower of followers) {
				follower.destroy();
			}
			await session.close();
			await origin[Symbol.asyncDispose]();
		};
		return {origin, responses, followers, give, [Symbol.asyncDispose]: dispose};
	}

	it('and does not go on: one of those who wait asks anew, and has it as it comes', async () => {
		using clock = moveClock();
		await using left = await leaveBegun();
		const {origin, responses, followers} = left;
		const closed = once(responses[0]!, 'close');
		clock.advance(10);
		await Promise.race(followers.map(follower => once(follower, 'response')));
		await closed;
		expect(origin.requests).toHaveLength(2);
	});

	it('and only trickles, as one without end may: the same', async () => {
		using clock = moveClock();
		await using left = await leaveBegun();
		const {origin, followers, give} = left;
		const heads = Promise.race(followers.map(follower => once(follower, 'response')));
		for (const _ of times(12, index => index)) {
			await give(clock, 1, 20);
		}
		await heads;
		expect(origin.requests).toHaveLength(2);
	});

	it('and is slow: it goes on for those who wait', async () => {
		using clock = moveClock();
		await using left = await leaveBegun();
		const {origin, responses, followers, give} = left;
		for (const _ of times(4, index => index)) {
			await give(clock, 8, 80_000);
		}
		responses[0]!.end();
		const texts = await Promise.all(followers.map(textOf));
		expect(texts.map(text => text.length)).toEqual(times(N, () => 'begun '.length + 320_000));
		expect(origin.requests).toHaveLength(1);
	});
});

/** A session of whose streams an interceptor takes the response. */
class TakingSession extends CachedSession {
	take: (response: SessionResponse) => SessionResponse | Promise<SessionResponse> = response => response;

	@interceptor
	async takeResponse(request: SessionRequest, next: Next): Promise<SessionResponse> {
		const response = await next(request);
		return request.isStream ? this.take(response) : response;
	}
}

describe('a stream whose body is read by nobody, because of an interceptor', () => {
	const other = Buffer.from('other');
	const body = {
		bytes: async () => other,
		async *stream() {
			yield other;
		},
	};

	it.each<[string, 'destroyed' | 'failed', TakingSession['take']]>([
		['replaces it', 'destroyed', response => ({...response, body})],
		[
			'fails',
			'failed',
			() => {
				throw new Error('mine');
			},
		],
		['never answers', 'destroyed', () => new Promise(() => undefined)],
	])('that %s: one of the others asks anew, for all of them', async (what, end, take) => {
		const gate = makeGate();
		await using origin = await startOrigin(async (_request, response) => {
			await gate.pass();
			response.write('x'.repeat(200_000));
			await gate.pass();
			response.end('ended');
			return undefined;
		});
		// Time stands still, so that nobody waits for it in vain.
		using clock = moveClock();
		const session = new TakingSession({retry: {limit: 0}});
		session.take = take;
		const leader = session.stream(origin.url);
		const failure = end === 'failed' ? once(leader, 'error') : undefined;
		await gate.arrivals(1);
		const followers = times(N, () => session.get(origin.url).text());
		await settle();
		end === 'destroyed' && leader.destroy();
		gate.open();
		await failure;
		await gate.arrivals(2);
		await until('another one has asked', () => {
			clock.advance(what === 'never answers' ? 0.1 : 0);
			return origin.requests.length > 1;
		});
		const opening = setInterval(() => gate.open(), 20);
		expect((await Promise.all(followers)).map(text => text.length)).toEqual(times(N, () => 200_005));
		clearInterval(opening);
		expect(origin.requests).toHaveLength(2);
		what === 'never answers' || (await session.close());
	});
});

describe('a promise that is given up, while others wait for its request', () => {
	const ways: Array<[string, (session: CachedSession, url: string) => [ReturnType<CachedSession['get']>, () => void]]> =
		[
			[
				'by its signal',
				(session, url) => {
					const controller = new AbortController();
					return [session.get(url, {signal: controller.signal}), () => controller.abort()];
				},
			],
		];
	if (GOT_MAJOR === 14) {
		ways.push([
			'by cancel()',
			(session, url) => {
				const promise = session.get(url);
				return [promise, () => promise.cancel?.()];
			},
		]);
	}

	it.each(ways)('%s, hears nothing of it any more', async (_, ask) => {
		const gate = makeGate();
		await using origin = await startOrigin(async () => {
			await gate.pass();
			return 'answer';
		});
		await using session = new CachedSession({retry: {limit: 0}});
		const [promise, giveUp] = ask(session, origin.url);
		const events: string[] = [];
		for (const event of ['response', 'downloadProgress', 'redirect'] as const) {
			promise.on(event, () => events.push(event));
		}
		const failed = promise.then(
			() => 'came',
			(error: Error) => error.name,
		);
		await gate.arrivals(1);
		const follower = session.get(origin.url).text();
		await settle();
		events.length = 0;
		giveUp();
		expect(await failed).toMatch(/^(Abort|Cancel)Error$/);
		gate.open();
		expect(await follower).toBe('answer');
		await settle();
		expect(events).toEqual([]);
		expect(origin.requests).toHaveLength(1);
		await until('no request is running', async () => (await session.get(origin.url)).isFromCache);
	});
});
