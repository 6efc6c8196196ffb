import {sampleHop, sampleResponse} from '@got-client-cache/contract';
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals';
import type {BaseCache} from 'got-client-cache';
import type {Connection} from '../src/connection.js';
import {SQLiteCache} from '../src/sqlite-cache.js';
import {SQLiteDatabase} from '../src/sqlite-database.js';
import {RawDatabase} from './raw-database.js';
import {temporaryPlace} from './temporary-place.js';
import {testedDriver} from './tested-driver.js';

const place = temporaryPlace();
const body = Buffer.from('body');
const keys = Array.from({length: 50}, (_, index) => `k.${index}`);

/** A database that notes the statements that it is asked for. */
class WatchedDatabase extends SQLiteDatabase {
	readonly statements: string[] = [];

	override query(...parameters: Parameters<SQLiteDatabase['query']>) {
		this.statements.push(parameters[0]);
		return super.query(...parameters);
	}

	override enqueue<Item, Result>(
		...[kind, ...rest]: Parameters<typeof SQLiteDatabase.prototype.enqueue<Item, Result>>
	) {
		const watched = this.#watched.get(kind) ?? {
			...kind,
			perform: (connection: Connection, items: readonly Item[]) => kind.perform(this.#watch(connection), items),
		};
		this.#watched.set(kind, watched);
		return super.enqueue<Item, Result>(watched as typeof kind, ...rest);
	}

	readonly #watched = new Map<object, object>();

	#watch(connection: Connection): Connection {
		return {
			all: (sql, parameters) => {
				this.statements.push(sql);
				return connection.all(sql, parameters);
			},
			run: (sql, parameters) => {
				this.statements.push(sql);
				return connection.run(sql, parameters);
			},
			execute: sql => connection.execute(sql),
			close: () => connection.close(),
		};
	}
}

let database: WatchedDatabase;
let responses: SQLiteCache;
let redirects: SQLiteCache;

beforeEach(async () => {
	database = new WatchedDatabase(place.path('batches'), {driver: testedDriver});
	responses = new SQLiteCache(database, 'responses');
	redirects = new SQLiteCache(database, 'redirects');
	await responses.write('first.1', sampleResponse(), body);
	database.statements.length = 0;
});

afterEach(() => database.close());

const textOf = async (cache: BaseCache, key: string) => {
	const record = await cache.read(key);
	return record && Buffer.from(await record.body.bytes()).toString();
};

describe('reads of one tick', () => {
	beforeEach(async () => {
		await Promise.all(
			keys.map(key => responses.write(key, sampleResponse({url: `http://x/${key}`}), Buffer.from(key))),
		);
		database.statements.length = 0;
	});

	it('are one statement, and each gets its own record', async () => {
		const texts = await Promise.all(['missing.1', ...keys, 'k.7', 'missing.2'].map(key => textOf(responses, key)));
		expect(texts).toEqual([undefined, ...keys, 'k.7', undefined]);
		expect(database.statements).toHaveLength(1);
	});

	it('are one statement also when they come from other promises', async () => {
		const texts = keys.map(async (key, index) => {
			for (let turn = 0; turn < index % 5; turn++) {
				await undefined;
			}
			return textOf(responses, key);
		});
		expect(await Promise.all(texts)).toEqual(keys);
		expect(database.statements).toHaveLength(1);
	});

	it('are a few statements when they are many', async () => {
		const many = Array.from({length: 150}, (_, index) => `k.${index}`);
		const records = await Promise.all(many.map(key => responses.read(key)));
		expect(records.map(record => record !== undefined)).toEqual(many.map((_, index) => index < 50));
		expect(database.statements).toHaveLength(3);
	});

	it('need few statements, whatever their number', async () => {
		for (let count = 1; count <= 50; count++) {
			await Promise.all(keys.slice(0, count).map(key => responses.read(key)));
		}
		expect(new Set(database.statements).size).toBe(7);
	});

	it('find keys that look alike to SQLite', async () => {
		const odd = ['nul\0one', 'nul\0two', 'nul', 'K.1', 'ü.1', 'u\u0308.1', "q'uote", '%.1'];
		await Promise.all(odd.map(key => responses.write(key, sampleResponse(), Buffer.from(key))));
		expect(await Promise.all(odd.map(key => textOf(responses, key)))).toEqual(odd);
	});

	it('are right beside a damaged one, which alone is removed', async () => {
		await RawDatabase.execute(database.path, `UPDATE responses SET metadata = '' WHERE key = 'k.3'`);
		const texts = await Promise.all(keys.map(key => textOf(responses, key)));
		expect(texts).toEqual(keys.map(key => (key === 'k.3' ? undefined : key)));
		expect(await responses.size()).toBe(50);
	});

	it('all reject when the statement fails', async () => {
		await RawDatabase.execute(database.path, 'ALTER TABLE responses_small_body RENAME TO other');
		const outcomes = await Promise.allSettled(keys.map(async key => responses.read(key)));
		expect(outcomes.every(({status}) => status === 'rejected')).toBe(true);
	});

	it('are waited for by close, and those that come after it reject', async () => {
		const reading = keys.map(key => textOf(responses, key));
		const closed = database.close();
		await expect((async () => responses.read('k.1'))()).rejects.toMatchObject({code: 'ERR_CACHE_CLOSED'});
		expect(await Promise.all(reading)).toEqual(keys);
		await closed;
	});
});

describe('writes of one tick', () => {
	it('are one statement', async () => {
		await Promise.all(keys.map(key => responses.write(key, sampleResponse(), Buffer.from(key))));
		expect(database.statements).toHaveLength(1);
		expect(await Promise.all(keys.map(key => textOf(responses, key)))).toEqual(keys);
	});

	it('are two when each comes with a removal from the other cache, as a session makes them', async () => {
		await redirects.write('k.7', sampleHop(), body);
		database.statements.length = 0;
		const removed = await Promise.all(
			keys.map(async key => {
				const writing = responses.write(key, sampleResponse(), body);
				const removing = redirects.delete(key);
				await writing;
				return removing;
			}),
		);
		expect(removed).toEqual(keys.map(key => key === 'k.7'));
		// The second one looks whether there is anything to remove, and the third removes it.
		expect(database.statements).toHaveLength(3);
		expect(await redirects.size()).toBe(0);
	});

	it('of one key leave the last one', async () => {
		const versions = await Promise.all(
			['one', 'two', 'three'].map(text => responses.write('a.1', sampleResponse(), Buffer.from(text))),
		);
		expect((await responses.read('a.1'))?.version).toBe(versions[2]);
		expect(await textOf(responses, 'a.1')).toBe('three');
		expect(database.statements.filter(sql => sql.startsWith('INSERT'))).toHaveLength(1);
	});

	it('are there for everybody when their promises resolve', async () => {
		const other = await RawDatabase.open(database.path);
		const seen = await Promise.all(
			keys.map(async key => {
				await responses.write(key, sampleResponse(), body);
				return (await other.query(`SELECT 1 FROM responses WHERE key = '${key}'`)).length;
			}),
		);
		expect(seen).toEqual(keys.map(() => 1));
		await other.close();
	});

	it('fail only where they are at fault', async () => {
		await RawDatabase.execute(
			database.path,
			`CREATE TRIGGER picky BEFORE INSERT ON responses WHEN NEW.key = 'k.5' BEGIN SELECT RAISE (ABORT, 'not that one'); END`,
		);
		const outcomes = await Promise.allSettled(keys.map(key => responses.write(key, sampleResponse(), body)));
		expect(outcomes.map(({status}) => status)).toEqual(keys.map(key => (key === 'k.5' ? 'rejected' : 'fulfilled')));
		expect(await responses.size()).toBe(50);
	});
});
