import assert from 'node:assert/strict';
import got from 'got';
import {CachedSession} from 'got-client-cache';
import {Agent, cacheStores, interceptors, request} from 'undici';
import {measureInTurns} from './rounds.mjs';

/** A hit in memory, of a 1 KB text: the session, got with its own cache, undici with its memory store. */
export function memoryHit(origin, options) {
	return measureHits(origin, options, 'A hit in memory (1 KB)', {expireAfter: {hours: 1}});
}

/** The same hit with `cacheControl`, which the response's own max-age lets happen. */
export function memoryHitByRfc9111(origin, options) {
	return measureHits(origin, options, 'A hit in memory (1 KB), cacheControl: true', {cacheControl: true});
}

async function measureHits(origin, {rounds}, title, settings) {
	const session = new CachedSession(settings);
	const dispatcher = new Agent().compose(interceptors.cache({store: new cacheStores.MemoryCacheStore()}));
	const url = `${origin.url}/memory-hit`;
	// got's own cache keeps a listener and about 15 KB a hit, so every slice gets a cache of its own.
	let cachingGot;
	const prepare = {
		async 'got, cache: new Map()'() {
			cachingGot = got.extend({cache: new Map()});
			await cachingGot(url);
		},
	};
	const contenders = {
		session: async () => (await session.get(url)).body,
		'got, cache: new Map()': async () => (await cachingGot(url)).body,
		'undici, MemoryCacheStore': async () => (await request(url, {dispatcher})).body.text(),
	};
	await prepare['got, cache: new Map()']();
	for (const run of Object.values(contenders)) {
		assert.equal((await run()).length, 1024);
	}

	const before = await origin.requests();
	const times = await withoutWarnings(() => measureInTurns(contenders, {rounds, sliceMs: 50, batch: 64, prepare}));
	// got's fresh caches are filled with one request a slice; besides those, nothing may have been sent.
	const slices = rounds + 1;
	assert.equal(await origin.requests(), before + slices, 'a contender sent requests where it should have hit');
	await session.close();
	await dispatcher.close();
	return {
		title,
		times,
		ratios: [
			{of: 'session', to: 'got, cache: new Map()', atLeast: 40},
			{of: 'session', to: 'undici, MemoryCacheStore', atLeast: 6},
		],
	};
}

/** Printing a warning about those listeners at every hit would cost got more than the hit. */
async function withoutWarnings(run) {
	const {warn} = console;
	console.warn = () => {};
	try {
		return await run();
	} finally {
		console.warn = warn;
	}
}
