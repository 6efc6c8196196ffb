import {describe, expect, it} from '@jest/globals';
import {moveClock} from '../../../../../test-support/moved-clock.js';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {CacheBackend, CachedSession, type CacheRecord} from '../../../src/index.js';
import {outcomeOf} from '../ask-three-ways.js';
import {makeGate, settle} from '../gate.js';
import {SlowCache} from '../slow-cache.js';
import {times} from '../times.js';

describe('what must not share', () => {
	it('a stale answer, with one who does not accept it', async () => {
		const gate = makeGate();
		await using origin = await startOrigin();
		using clock = moveClock();
		await using session = new CachedSession({expireAfter: 10, staleWhileRevalidate: true, retry: {limit: 0}});
		await session.get(origin.url);
		clock.advance(11);
		origin.fallback(async () => {
			await gate.pass();
			return {status: 500, body: 'broken'};
		});
		expect((await session.get(origin.url)).body).toBe('response 1');
		await gate.arrivals(1);
		const strict = outcomeOf(session.get(origin.url, {expireAfter: 'immediately'}));
		await settle();
		gate.open();
		await gate.arrivals(2);
		gate.open();
		expect((await strict).error).toMatchObject({name: 'HTTPError', response: {statusCode: 500, body: 'broken'}});
	});

	it.each(['refresh', 'forceRefresh'] as const)('%s asks the server, whatever is under way', async option => {
		const gate = makeGate();
		await using origin = await startOrigin(async () => {
			const count = origin.requests.length;
			await gate.pass();
			return `answer ${count}`;
		});
		await using session = new CachedSession();
		const earlier = session.get(origin.url).text();
		await gate.arrivals(1);
		const later = session.get(origin.url, {[option]: true}).text();
		await gate.arrivals(2);
		gate.open();
		expect(await Promise.all([earlier, later])).toEqual(['answer 1', 'answer 2']);
	});

	it('requests that the cache takes no part in', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession();
		await Promise.all([
			...times(3, () => session.get(origin.url, {cache: false})),
			...times(3, () => session.post(origin.url, {json: {a: 1}})),
			...times(3, () => session.get(origin.url, {expireAfter: 0})),
		]);
		expect(origin.requests).toHaveLength(9);
	});

	it('only-if-cached waits for nobody', async () => {
		const gate = makeGate();
		await using origin = await startOrigin(async () => {
			await gate.pass();
			return 'x';
		});
		await using session = new CachedSession();
		const running = session.get(origin.url);
		await gate.arrivals(1);
		const refused = await session.get(origin.url, {onlyIfCached: true, throwHttpErrors: false});
		expect(refused.statusCode).toBe(504);
		gate.open();
		await running;
	});
});

it('traffic of others does not make a request look again and again', async () => {
	await using origin = await startOrigin();
	let reads = 0;
	/** Lets a request for something else come and go while it is asked for this one. */
	class BusyCache extends SlowCache {
		override async read(key: string): Promise<CacheRecord | undefined> {
			if (key === mine && reads++ < 10) {
				await session.get(`${origin.url}/other/${reads}`);
			}
			return super.read(key);
		}
	}
	await using session: CachedSession = new CachedSession({
		cache: new CacheBackend('x', {responses: new BusyCache(), redirects: new SlowCache()}),
	});
	const mine = await session.cache.createKey(`${origin.url}/mine`);
	await session.get(`${origin.url}/mine`);
	expect(reads).toBe(1);
});
