import {sampleHop, sampleResponse} from '@got-client-cache/contract';
import {describe, expect, it} from '@jest/globals';
import {CachedSession} from 'got-client-cache';
import {moveClock} from '../../../test-support/moved-clock.js';
import {startOrigin} from '../../../test-support/origin-server.js';
import {temporaryTable} from './temporary-table.js';

const place = temporaryTable();
const body = Buffer.from('body');

describe('the time to live', () => {
	const keepUntil = 1_900_000_000_500;

	it.each([
		['a day after nobody needs a record any more', undefined, 1_900_086_401],
		['as long after that as the grace says, in seconds', 60, 1_900_000_061],
		['at that moment without a grace', 0, 1_900_000_001],
		['never, with a grace without end', Number.POSITIVE_INFINITY, undefined],
	])('is in epoch seconds, %s', async (_title, grace, ttl) => {
		const {responses} = place.open({grace});
		const version = await responses.write('a.1', sampleResponse({expires: 1000, keepUntil}), body);
		expect((await place.raw.record('a.1'))['ttl']).toBe(ttl);
		await responses.touch('a.1', version, sampleResponse({expires: 1000, keepUntil: keepUntil + 5000}));
		expect((await place.raw.record('a.1'))['ttl']).toBe(ttl && ttl + 5);
	});

	it.each([
		['never expires', {expires: undefined, keepUntil: undefined}],
		['can be served stale for ever', {expires: 1000, keepUntil: undefined}],
		['expires later than numbers go', {expires: 1e300, keepUntil: 1e300}],
	])('is none for a record that %s, also when it is renewed', async (_title, times) => {
		const {responses} = place.open();
		const version = await responses.write('a.1', sampleResponse({expires: 1000, keepUntil}), body);
		expect(await responses.touch('a.1', version, sampleResponse(times))).toBe(true);
		expect(await place.raw.record('a.1')).not.toHaveProperty('ttl');
		await responses.write('a.2', sampleResponse(times), body);
		expect(await place.raw.record('a.2')).not.toHaveProperty('ttl');
		expect((await responses.read('a.2'))?.metadata).toMatchObject(times);
		expect(await responses.deleteExpired(Number.POSITIVE_INFINITY)).toBe(times.expires === undefined ? 0 : 2);
	});
});

describe('a record whose time has passed, and that DynamoDB has not removed yet', () => {
	it('is not there for anybody', async () => {
		using clock = moveClock();
		const {responses} = place.open({grace: 0});
		const ends = sampleHop({expires: Date.now() + 1000, keepUntil: Date.now() + 5000});
		const version = await responses.write('a.1', ends, body);
		await responses.write('a.2', sampleHop(), body);
		clock.advance(4);
		expect(await responses.contains('a.1')).toBe(true);
		expect(await responses.size()).toBe(2);
		clock.advance(3);
		expect(await place.raw.items()).toHaveLength(2);
		expect(await responses.read('a.1')).toBeUndefined();
		expect(await responses.contains('a.1')).toBe(false);
		expect(await responses.size()).toBe(1);
		expect(await responses.keysOf('a')).toEqual(['a.2']);
		const listed: string[] = [];
		for await (const key of responses.keys()) {
			listed.push(key);
		}
		for await (const {key} of responses.entries()) {
			listed.push(key);
		}
		expect(listed).toEqual(['a.2', 'a.2']);
		expect(await responses.touch('a.1', version, sampleHop())).toBe(false);
		expect(await responses.delete('a.1')).toBe(false);
		expect(await place.raw.items()).toHaveLength(1);
	});

	it('is removed by deleteExpired, and not counted', async () => {
		using clock = moveClock();
		const {responses} = place.open({grace: 0});
		await responses.write('a.1', sampleHop({expires: Date.now(), keepUntil: Date.now() + 5000}), body);
		await responses.write('a.2', sampleHop({expires: Date.now()}), body);
		clock.advance(10);
		expect(await responses.deleteExpired(Date.now())).toBe(1);
		expect(await place.raw.items()).toEqual([]);
	});

	it('is replaced like any other', async () => {
		using clock = moveClock();
		const {responses} = place.open({grace: 0});
		await responses.write('a.1', sampleHop({expires: 1, keepUntil: Date.now() + 1000}), body);
		clock.advance(10);
		await responses.write('a.1', sampleHop(), body);
		expect(await responses.contains('a.1')).toBe(true);
	});
});

describe('deleteExpired', () => {
	it('leaves a record that is renewed or written anew between being found and being removed', async () => {
		const {responses} = place.open();
		const version = await responses.write('a.1', sampleResponse({expires: 1000}), body);
		await responses.write('a.2', sampleResponse({expires: 1000}), body);
		await responses.write('a.3', sampleResponse({expires: 1000}), body);
		const other = place.open();
		let isDone = false;
		place.server.intercept(async (operation, _input, forward) => {
			if (operation !== 'Scan' || isDone) {
				return undefined;
			}
			isDone = true;
			const found = await forward();
			await other.responses.touch('a.1', version, sampleResponse({expires: 3000}));
			await other.responses.write('a.2', sampleResponse({expires: 1000}), body);
			return found;
		});
		expect(await responses.deleteExpired(2000)).toBe(1);
		expect((await responses.keysOf('a')).sort()).toEqual(['a.1', 'a.2']);
	});
});

describe('a session', () => {
	it('validates what has expired, for as long as the grace, and fetches it after that', async () => {
		using clock = moveClock();
		await using origin = await startOrigin(({headers}) =>
			headers['if-none-match'] ? {status: 304} : {headers: {etag: '"a"'}, body: 'kept'},
		);
		await using session = new CachedSession({cache: place.open({grace: 60}), expireAfter: 10});
		await session.get(origin.url);
		clock.advance(50);
		expect(await session.get(origin.url)).toMatchObject({isFromCache: true, body: 'kept'});
		expect(origin.requests[1]?.headers).toHaveProperty('if-none-match');
		clock.advance(75);
		expect(await session.get(origin.url)).toMatchObject({isFromCache: false});
		expect(origin.requests[2]?.headers).not.toHaveProperty('if-none-match');
	});
});
