import type {BaseCache} from 'got-client-cache';
import {bytesOf} from './expectations.js';
import {sampleResponse} from './sample-metadata.js';

/** How many operations are under way at once: a place need not bear thousands. */
const AT_ONCE = 50;

/** Writes a record under each key, whose URL and body are the key; resolves to their versions. */
export async function fill(cache: BaseCache, keys: readonly string[], expires?: number): Promise<Map<string, string>> {
	const versions = new Map<string, string>();
	const life = expires === undefined ? {} : {expires};
	for (let start = 0; start < keys.length; start += AT_ONCE) {
		const some = keys.slice(start, start + AT_ONCE);
		const written = await Promise.all(
			some.map(async key => cache.write(key, sampleResponse({url: key, ...life}), bytesOf(key))),
		);
		for (const [index, key] of some.entries()) {
			versions.set(key, written[index]!);
		}
	}
	return versions;
}
