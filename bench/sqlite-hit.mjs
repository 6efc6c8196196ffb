import assert from 'node:assert/strict';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {SQLiteBackend} from '@got-client-cache/sqlite';
import {CachedSession} from 'got-client-cache';
import {Agent, cacheStores, interceptors, request} from 'undici';
import {measureInTurns} from './rounds.mjs';

/** A hit in a database file, of a 1 KB text: the session, undici with its SQLite store. Needs `node:sqlite`, which undici's store is built on. */
export async function sqliteHit(origin, {rounds}) {
	const folder = await mkdtemp(path.join(tmpdir(), 'got-client-cache-bench-'));
	const store = new cacheStores.SqliteCacheStore({location: path.join(folder, 'undici.sqlite')});
	const dispatcher = new Agent().compose(interceptors.cache({store}));
	const session = new CachedSession({
		cache: new SQLiteBackend(path.join(folder, 'session.sqlite')),
		expireAfter: {hours: 1},
	});
	const url = `${origin.url}/sqlite-hit`;
	const contenders = {
		session: async () => (await session.get(url)).body,
		'undici, SqliteCacheStore': async () => (await request(url, {dispatcher})).body.text(),
	};
	try {
		for (const run of Object.values(contenders)) {
			assert.equal((await run()).length, 1024);
		}
		const before = await origin.requests();
		const times = await measureInTurns(contenders, {rounds, sliceMs: 50, batch: 64});
		assert.equal(await origin.requests(), before, 'a contender sent requests where it should have hit');
		return {
			title: 'A hit in SQLite (1 KB)',
			times,
			ratios: [{of: 'session', to: 'undici, SqliteCacheStore', atLeast: 1.5}],
		};
	} finally {
		await session.close();
		await dispatcher.close();
		store.close();
		await rm(folder, {recursive: true, force: true});
	}
}
