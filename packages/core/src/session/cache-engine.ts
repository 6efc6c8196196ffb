import process from 'node:process';
import {debuglog} from 'node:util';
import type {Options} from 'got';
import {LRUCache} from 'lru-cache';
import type {CacheBackend} from '../backend/cache-backend.js';
import {keyOf} from '../backend/key-of.js';
import {redactUrl} from '../backend/redaction.js';
import type {HttpRequest} from '../http/request.js';
import {
	type EffectiveRequestSettings,
	type EffectiveSettings,
	resolveRequestSettings,
} from '../policy/effective-settings.js';
import {type BypassPlan, planWithoutStore, type UnsatisfiablePlan} from '../policy/plan-request.js';
import {type Awaitable, isPromise} from '../storage/awaitable.js';
import type {BaseCache, CacheRecord} from '../storage/base-cache.js';
import {describeRequest} from './describe-request.js';
import {DisabledScope} from './disabled-scope.js';
import type {SessionRequest} from './session-request.js';
import type {SharedResponse} from './shared-response.js';
import {SingleFlight} from './single-flight.js';
import {soundRecord} from './sound-record.js';
import type {StoreGuard} from './store-guard.js';

/** A request with all that must be known of it before the store is asked. */
export interface IdentifiedRequest {
	readonly http: HttpRequest;
	readonly settings: EffectiveRequestSettings;
	/** The plan, where the store need not be asked. */
	readonly early: BypassPlan | UnsatisfiablePlan | undefined;
	/** Empty where the store is not asked. */
	readonly key: string;
}

const MEMO_ENTRIES = 1000;

const log = debuglog('got-client-cache');

/** What one session's requests share in dealing with its cache. */
export class CacheEngine {
	readonly backend: CacheBackend;
	readonly settings: EffectiveSettings;
	readonly guard: StoreGuard;
	readonly flights = new SingleFlight<SharedResponse>();
	readonly disabled = new DisabledScope();
	/** Refreshes behind the callers' backs. */
	readonly background = new Set<Promise<void>>();

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
		const settings = resolveRequestSettings(request.settings);
		const http = describeRequest(request.options);
		return isPromise(http) ? http.then(complete => this.#addKey(complete, settings)) : this.#addKey(http, settings);
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

	/** Reads a record; a fault of the store is a miss. */
	read(cache: BaseCache, key: string): Awaitable<CacheRecord | undefined> {
		return this.guard.run('read', cache, () => {
			const record = cache.read(key);
			return isPromise(record) ? record.then(soundRecord) : soundRecord(record);
		});
	}
}
