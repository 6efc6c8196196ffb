import assert from 'node:assert/strict';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {SQLiteBackend} from '@got-client-cache/sqlite';
import {CachedSession} from 'got-client-cache';
import {Agent, cacheStores, interceptors, request} from 'undici';
import {measureInTurns} from './rounds.mjs';

/** More responses than the session remembers from its last reads. */
const SCATTERED = 5000;

/** A hit in a database file, always the same one: the session, undici with its SQLite store. Needs `node:sqlite`, which undici's store is built on. */
export async function sqliteHit(origin, {rounds}) {
	return {
		title: 'A hit in SQLite (1 KB)',
		times: await measureHits(origin, 1, rounds),
		ratios: [{of: 'session', to: 'undici, SqliteCacheStore', atLeast: 1.5}],
	};
}

/** The same with one of so many responses, so that each is read from the file. */
export async function scatteredSqliteHit(origin, {rounds}) {
	return {
		title: `A hit in SQLite, each time another of ${SCATTERED.toLocaleString('en')}`,
		times: await measureHits(origin, SCATTERED, rounds),
		ratios: [{of: 'session', to: 'undici, SqliteCacheStore'}],
	};
}

async function measureHits(origin, urls, rounds) {
	const folder = await mkdtemp(path.join(tmpdir(), 'got-client-cache-bench-'));
	const store = new cacheStores.SqliteCacheStore({location: path.join(folder, 'undici.sqlite')});
	const dispatcher = new Agent().compose(interceptors.cache({store}));
	const session = new CachedSession({
		cache: new SQLiteBackend(path.join(folder, 'session.sqlite')),
		expireAfter: {hours: 1},
	});
	const inTurn = () => {
		let calls = 0;
		return () => `${origin.url}/sqlite-hit/${calls++ % urls}`;
	};
	const [sessionUrl, undiciUrl] = [inTurn(), inTurn()];
	const contenders = {
		session: async () => (await session.get(sessionUrl())).body,
		'undici, SqliteCacheStore': async () => (await request(undiciUrl(), {dispatcher})).body.text(),
	};
	try {
		for (const run of Object.values(contenders)) {
			for (let i = 0; i < urls; i++) {
				assert.equal((await run()).length, 1024);
			}
		}
		const before = await origin.requests();
		const times = await measureInTurns(contenders, {rounds, sliceMs: 50, batch: 64});
		assert.equal(await origin.requests(), before, 'a contender sent requests where it should have hit');
		return times;
	} finally {
		await session.close();
		await dispatcher.close();
		store.close();
		await rm(folder, {recursive: true, force: true});
	}
}
