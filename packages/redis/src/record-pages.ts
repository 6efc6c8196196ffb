import type {RecordKeys, RecordPlace} from './record-keys.js';
import type {RedisConnection} from './redis-connection.js';

/** Keys that a server looks at for one page: what it finds among them is a page, which may be empty. */
const COUNT = '1000';

/** Which of the keys that look like ours are listed. */
export type Listed = 'records' | 'anything';

/**
 * The records of a cache, a page at a time, from all servers; each once, though `SCAN` may give a key twice, and two masters may have it while it moves.
 * Nothing is held on the server between two pages.
 */
export async function* recordPages(
	connection: RedisConnection,
	keys: RecordKeys,
	listed: Listed = 'records',
): AsyncGenerator<readonly RecordPlace[], void, undefined> {
	const seen = new Set<string>();
	const type = listed === 'records' ? ['TYPE', 'hash'] : [];
	for await (const page of scan(connection, keys.recordPattern, type)) {
		const places: RecordPlace[] = [];
		for (const name of page) {
			const place = keys.placeOfRecord(name);
			if (place && !seen.has(place.key)) {
				seen.add(place.key);
				places.push(place);
			}
		}
		yield places;
	}
}

/** The indexes of a cache, a page at a time; one may come twice. */
export function indexPages(connection: RedisConnection, keys: RecordKeys): AsyncGenerator<readonly string[]> {
	return scan(connection, keys.indexPattern, ['TYPE', 'zset']);
}

async function* scan(
	connection: RedisConnection,
	pattern: string,
	type: readonly string[],
): AsyncGenerator<readonly string[], void, undefined> {
	const servers = await connection.run(link => link.servers());
	for (const server of servers) {
		let cursor = '0';
		do {
			const command = ['SCAN', cursor, 'MATCH', pattern, 'COUNT', COUNT, ...type];
			const [next, page] = (await connection.run(() => server.send(command))) as [Buffer, Buffer[]];
			cursor = next.toString();
			yield page.map(String);
		} while (cursor !== '0');
	}
}
