import type {OriginHandler} from '../../../../test-support/origin-server.js';
import type {CachedSession, StoredMetadata} from '../../src/index.js';

/** Answers with the values of the header fields that it names in `Vary`. */
export function varyBy(...fields: string[]): OriginHandler {
	return ({headers}) => ({
		headers: {vary: fields.join(', '), etag: '"a"'},
		body: fields.map(field => headers[field] ?? 'none').join('|'),
	});
}

/** Options of a request in a language. */
export const language = (value: string) => ({headers: {'accept-language': value}});

/** What a session has stored. */
export async function recordsOf(session: CachedSession): Promise<Array<{key: string; metadata: StoredMetadata}>> {
	const records = [];
	for await (const {key, metadata} of session.cache.responses.entries()) {
		records.push({key, metadata});
	}
	return records;
}

/** The only index of variants that a session has stored. */
export async function indexOf(session: CachedSession) {
	const records = await recordsOf(session);
	const index = records.find(({metadata}) => metadata.kind === 'vary');
	if (index?.metadata.kind !== 'vary') {
		throw new Error('There is no index');
	}
	return {key: index.key, ...index.metadata};
}
