import process from 'node:process';
import {checkBehaviour} from '../backend/backend-options.js';
import {CacheBackend} from '../backend/cache-backend.js';
import {InvalidOptionError, Unsaid} from '../errors.js';
import {assertNever} from '../policy/assert-never.js';
import {REQUEST_SETTING_NAMES, SETTING_NAMES} from '../policy/effective-settings.js';
import type {Plan} from '../policy/plan-request.js';
import type {CacheSettings} from '../policy/settings.js';
import {isPromise} from '../storage/awaitable.js';
import {gatewayTimeout, serveAnswer, serveStored} from './answer-plan.js';
import {CacheEngine} from './cache-engine.js';
import {CacheExchange} from './cache-exchange.js';
import type {ClientSession} from './client-session.js';
import {type Explanation, explain} from './explain.js';
import {forwardTogether} from './flights/forward-together.js';
import {refreshBehind} from './flights/refresh-behind.js';
import {forward} from './forward.js';
import {interceptor, type Next, onClose} from './interceptor.js';
import {replayCookies} from './replay-cookies.js';
import type {RequestOptions, SessionRequest} from './session-request.js';
import type {SessionResponse} from './session-response.js';
import {createRequest} from './start-request.js';
import {StoreGuard} from './stores/store-guard.js';
import {withDeadline} from './stores/with-deadline.js';

/** Options of a {@link CacheMixin}: where responses are kept, and the settings. A session's settings win over its backend's. */
export interface CacheMixinOptions extends CacheSettings {
	/** Where responses are kept. @default a new `CacheBackend`, in memory */
	readonly cache?: CacheBackend | undefined;
	/** Whether `close()` also closes the backend. @default what the backend says; `false` for a session made with `extend()` */
	readonly autoclose?: boolean | undefined;
	/** What a fault of the cache does to the request that meets it: `'continue'`: nothing; `'throw'`: it rejects, for tests. @default what the backend says */
	readonly onCacheError?: 'continue' | 'throw' | undefined;
}

/** The names of the options of {@link CacheMixin}. */
export const CACHE_OPTION_NAMES: ReadonlySet<string> = new Set([
	'cache',
	'autoclose',
	'onCacheError',
	...SETTING_NAMES,
]);

/** How long `close()` waits for refreshes behind, and then for what the store still has to do, in milliseconds. */
const CLOSE_DEADLINE = 5000;

/** Answers requests from a cache. To be mixed with a `ClientSession`: `Mixin(CacheMixin, …, ClientSession)`; what stands between the two is not called on a hit. */
export class CacheMixin {
	declare readonly options: CacheMixinOptions;
	/** The cache, seen through the settings of this session. */
	readonly cache: CacheBackend;
	/** @internal */
	readonly closesCache: boolean;
	/** @internal */
	readonly throwsCacheErrors: boolean;
	/** Names of request options that are not got's. @internal */
	readonly requestSettingNames: ReadonlySet<string> = REQUEST_SETTING_NAMES;
	/** @internal */
	engine: CacheEngine | undefined;

	/** @throws InvalidOptionError naming the option that cannot be used */
	constructor(options: CacheMixinOptions = {}) {
		const {cache = new CacheBackend()} = options;
		if (!(cache instanceof CacheBackend)) {
			// A text may be a database's URL, with a password.
			const given = typeof cache === 'string' ? new Unsaid(cache) : cache;
			throw new InvalidOptionError('cache', given, 'an instance of a class that extends CacheBackend');
		}
		checkBehaviour(options);
		const {onCacheError = cache.onCacheError, autoclose = cache.autoclose} = options;
		const settings = Object.fromEntries(Object.entries(options).filter(([name]) => SETTING_NAMES.has(name)));
		this.cache = cache.withSettings(settings);
		this.closesCache = autoclose;
		this.throwsCacheErrors = onCacheError === 'throw';
	}

	/** The interceptor: looks the request up, plans, and does what the plan says. @internal */
	@interceptor
	async answerFromCache(request: SessionRequest, next: Next): Promise<SessionResponse> {
		const engine = engineOf(this);
		const {disabledPlan} = engine;
		if (disabledPlan) {
			return {...(await next(request)), decision: {plan: disabledPlan}};
		}
		const identifying = engine.identify(request);
		const identified = isPromise(identifying) ? await identifying : identifying;
		const exchange = new CacheExchange(engine, request, identified, next);
		let plan: Plan;
		do {
			const planning = identified.early ?? exchange.plan(Date.now());
			plan = isPromise(planning) ? await planning : planning;
			// What somebody else has stored while this request was looking is found by looking again.
		} while (sendsAnew(plan) && exchange.mayHaveMissed);
		engine.logDecision(identified.http, 'planned', plan);
		switch (plan.kind) {
			case 'serve':
				return replayCookies(exchange, serveStored(exchange.needFound(), exchange.decide(plan)));
			// Stale, but somebody allows that; where nobody else does so already, it is renewed behind.
			case 'serveStale':
				if (plan.refresh) {
					refreshBehind(exchange);
				}
				return replayCookies(exchange, serveStored(exchange.needFound(), exchange.decide(plan)));
			// The caller has it already, or wants a part of it.
			case 'notModified':
			case 'servePartial':
			case 'rangeNotSatisfiable':
				return replayCookies(exchange, await serveAnswer(exchange.needFound(), plan, exchange.decide(plan)));
			case 'revalidate':
			case 'complete':
			case 'fetch':
				return replayCookies(exchange, await forwardTogether(exchange, plan));
			// Nothing stored can answer it, but the answer may concern what is stored.
			case 'passThrough':
				return (await forward(exchange, plan)).response;
			// Nothing may be sent, and nothing usable is stored.
			case 'unsatisfiable':
				return gatewayTimeout(identified.http.url, exchange.decide(plan));
			case 'bypass':
				return {...(await next(request)), decision: exchange.decide(plan)};
			default:
				return assertNever(plan);
		}
	}

	/**
	 * Runs a callback for which the cache is switched off, with all that it starts and waits for; requests that run beside it are not concerned.
	 * Mirrors `disabled()` of aiohttp-client-cache.
	 * @returns what the callback returns
	 */
	disabled<T>(callback: () => T | Promise<T>): Promise<T> {
		return engineOf(this).disabled.run(callback);
	}

	/**
	 * Says what would happen to a request now, and why, without sending anything and without changing what is stored.
	 * @param options - those that the request would have
	 * @throws as the request would for options that cannot be used, and `ERR_SESSION_CLOSED` after `close()`
	 */
	async explain(url: string | URL, options?: RequestOptions): Promise<Explanation> {
		const session = sessionOf(this);
		const request = createRequest(session, url, options);
		session.life.enter();
		try {
			return await explain(engineOf(this), request);
		} finally {
			session.life.leave();
		}
	}

	/** Waits for the refreshes behind callers who were served a stale response; those that begin meanwhile too. Never rejects: a refresh that fails leaves what is stored. */
	async idle(): Promise<void> {
		await this.engine?.idle();
	}

	/** Removes what has expired from the cache. @returns how many records */
	deleteExpiredResponses(): Promise<number> {
		return this.cache.deleteExpired();
	}

	/** {@link deleteExpiredResponses}, under the name that requests-cache gave it first. @returns how many records */
	removeExpiredResponses(): Promise<number> {
		return this.deleteExpiredResponses();
	}

	/** @internal */
	inheritOptions(options: object): object {
		return 'cache' in options ? {} : {cache: this.cache, autoclose: false};
	}

	/** Waits for refreshes behind, though not for ever, then closes the cache where that is this session's to do. @internal */
	@onClose
	async closeCache(): Promise<void> {
		try {
			await withDeadline('close', this.idle(), CLOSE_DEADLINE);
		} catch {
			this.engine?.endRefreshes();
		}
		if (this.closesCache) {
			await withDeadline('close', this.cache.close(), CLOSE_DEADLINE);
		}
	}
}

function sendsAnew({kind}: Plan): boolean {
	return kind === 'fetch' || kind === 'revalidate' || kind === 'complete';
}

function sessionOf(mixin: CacheMixin): CacheMixin & ClientSession {
	return mixin as CacheMixin & ClientSession;
}

// Made on first use: only then is `this` the whole session.
function engineOf(mixin: CacheMixin): CacheEngine {
	if (mixin.engine === undefined) {
		const session = sessionOf(mixin);
		const guard = new StoreGuard(error => {
			// On the next tick: a listener that throws must not break a request.
			process.nextTick(() => {
				if (session.listenerCount('error') > 0) {
					session.emit('error', error);
				} else {
					// As text: under jest, an error of ours is none in the eyes of Node.
					process.emitWarning(error.message, {type: error.name, code: error.code});
				}
			});
		}, mixin.throwsCacheErrors);
		const {options, mutableDefaults} = session.got.defaults;
		mixin.engine = new CacheEngine(mixin.cache, guard, options, mutableDefaults);
	}
	return mixin.engine;
}
