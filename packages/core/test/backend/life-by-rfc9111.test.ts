import {describe, expect, it} from '@jest/globals';
import {moveClock} from '../../../../test-support/moved-clock.js';
import {CacheBackend, EXPIRE_IMMEDIATELY, type StoredMetadata} from '../../src/index.js';

const URL_A = 'http://127.0.0.1:9/a';

async function metadataIn({responses}: CacheBackend): Promise<StoredMetadata[]> {
	const found: StoredMetadata[] = [];
	for await (const {metadata} of responses.entries()) {
		found.push(metadata);
	}
	return found;
}

/** For how many seconds the only record is fresh, from now on. */
async function secondsLeft(backend: CacheBackend): Promise<number | undefined> {
	const [record] = await metadataIn(backend);
	return record?.expires === undefined ? undefined : (record.expires - Date.now()) / 1000;
}

describe('a response saved by hand, with cacheControl', () => {
	it.each([
		['as its max-age says', {'cache-control': 'max-age=60'}, undefined, 60],
		['as its max-age says, whatever expireAfter', {'cache-control': 'max-age=60'}, 5, 60],
		['less, by its Age', {'cache-control': 'max-age=60', age: '20'}, undefined, 40],
		['as expireAfter says, where it says nothing', {}, 5, 5],
		['as the settings say, where nobody else does', {}, undefined, 30],
	])('lives %s', async (_name, headers, expireAfter, seconds) => {
		using _ = moveClock();
		const backend = new CacheBackend('saved', {cacheControl: true, expireAfter: 30});
		await backend.save(URL_A, {headers}, {expireAfter});
		expect(await secondsLeft(backend)).toBe(seconds);
	});

	it('is kept for as long as it may be served stale', async () => {
		using _ = moveClock();
		const backend = new CacheBackend('saved', {cacheControl: true});
		await backend.save(URL_A, {headers: {'cache-control': 'max-age=60, stale-if-error=100'}});
		const [record] = await metadataIn(backend);
		expect(record?.keepUntil).toBe(Date.now() + 160_000);
	});
});

describe('resetExpiration() with cacheControl', () => {
	it('leaves what says itself how long it is fresh', async () => {
		using clock = moveClock();
		const backend = new CacheBackend('reset', {cacheControl: true});
		await backend.save(URL_A, {headers: {'cache-control': 'max-age=60'}});
		clock.advance(20);
		await backend.resetExpiration(500);
		expect(await secondsLeft(backend)).toBe(40);
		await backend.resetExpiration(EXPIRE_IMMEDIATELY);
		expect(await secondsLeft(backend)).toBe(40);
	});

	it('counts from now for what does not', async () => {
		using clock = moveClock();
		const backend = new CacheBackend('reset', {cacheControl: true, expireAfter: 30, staleIfError: 10});
		await backend.save(URL_A, {body: 'text'});
		clock.advance(20);
		await backend.resetExpiration(500);
		expect(await secondsLeft(backend)).toBe(500);
		expect((await metadataIn(backend))[0]?.keepUntil).toBe(Date.now() + 510_000);
	});

	it('never shortens an index, behind which something may live longer', async () => {
		using _ = moveClock();
		const backend = new CacheBackend('reset', {cacheControl: true});
		const times = {createdAt: Date.now(), expires: Date.now() + 60_000, keepUntil: Date.now() + 90_000};
		await backend.responses.write(
			'a.b',
			{kind: 'vary', fields: ['accept'], generation: 'g', url: URL_A, ...times},
			Buffer.alloc(0),
		);
		await backend.resetExpiration(5);
		expect(await metadataIn(backend)).toMatchObject([times]);
		await backend.resetExpiration(500);
		expect(await secondsLeft(backend)).toBe(500);
	});
});
