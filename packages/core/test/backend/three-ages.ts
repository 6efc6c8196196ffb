import {moveClock} from '../../../../test-support/moved-clock.js';
import {CacheBackend, type CachedEntry, type EntryFilter} from '../../src/index.js';

/** The first two of the URLs. */
export const URL_A = 'http://127.0.0.1:9/a';
export const URL_B = 'http://127.0.0.1:9/b';

/** What is stored, in the order of its URLs. */
export async function list(backend: CacheBackend, filter?: EntryFilter): Promise<CachedEntry[]> {
	const entries: CachedEntry[] = [];
	for await (const entry of backend.filter(filter)) {
		entries.push(entry);
	}
	return entries.sort((a, b) => a.url.localeCompare(b.url));
}

/** The paths of what is stored, in order. */
export const pathsOf = async (backend: CacheBackend, filter?: EntryFilter) =>
	(await list(backend, filter)).map(({url}) => new URL(url).pathname);

/** Saves `/a` to expire after 10 s, 100 s later `/b` to expire after 1000 s, 100 s later `/c` for ever. */
export async function threeAges(): Promise<{backend: CacheBackend; clock: ReturnType<typeof moveClock>}> {
	const clock = moveClock();
	const backend = new CacheBackend('ages');
	await backend.save(URL_A, {body: 'a'}, {expireAfter: 10});
	clock.advance(100);
	await backend.save(URL_B, {body: 'b'}, {expireAfter: 1000});
	clock.advance(100);
	await backend.save('http://127.0.0.1:9/c', {body: 'c'});
	return {backend, clock};
}
