import process from 'node:process';
import {debuglog} from 'node:util';
import type {Options} from 'got';
import {LRUCache} from 'lru-cache';
import type {CacheBackend} from '../backend/cache-backend.js';
import {keyOf, resourceFor} from '../backend/key-of.js';
import {redactUrl} from '../backend/redaction.js';
import type {CacheFaultError} from '../errors.js';
import type {HttpRequest} from '../http/request.js';
import {
	type EffectiveRequestSettings,
	type EffectiveSettings,
	resolveRequestSettings,
} from '../policy/effective-settings.js';
import type {BypassPlan, PassThroughPlan, UnsatisfiablePlan} from '../policy/plan.js';
import {planWithoutStore} from '../policy/plan-without-store.js';
import {type Awaitable, isPromise} from '../storage/awaitable.js';
import type {BaseCache, CacheRecord, StoredBody} from '../storage/base-cache.js';
import {DisabledScope} from './disabled-scope.js';
import type {SharedResponse} from './flights/shared-response.js';
import {SingleFlight} from './flights/single-flight.js';
import {describeRequest} from './got/describe-request.js';
import type {SessionRequest} from './session-request.js';
import {soundHead, soundRecord} from './stores/sound-record.js';
import type {StoreGuard} from './stores/store-guard.js';
import type {KeptBody} from './streams/kept-body.js';
import {type GoOn, type OpenedBody, openBody} from './streams/opened-body.js';
import type {StreamCall} from './streams/stream-call.js';

/** A request with all that must be known of it before the store is asked. */
export interface IdentifiedRequest {
	readonly http: HttpRequest;
	readonly settings: EffectiveRequestSettings;
	/** The plan, where the store need not be asked. */
	readonly early: BypassPlan | PassThroughPlan | UnsatisfiablePlan | undefined;
	/** Empty where the store is not asked. */
	readonly key: string;
}

const MEMO_ENTRIES = 1000;

const DISABLED: BypassPlan = Object.freeze({kind: 'bypass', reason: 'cacheDisabled'});

const log = debuglog('got-client-cache');

/** What one session's requests share in dealing with its cache. */
export class CacheEngine {
	readonly backend: CacheBackend;
	readonly settings: EffectiveSettings;
	readonly guard: StoreGuard;
	readonly flights = new SingleFlight<SharedResponse>();
	readonly disabled = new DisabledScope();
	/** Refreshes behind the callers' backs, and what ends each of them. */
	readonly background = new Map<Promise<void>, AbortController>();
	/** Keys of what will be refreshed when the callers who stream it have done so. */
	readonly refreshesToCome = new Set<string>();

	/** Bodies that are being stored while their callers read them, with their keys. */
	readonly #keepings = new Map<KeptBody, string>();
	#hasWarned = false;
	readonly #memo: LRUCache<string, IdentifiedRequest> | undefined;

	constructor(backend: CacheBackend, guard: StoreGuard, defaults: Options, isMutable: boolean) {
		this.backend = backend;
		this.settings = backend.effectiveSettings;
		this.guard = guard;
		const {keyFn, identity} = this.settings;
		const isStable =
			!isMutable &&
			defaults.hooks.init.length === 0 &&
			defaults.cookieJar === undefined &&
			keyFn === undefined &&
			typeof identity !== 'function';
		this.#memo = isStable ? new LRUCache({max: MEMO_ENTRIES}) : undefined;
	}

	/** The plan for all requests, where the cache is switched off for now. */
	get disabledPlan(): BypassPlan | undefined {
		return this.disabled.isActive ? DISABLED : undefined;
	}

	/** @throws what got throws for options that it does not accept, and what `keyFn` and `identity` throw */
	identify(request: SessionRequest): Awaitable<IdentifiedRequest> {
		const {plainUrl} = request;
		if (plainUrl === undefined || this.#memo === undefined) {
			return this.#identifyAnew(request);
		}
		const known = this.#memo.get(plainUrl);
		if (known) {
			return known;
		}
		const identified = this.#identifyAnew(request);
		if (!isPromise(identified)) {
			this.#memo.set(plainUrl, identified);
		}
		return identified;
	}

	#identifyAnew(request: SessionRequest): Awaitable<IdentifiedRequest> {
		askUncoded(request.options);
		const settings = resolveRequestSettings(request.settings);
		const describing = describeRequest(request.options);
		const identify = (http: HttpRequest) =>
			this.#addKey(request.hasStreamedBody ? {...http, body: {kind: 'stream'}} : http, settings);
		return isPromise(describing) ? describing.then(identify) : identify(describing);
	}

	#addKey(http: HttpRequest, settings: EffectiveRequestSettings): Awaitable<IdentifiedRequest> {
		const early = planWithoutStore(http, this.settings, settings);
		if (early) {
			return {http, settings, early, key: ''};
		}
		const key = keyOf(http, this.settings);
		return isPromise(key) ? key.then(text => ({http, settings, early, key: text})) : {http, settings, early, key};
	}

	/** With `NODE_DEBUG=got-client-cache`: says what was decided about a request and why. */
	logDecision({method, url}: HttpRequest, planned: string, {kind, reason}: {kind: string; reason: string}): void {
		if (log.enabled) {
			log('%s %s: %s, %s (%s)', method, redactUrl(url, this.settings.ignoredParams), planned, kind, reason);
		}
	}

	/** Tells, once, that responses are not stored because a hook changed who is asking. */
	warnOfChangedCredentials(url: string): void {
		if (!this.#hasWarned) {
			this.#hasWarned = true;
			process.emitWarning(
				`A hook changed the credentials or the headers in the key of a request to ${new URL(url).origin} before it was sent, so its response is not stored. Set 'identity' to say who is asking.`,
				{code: 'GOT_CLIENT_CACHE_CREDENTIALS_CHANGED'},
			);
		}
	}

	/** Deletes all that is stored under these URLs, whoever asked for it. */
	async invalidate(urls: readonly string[]): Promise<void> {
		const {responses, redirects} = this.backend;
		for (const url of urls) {
			const resource = await resourceFor(url, this.settings);
			this.#takeBack(key => key.startsWith(`${resource}.`));
			for (const cache of [responses, redirects]) {
				await this.guard.run('delete', cache, async () => cache.bulkDelete(await cache.keysOf(resource)));
			}
		}
	}

	/** A body is being stored while its caller reads it. */
	addKeeping(key: string, kept: KeptBody): void {
		this.supersede(key);
		this.#keepings.set(kept, key);
	}

	/** The store has done with a body, one way or the other. */
	removeKeeping(kept: KeptBody): void {
		this.#keepings.delete(kept);
	}

	/** A newer response is about to be stored under a key. */
	supersede(key: string): void {
		this.#takeBack(other => other === key);
	}

	#takeBack(isConcerned: (key: string) => boolean): void {
		for (const [kept, key] of this.#keepings) {
			if (isConcerned(key)) {
				kept.invalidate();
			}
		}
	}

	/** Deletes a response. */
	async drop(key: string): Promise<void> {
		const {responses} = this.backend;
		await this.guard.run('delete', responses, () => responses.delete(key));
	}

	/** Resolves when no refresh behind is under way. */
	async idle(): Promise<void> {
		while (this.background.size > 0) {
			await Promise.all(this.background.keys());
		}
	}

	/** Ends the refreshes that are under way. */
	endRefreshes(): void {
		for (const ends of this.background.values()) {
			ends.abort();
		}
	}

	/** Reads a record; a fault of the store is a miss. @param isStreamed - whether its body may be too large to be read at once */
	read(cache: BaseCache, key: string, isStreamed = false): Awaitable<CacheRecord | undefined> {
		return this.guard.run('read', cache, () => {
			const record = cache.read(key);
			const toSound = isStreamed ? soundHead : soundRecord;
			return isPromise(record) ? record.then(toSound) : toSound(record);
		});
	}

	/** Makes sure that a stored body can be read, by beginning with it. @param goOn - where what is missing comes from when it fails later @returns `undefined` where it cannot */
	openBody(body: StoredBody, {signal}: StreamCall, goOn: GoOn): Awaitable<OpenedBody | undefined> {
		return this.guard.run('read', this.backend.responses, () => openBody(body, signal, goOn));
	}

	/** Reports that a stored body has failed while it was read. @throws CacheFaultError under `onCacheError: 'throw'` */
	async reportUnreadable(fault: CacheFaultError): Promise<void> {
		await this.guard.run('read', this.backend.responses, () => Promise.reject(fault));
	}
}

/** got cannot decode a part of a coded body, so that a part is asked for as it is. */
function askUncoded({headers, decompress}: Options): void {
	if (decompress && headers['range'] !== undefined) {
		headers['accept-encoding'] ??= 'identity';
	}
}
