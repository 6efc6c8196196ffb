import type {HttpRequest} from '../../http/request.js';
import type {StoredResponse} from '../../http/response.js';
import type {CacheEngine} from '../cache-engine.js';
import type {SessionResponse} from '../session-response.js';
import {prepareVariant} from '../stores/keep-response.js';
import {KeptBody} from './kept-body.js';
import type {StreamCall} from './stream-call.js';

/** A response that is stored while it is read. */
export interface Keeping {
	/** The key of its record. */
	readonly key: string;
	/** The body, for the caller. */
	readonly body: KeptBody;
}

/** What is to be stored of a streamed response. */
interface StreamedRecord {
	readonly response: StoredResponse;
	readonly vary: readonly string[] | undefined;
}

/**
 * Stores a response while its caller reads it, under the key of the request that it answers.
 *
 * @param alsoKeep - stores what belongs to it, once it is there
 * @returns at once, before anything is written; `undefined` where the response has more `Vary` fields than are told apart, or the store failed
 */
export async function keepStreamed(
	engine: CacheEngine,
	key: string,
	request: HttpRequest,
	{response: metadata, vary}: StreamedRecord,
	{body}: SessionResponse,
	{signal}: StreamCall,
	alsoKeep: () => Promise<void>,
): Promise<Keeping | undefined> {
	const {responses} = engine.backend;
	const recordKey = vary ? await prepareVariant(engine, key, vary, {cache: responses, request, metadata}) : key;
	if (recordKey === undefined) {
		return undefined;
	}
	const kept = new KeptBody(body, engine.settings.maxBodySize, signal);
	const done = write(engine, key, recordKey, metadata, kept, alsoKeep);
	done.then(
		isKept => kept.finish({kind: isKept ? 'kept' : 'lost'}),
		(fault: unknown) => kept.finish({kind: 'lost'}, fault),
	);
	return {key: recordKey, body: kept};
}

async function write(
	engine: CacheEngine,
	key: string,
	recordKey: string,
	metadata: StoredResponse,
	kept: KeptBody,
	alsoKeep: () => Promise<void>,
): Promise<boolean> {
	const {guard, backend} = engine;
	const {responses, redirects} = backend;
	const version = await guard.runLong('write', responses, {
		call: () => Promise.race([put(engine, recordKey, metadata, kept), kept.slowness]),
		isExcused: () => kept.isTakenBack,
	});
	if (version === undefined || !isToStay(kept)) {
		return false;
	}
	// A URL has a response or a redirect, whichever came last.
	await guard.run('delete', redirects, () => redirects.delete(key));
	if (kept.size !== metadata.bodySize) {
		await guard.run('touch', responses, () => responses.touch(recordKey, version, {...metadata, bodySize: kept.size}));
	}
	await alsoKeep();
	return true;
}

/** Has the store write it. It may do so for longer than anybody waits for it. */
async function put(engine: CacheEngine, key: string, metadata: StoredResponse, kept: KeptBody): Promise<string> {
	const {responses} = engine.backend;
	engine.addKeeping(key, kept);
	try {
		const version = await responses.write(key, metadata, kept.forStore());
		if (!isToStay(kept)) {
			await responses.delete(key);
		}
		return version;
	} finally {
		engine.removeKeeping(kept);
	}
}

/** Whether what the store has of it may stay: all, and nothing has made it invalid meanwhile. */
function isToStay({isDelivered, isInvalid}: KeptBody): boolean {
	return isDelivered && !isInvalid;
}
