import type {Options} from 'got';
import {digestVaryValues, variantKey} from '../../backend/cache-key.js';
import {keyOf} from '../../backend/key-of.js';
import type {HttpRequest} from '../../http/request.js';
import type {StoredHop, StoredMetadata, StoredResponse, StoredVaryIndex} from '../../http/response.js';
import {mayFollow} from '../../policy/judge-hop.js';
import {varyValues} from '../../policy/vary.js';
import {type Awaitable, isPromise} from '../../storage/awaitable.js';
import type {BaseCache, CacheRecord, StoredBody} from '../../storage/base-cache.js';
import {BytesBody} from '../../storage/bytes-body.js';
import type {CacheEngine, IdentifiedRequest} from '../cache-engine.js';
import {followHop, inheritFragment, isRedirect, leadsToSocket, toHop} from '../follow-hop.js';
import type {CookieJar} from '../got/describe-request.js';
import {GOT_MAJOR, isHeaderExplicit} from '../got/got-version.js';
import type {SessionRequest} from '../session-request.js';

/** A stored response that answers a request. */
export interface FoundResponse {
	/** The key of its record; with `Vary` that of the variant. */
	readonly key: string;
	/** The key of the request that it answers, which with `Vary` is that of the index. */
	readonly indexKey: string;
	readonly stored: StoredResponse;
	readonly body: StoredBody;
	readonly version: string;
	/** The request fields by which it was chosen among variants. */
	readonly vary: readonly string[] | undefined;
	/** The stored redirects that led to it. */
	readonly hops: readonly StoredHop[];
	/** The request that it answers: after redirects, that of the last hop. */
	readonly request: HttpRequest;
}

/** What is found for a request; `'otherVariants'`: its URL has responses, but for requests with other fields. */
export type Finding = FoundResponse | 'otherVariants' | undefined;

const NO_HOPS: readonly StoredHop[] = Object.freeze([]);
const NO_BODY = new BytesBody(new Uint8Array());

/** The stored response for a request, fresh or not. It is looked for in `responses`, then along the stored redirects; a redirect that would not be served as fresh leads nowhere. */
export function findStored(
	engine: CacheEngine,
	identified: IdentifiedRequest,
	request: SessionRequest,
	now: number,
): Awaitable<Finding> {
	const {http, key} = identified;
	const lookup = request.isStream ? lazily(engine) : engine;
	const record = lookup.read(engine.backend.responses, key);
	// The common case, a response in memory, costs no promise.
	if (!isPromise(record) && record?.metadata.kind === 'response' && !isRedirect(record.metadata)) {
		return {
			key,
			indexKey: key,
			stored: sized(record.metadata, record.body),
			body: record.body,
			version: record.version,
			vary: undefined,
			hops: NO_HOPS,
			request: http,
		};
	}
	return search(lookup, identified, record, redirectRules(request.options), now);
}

/** As much of the engine as a search needs. */
interface Lookup extends Pick<CacheEngine, 'backend' | 'settings'> {
	read(cache: BaseCache, key: string): Awaitable<CacheRecord | undefined>;
}

/** Reads no more of a body than the store gives with its head. */
function lazily(engine: CacheEngine): Lookup {
	const {backend, settings} = engine;
	return {backend, settings, read: (cache, key) => engine.read(cache, key, true)};
}

// Of a body that was stored while it came, the length may not have been known when its head was written: then that says 0.
function sized(metadata: StoredResponse, body: StoredBody): StoredResponse {
	return metadata.bodySize > 0 || body.size === 0 ? metadata : {...metadata, bodySize: body.size};
}

/** How the search deals with redirects. */
interface RedirectRules {
	/** How many may be followed; 0: none. */
	readonly maxRedirects: number;
	readonly methodRewriting: boolean;
	readonly cookieJar: CookieJar | undefined;
	/** Whether a cookie goes along to a URL for which the jar has none. */
	readonly keepsCookie: boolean;
}

// A function that decides about every redirect belongs to the network: it wants got's response.
function redirectRules(options: Options): RedirectRules {
	const {followRedirect, maxRedirects, methodRewriting, cookieJar} = options;
	const keepsCookie = GOT_MAJOR < 16 || isHeaderExplicit(options, 'cookie');
	return {maxRedirects: followRedirect === true ? maxRedirects : 0, methodRewriting, cookieJar, keepsCookie};
}

async function search(
	engine: Lookup,
	{http, key, settings}: IdentifiedRequest,
	first: Awaitable<CacheRecord | undefined>,
	{maxRedirects, methodRewriting, cookieJar, keepsCookie}: RedirectRules,
	now: number,
): Promise<Finding> {
	const hops: StoredHop[] = [];
	let request = http;
	let requestKey = key;
	let record = await first;
	let hasVariants = false;
	for (;;) {
		hasVariants ||= record?.metadata.kind === 'vary';
		const response = await chooseVariant(engine, engine.backend.responses, request, requestKey, record, 'response');
		// What a call that follows no redirects has stored is followed by one that does.
		const asHop = response && maxRedirects > 0 ? toHop(response.metadata, request.url, methodRewriting) : undefined;
		if (response && !asHop) {
			return foundResponse(requestKey, response, hops, request);
		}
		if (asHop && leadsToSocket(asHop)) {
			return undefined;
		}
		const viaGet = !asHop && request.method === 'HEAD' ? await findUnderGet(engine, request) : undefined;
		if (viaGet) {
			return {...viaGet, hops};
		}
		const stored = hops.length < maxRedirects ? (asHop ?? (await findHop(engine, request, requestKey))) : undefined;
		if (!stored || !mayFollow(request, stored, engine.settings, settings, now)) {
			return hasVariants ? 'otherVariants' : undefined;
		}
		const hop = inheritFragment(stored, request.url);
		hops.push(hop);
		request = await followHop(request, hop, cookieJar, keepsCookie);
		requestKey = await keyOf(request, engine.settings);
		record = await engine.read(engine.backend.responses, requestKey);
	}
}

async function findHop(engine: Lookup, request: HttpRequest, key: string): Promise<StoredHop | undefined> {
	const {redirects} = engine.backend;
	const record = await engine.read(redirects, key);
	return (await chooseVariant(engine, redirects, request, key, record, 'hop'))?.metadata;
}

/** Where several responses share a key, the one that fits the request (RFC 9111 §4.1). */
async function chooseVariant<K extends 'response' | 'hop'>(
	engine: Lookup,
	cache: BaseCache,
	request: HttpRequest,
	key: string,
	record: CacheRecord | undefined,
	kind: K,
): Promise<Choice<StoredMetadata & {kind: K}> | undefined> {
	let chosenKey = key;
	let chosen = record;
	let vary: readonly string[] | undefined;
	if (chosen?.metadata.kind === 'vary') {
		vary = chosen.metadata.fields;
		chosenKey = variantKeyFor(engine, key, chosen.metadata, request);
		chosen = await engine.read(cache, chosenKey);
	}
	return chosen && isOfKind(chosen.metadata, kind)
		? {key: chosenKey, record: chosen, metadata: chosen.metadata, vary}
		: undefined;
}

interface Choice<M> {
	readonly key: string;
	readonly record: CacheRecord;
	readonly metadata: M;
	readonly vary: readonly string[] | undefined;
}

function isOfKind<K extends StoredMetadata['kind']>(
	metadata: StoredMetadata,
	kind: K,
): metadata is StoredMetadata & {kind: K} {
	return metadata.kind === kind;
}

/** The key of the variant that an index has for a request. */
export function variantKeyFor(
	{settings}: Pick<CacheEngine, 'settings'>,
	indexKey: string,
	index: Pick<StoredVaryIndex, 'fields' | 'generation'>,
	request: HttpRequest,
): string {
	const digests = digestVaryValues(varyValues(index.fields, request.headers), settings.secretKey);
	return variantKey(indexKey, index.generation, digests);
}

// RFC 9110 §9.3.2: a HEAD is answered like the GET, without the body.
async function findUnderGet(engine: Lookup, request: HttpRequest): Promise<FoundResponse | undefined> {
	const get: HttpRequest = {...request, method: 'GET'};
	const key = await keyOf(get, engine.settings);
	const record = await engine.read(engine.backend.responses, key);
	const response = await chooseVariant(engine, engine.backend.responses, get, key, record, 'response');
	if (!response) {
		return undefined;
	}
	return {...foundResponse(key, response, NO_HOPS, request), body: NO_BODY};
}

function foundResponse(
	indexKey: string,
	{key, record, metadata, vary}: Choice<StoredResponse>,
	hops: readonly StoredHop[],
	request: HttpRequest,
): FoundResponse {
	const stored = sized(metadata, record.body);
	return {key, indexKey, stored, body: record.body, version: record.version, vary, hops, request};
}
