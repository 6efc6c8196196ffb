import {once} from 'node:events';
import {text} from 'node:stream/consumers';
import {setImmediate as turn} from 'node:timers/promises';
import {describe, expect, it, jest} from '@jest/globals';
import {moveClock} from '../../../../../test-support/moved-clock.js';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession} from '../../../src/index.js';
import {settle} from '../faulty-store.js';
import {makeGate} from '../gate.js';

const N = 20;

describe('stale while revalidate', () => {
	it('gives many stale answers for one refresh behind', async () => {
		const gate = makeGate();
		await using origin = await startOrigin();
		using clock = moveClock();
		await using session = new CachedSession({expireAfter: 10, staleWhileRevalidate: true});
		await session.get(origin.url);
		clock.advance(11);
		origin.fallback(async () => {
			await gate.pass();
			return 'renewed';
		});
		const stale = await Promise.all(Array.from({length: N}, () => session.get(origin.url)));
		expect(stale.every(({body, isExpired}) => body === 'response 1' && isExpired)).toBe(true);
		await gate.arrivals(1);
		expect((await session.get(origin.url)).body).toBe('response 1');
		expect(origin.requests).toHaveLength(2);
		gate.open();
		await session.idle();
		expect(await session.get(origin.url)).toMatchObject({isFromCache: true, isExpired: false, body: 'renewed'});
		expect(origin.requests).toHaveLength(2);
	});

	it('validates behind, and outlives the caller that started it', async () => {
		await using origin = await startOrigin(({headers}) =>
			headers['if-none-match'] === '"x"' ? {status: 304} : {headers: {etag: '"x"'}, body: 'body'},
		);
		using clock = moveClock();
		await using session = new CachedSession({expireAfter: 10, staleWhileRevalidate: true});
		await session.get(origin.url);
		clock.advance(11);
		const controller = new AbortController();
		await session.get(origin.url, {signal: controller.signal});
		controller.abort();
		await session.idle();
		expect(origin.requests).toHaveLength(2);
		expect(await session.get(origin.url)).toMatchObject({isExpired: false, body: 'body'});
	});

	it('keeps what is stored when the refresh fails, and tries again for the next caller', async () => {
		await using origin = await startOrigin();
		using clock = moveClock();
		await using session = new CachedSession({expireAfter: 10, staleWhileRevalidate: true});
		await session.get(origin.url);
		clock.advance(11);
		origin.fallback({status: 500});
		for (let call = 0; call < 2; call++) {
			expect((await session.get(origin.url)).body).toBe('response 1');
			await session.idle();
		}
		expect(origin.requests).toHaveLength(3);
		origin.fallback((_, response) => void response.destroy());
		expect((await session.get(origin.url)).body).toBe('response 1');
		await session.idle();
	});

	it.each(['promise', 'stream'] as const)(
		'that hangs, behind a %s, is ended when the session has waited long enough to close',
		async kind => {
			await using origin = await startOrigin();
			using clock = moveClock();
			const session = new CachedSession({expireAfter: 10, staleWhileRevalidate: true});
			await session.get(origin.url);
			clock.advance(11);
			let connection: Promise<unknown> | undefined;
			origin.fallback((_request, response) => {
				connection = once(response, 'close');
				return undefined;
			});
			if (kind === 'promise') {
				await session.get(origin.url);
			} else {
				await text(session.stream(origin.url));
			}
			while (!connection) {
				await turn();
			}
			jest.useFakeTimers({doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'Date', 'performance']});
			const {seconds} = await settle(session.close());
			jest.useRealTimers();
			expect(seconds).toBeGreaterThan(4);
			expect(seconds).toBeLessThan(6);
			await connection;
		},
	);
});
