import {randomUUID} from 'node:crypto';
import {keyOf} from '../../backend/key-of.js';
import {redactUrl} from '../../backend/redaction.js';
import type {HttpRequest} from '../../http/request.js';
import type {StoredHop, StoredResponse, StoredVaryIndex} from '../../http/response.js';
import {judgeHop} from '../../policy/judge-hop.js';
import type {Plan} from '../../policy/plan-request.js';
import {mergeVaryFields} from '../../policy/vary.js';
import {isPromise} from '../../storage/awaitable.js';
import type {BaseCache} from '../../storage/base-cache.js';
import type {Hooked} from '../before-cache.js';
import type {CacheEngine, IdentifiedRequest} from '../cache-engine.js';
import type {TransmittedHop} from '../got/transmission.js';
import {type FoundResponse, variantKeyFor} from './find-stored.js';

/** A record to be written under a request's key. */
interface RecordToKeep {
	readonly cache: BaseCache;
	readonly request: HttpRequest;
	readonly metadata: StoredResponse | StoredHop;
	readonly vary: readonly string[] | undefined;
	readonly body: Uint8Array;
}

/**
 * Stores a response under the key of the request that it answers.
 *
 * @returns the key, or `undefined` where the store failed or the response has more `Vary` fields than are told apart
 */
export async function keepResponse(
	engine: CacheEngine,
	key: string,
	request: HttpRequest,
	{response: metadata, vary}: {readonly response: StoredResponse; readonly vary: readonly string[] | undefined},
	body: Uint8Array,
): Promise<string | undefined> {
	const {responses, redirects} = engine.backend;
	// A URL has a response or a redirect, whichever came last.
	const keeping = keep(engine, key, {cache: responses, request, metadata, vary, body});
	const deleting = engine.guard.run('delete', redirects, () => redirects.delete(key));
	return isPromise(deleting) ? (await Promise.all([keeping, deleting]))[0] : keeping;
}

const NO_BYTES = new Uint8Array();

/** Stores the redirects that led to a response, each under the key of the request that it answered. @param requests - one a hop, in order */
export async function keepHops(
	engine: CacheEngine,
	{key: firstKey, settings}: IdentifiedRequest,
	requests: readonly HttpRequest[],
	hops: ReadonlyArray<Hooked<TransmittedHop>>,
	plan: Plan,
): Promise<void> {
	const {responses, redirects} = engine.backend;
	for (const [index, {isRefused, ...hop}] of hops.entries()) {
		const request = isRefused ? undefined : requests[index];
		const verdict = request && judgeHop(request, hop, hop.responseTime, plan, engine.settings, settings);
		if (request === undefined || verdict?.kind !== 'store') {
			continue;
		}
		const {expires, keepUntil, rawHeaders, vary} = verdict;
		const metadata: StoredHop = {
			...hop,
			kind: 'hop',
			method: request.method,
			url: redactUrl(hop.url, engine.settings.ignoredParams),
			rawHeaders,
			requestTime: hop.responseTime,
			createdAt: hop.responseTime,
			expires,
			keepUntil,
			bodySize: 0,
			decoded: false,
		};
		const key = index === 0 ? firstKey : await keyOf(request, engine.settings);
		await Promise.all([
			keep(engine, key, {cache: redirects, request, metadata, vary, body: NO_BYTES}),
			engine.guard.run('delete', responses, () => responses.delete(key)),
		]);
	}
}

async function keep(engine: CacheEngine, key: string, record: RecordToKeep): Promise<string | undefined> {
	const {cache, metadata, vary, body} = record;
	const recordKey = vary === undefined ? key : await prepareVariant(engine, key, vary, record);
	if (recordKey === undefined) {
		return undefined;
	}
	engine.supersede(recordKey);
	const version = await engine.guard.run('write', cache, () => cache.write(recordKey, metadata, body));
	return version === undefined ? undefined : recordKey;
}

/** Makes the index of a URL's variants say what is needed for this one. @returns the variant's key */
export async function prepareVariant(
	engine: CacheEngine,
	key: string,
	vary: readonly string[],
	{cache, request, metadata}: Pick<RecordToKeep, 'cache' | 'request' | 'metadata'>,
): Promise<string | undefined> {
	const present = (await engine.read(cache, key))?.metadata;
	const index = present?.kind === 'vary' ? present : undefined;
	const fields = index ? mergeVaryFields(index.fields, vary) : vary;
	if (fields === '*') {
		return undefined;
	}
	const isSameFields = index !== undefined && fields.length === index.fields.length;
	const next: StoredVaryIndex = {
		kind: 'vary',
		fields,
		generation: isSameFields ? index.generation : randomUUID(),
		url: metadata.url,
		createdAt: isSameFields ? index.createdAt : metadata.createdAt,
		expires: isSameFields ? later(index.expires, metadata.expires) : metadata.expires,
		keepUntil: isSameFields ? later(index.keepUntil, metadata.keepUntil) : metadata.keepUntil,
	};
	if (!isSameFields || next.expires !== index.expires || next.keepUntil !== index.keepUntil) {
		await engine.guard.run('write', cache, () => cache.write(key, next, NO_BYTES));
	}
	return variantKeyFor(engine, key, next, request);
}

/** Renews a stored response, and the index through which it was found. */
export async function renewResponse(
	engine: CacheEngine,
	{indexKey, key, version}: FoundResponse,
	renewed: StoredResponse,
): Promise<void> {
	const {responses} = engine.backend;
	await engine.guard.run('touch', responses, () => responses.touch(key, version, renewed));
	if (indexKey === key) {
		return;
	}
	const record = await engine.read(responses, indexKey);
	if (record?.metadata.kind === 'vary') {
		const {metadata} = record;
		const expires = later(metadata.expires, renewed.expires);
		const keepUntil = later(metadata.keepUntil, renewed.keepUntil);
		if (expires !== metadata.expires || keepUntil !== metadata.keepUntil) {
			await engine.guard.run('touch', responses, () =>
				responses.touch(indexKey, record.version, {...metadata, expires, keepUntil}),
			);
		}
	}
}

/** The later of two times, where `undefined` is never. */
function later(a: number | undefined, b: number | undefined): number | undefined {
	return a === undefined || b === undefined ? undefined : Math.max(a, b);
}
