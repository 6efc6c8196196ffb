import {describe, expect, it} from '@jest/globals';
import {moveClock} from '../../../../test-support/moved-clock.js';
import {startOrigin} from '../../../../test-support/origin-server.js';
import {CachedSession} from '../../src/index.js';
import {makeGate} from './gate.js';

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
		await Promise.all(session.engine!.background);
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
		await Promise.all(session.engine!.background);
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
			await Promise.all(session.engine!.background);
		}
		expect(origin.requests).toHaveLength(3);
		origin.fallback((_, response) => void response.destroy());
		expect((await session.get(origin.url)).body).toBe('response 1');
		await Promise.all(session.engine!.background);
	});
});
