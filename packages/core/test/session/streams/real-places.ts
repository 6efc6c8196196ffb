import {readdirSync, truncateSync} from 'node:fs';
import path from 'node:path';
import {SQLiteBackend} from '@got-client-cache/sqlite';
import {moveClock} from '../../../../../test-support/moved-clock.js';
import {type CacheBackend, FileBackend} from '../../../src/index.js';

/** A kind of store, in a place of its own. */
export interface Place {
	/** A backend on this place. */
	open(options?: {maxBytes?: number}): CacheBackend;
	/** Everything that is there, be it part of a record or not. */
	contents(backend: CacheBackend): Promise<string[]>;
	/** Takes away what lies behind the third megabyte of the bodies that are there. */
	damage(backend: CacheBackend): Promise<void>;
	/** Removes what was left for those who are reading it, as the store itself does so many seconds later. */
	sweep(backend: CacheBackend, seconds: number): Promise<void>;
}

/** Files in a folder. */
export function filePlace(folder: string): Place {
	const files = () =>
		readdirSync(folder, {recursive: true, withFileTypes: true})
			.filter(entry => entry.isFile())
			.map(({parentPath, name}) => path.join(parentPath, name));
	return {
		open: options => new FileBackend(folder, options),
		contents: async () => files(),
		damage: async () => {
			for (const file of files()) {
				truncateSync(file, 3_000_000);
			}
		},
		sweep: async () => undefined,
	};
}

/** A database in a folder. */
export function databasePlace(folder: string): Place {
	const databaseOf = (backend: CacheBackend) => (backend as SQLiteBackend).database;
	const tables = ['responses', 'responses_small_body', 'redirects', 'redirects_small_body', 'large_body'];
	const everything = tables.map(table => `SELECT '${table} ' || id AS name FROM ${table}`).join(' UNION ALL ');
	return {
		open: options => new SQLiteBackend(path.join(folder, 'cache'), options),
		contents: async backend => {
			const database = databaseOf(backend);
			const rows = await database.all(`${everything} UNION ALL SELECT 'chunk ' || id FROM large_body_chunk`, []);
			return rows.map(({name}) => String(name));
		},
		damage: async backend => {
			await databaseOf(backend).run('DELETE FROM large_body_chunk WHERE id % (1 << 20) > 11', []);
		},
		sweep: async (backend, seconds) => {
			using clock = moveClock();
			clock.advance(seconds);
			await databaseOf(backend).sweep();
		},
	};
}
