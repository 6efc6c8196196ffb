import defaultGot, {type ExtendOptions, type Got} from 'got';
import {InvalidOptionError} from '../errors.js';
import type {CachedResponse} from './cached-response.js';
import {omitGotOptions, pickGotOptions} from './got/got-options.js';
import {makeAgents} from './got/own-agents.js';
import {markedMethods, type Next} from './interceptor.js';
import type {JsonBodyOptions, JsonOptions, RequestResult} from './request-types.js';
import type {ResponsePromise} from './response-promise.js';
import {SessionEmitter} from './session-emitter.js';
import {SessionLife} from './session-life.js';
import type {RequestOptions} from './session-request.js';
import {startRequest} from './start-request.js';
import {type StreamFunction, streamFunctionOf} from './streams/start-stream.js';
import {type PaginateFunction, paginateFunctionOf} from './to-got/paginate.js';
import {makeGot} from './to-got/to-got.js';

/** Options of a {@link ClientSession}: those of `got.extend()`, and a got instance to start from. Options that are not got's are left to mixins. */
export interface ClientSessionOptions extends Omit<ExtendOptions, 'cache' | 'isStream' | 'url' | 'cacheOptions'> {
	/** The got instance that sends the requests, with its defaults, hooks and handlers. Its own `cache` is not used. @default got itself */
	readonly got?: Got | undefined;
}

/**
 * got with a life cycle: requests run through the session's interceptors, and end before it closes.
 * In itself it keeps nothing; `Mixin(CacheMixin, ClientSession)` does.
 */
export class ClientSession extends SessionEmitter {
	/** The got instance that sends this session's requests. What is sent with it directly passes neither the interceptors nor the cache. */
	readonly got: Got;
	/** As given. */
	readonly options: ClientSessionOptions;
	declare readonly requestSettingNames?: ReadonlySet<string>;
	/** What a mixin hands on to sessions made with `extend`. @internal */
	declare inheritOptions?: (options: object) => object;
	/** @internal */
	readonly life = new SessionLife();
	/** @internal */
	readonly agents: ReadonlyArray<{destroy(): void}>;
	/** @internal */
	dispatch: Next | undefined;
	/** @internal */
	declare streamFunction?: StreamFunction;
	/** @internal */
	declare paginateFunction?: PaginateFunction;
	/** @internal */
	declare sessionGot?: Got;

	/** @throws what got throws for options that it does not accept; InvalidOptionError for a `got` that is no got instance */
	constructor(options: ClientSessionOptions = {}) {
		super();
		const {got = defaultGot} = options;
		if (typeof got !== 'function' || typeof got.extend !== 'function' || got.defaults?.options === undefined) {
			throw new InvalidOptionError('got', got, 'a got instance');
		}
		const gotOptions = pickGotOptions(options);
		this.options = options;
		// An instance whose defaults may change is used as it is: a copy would not see the changes.
		if (got.defaults.mutableDefaults && Object.keys(gotOptions).length === 0) {
			this.got = got;
			this.agents = [];
			return;
		}
		const extended = got.extend(gotOptions);
		const own = makeAgents(extended.defaults.options.agent);
		this.agents = Object.values(own);
		this.got = extended.extend({agent: own, mutableDefaults: extended.defaults.mutableDefaults});
	}

	/**
	 * Sends a request, or answers it without: what `got(url, options)` does, through the session's interceptors.
	 * @returns a promise with `.json()`, `.text()` and `.buffer()`; it rejects with got's errors, and with `ERR_SESSION_CLOSED` after `close()`
	 */
	request<T>(url: string | URL, options: JsonBodyOptions): ResponsePromise<T>;
	request<T>(url: string | URL, options: JsonOptions): ResponsePromise<CachedResponse<T>>;
	request<O extends RequestOptions = Record<never, never>>(
		url: string | URL,
		options?: O,
	): ResponsePromise<RequestResult<O>>;
	request(url: string | URL, options?: RequestOptions): ResponsePromise<unknown> {
		return startRequest(this, url, options);
	}

	/** got's `stream`, through the session's interceptors: `session.stream(url)` gives a duplex stream at once, and `session.stream.post(url)` and the like one with another method. */
	get stream(): StreamFunction {
		this.streamFunction ??= streamFunctionOf(this);
		return this.streamFunction;
	}

	/** got's `paginate`, through the session's interceptors: `session.paginate(url, options)` goes through the items of all pages, `session.paginate.all(url, options)` collects them. Every page is cached by itself. */
	get paginate(): PaginateFunction {
		this.paginateFunction ??= paginateFunctionOf(this);
		return this.paginateFunction;
	}

	/**
	 * This session as an instance of got, for code that wants one: its requests pass the session's interceptors and its cache. `extend`, `stream`, `paginate` and the rest work as got's do.
	 * What is not got's among a request's options goes into its `context`, see {@link CacheContext}.
	 */
	toGot(): Got {
		if (this.got.defaults.mutableDefaults) {
			return makeGot(this);
		}
		this.sessionGot ??= makeGot(this);
		return this.sessionGot;
	}

	/** {@link request} with the method GET. */
	get<T>(url: string | URL, options: JsonBodyOptions): ResponsePromise<T>;
	get<T>(url: string | URL, options: JsonOptions): ResponsePromise<CachedResponse<T>>;
	get<O extends RequestOptions = Record<never, never>>(
		url: string | URL,
		options?: O,
	): ResponsePromise<RequestResult<O>>;
	get(url: string | URL, options?: RequestOptions): ResponsePromise<unknown> {
		return requestWith(this, 'GET', url, options);
	}

	/** {@link request} with the method POST. */
	post<T>(url: string | URL, options: JsonBodyOptions): ResponsePromise<T>;
	post<T>(url: string | URL, options: JsonOptions): ResponsePromise<CachedResponse<T>>;
	post<O extends RequestOptions = Record<never, never>>(
		url: string | URL,
		options?: O,
	): ResponsePromise<RequestResult<O>>;
	post(url: string | URL, options?: RequestOptions): ResponsePromise<unknown> {
		return requestWith(this, 'POST', url, options);
	}

	/** {@link request} with the method PUT. */
	put<T>(url: string | URL, options: JsonBodyOptions): ResponsePromise<T>;
	put<T>(url: string | URL, options: JsonOptions): ResponsePromise<CachedResponse<T>>;
	put<O extends RequestOptions = Record<never, never>>(
		url: string | URL,
		options?: O,
	): ResponsePromise<RequestResult<O>>;
	put(url: string | URL, options?: RequestOptions): ResponsePromise<unknown> {
		return requestWith(this, 'PUT', url, options);
	}

	/** {@link request} with the method PATCH. */
	patch<T>(url: string | URL, options: JsonBodyOptions): ResponsePromise<T>;
	patch<T>(url: string | URL, options: JsonOptions): ResponsePromise<CachedResponse<T>>;
	patch<O extends RequestOptions = Record<never, never>>(
		url: string | URL,
		options?: O,
	): ResponsePromise<RequestResult<O>>;
	patch(url: string | URL, options?: RequestOptions): ResponsePromise<unknown> {
		return requestWith(this, 'PATCH', url, options);
	}

	/** {@link request} with the method HEAD. */
	head<T>(url: string | URL, options: JsonBodyOptions): ResponsePromise<T>;
	head<T>(url: string | URL, options: JsonOptions): ResponsePromise<CachedResponse<T>>;
	head<O extends RequestOptions = Record<never, never>>(
		url: string | URL,
		options?: O,
	): ResponsePromise<RequestResult<O>>;
	head(url: string | URL, options?: RequestOptions): ResponsePromise<unknown> {
		return requestWith(this, 'HEAD', url, options);
	}

	/** {@link request} with the method DELETE. */
	delete<T>(url: string | URL, options: JsonBodyOptions): ResponsePromise<T>;
	delete<T>(url: string | URL, options: JsonOptions): ResponsePromise<CachedResponse<T>>;
	delete<O extends RequestOptions = Record<never, never>>(
		url: string | URL,
		options?: O,
	): ResponsePromise<RequestResult<O>>;
	delete(url: string | URL, options?: RequestOptions): ResponsePromise<unknown> {
		return requestWith(this, 'DELETE', url, options);
	}

	/**
	 * A session of the same class with more options: got's are merged as `got.extend()` does, the others replace this session's.
	 * It uses the same got instance and the same cache, and closes neither. The class's constructor must take its options as its only parameter.
	 */
	extend(options: this['options'] & object = {}): this {
		const Class = this.constructor as new (options: object) => this;
		const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
		return new Class({...omitGotOptions(this.options), ...this.inheritOptions?.(given), ...given, got: this.got});
	}

	/** Refuses new requests, waits for the running ones, calls the methods marked with `onClose`, then destroys the agents that it made. Later calls give the same promise. */
	close(): Promise<void> {
		const methods = this as unknown as Record<PropertyKey, () => unknown>;
		return this.life.close(() => [
			...markedMethods(this, 'onClose').map(name => () => methods[name]!()),
			...this.agents.map(agent => () => agent.destroy()),
		]);
	}

	/** {@link close}, for `await using`. */
	[Symbol.asyncDispose](): Promise<void> {
		return this.close();
	}
}

function requestWith(
	session: ClientSession,
	method: NonNullable<RequestOptions['method']>,
	url: string | URL,
	options: RequestOptions | undefined,
): ResponsePromise<unknown> {
	const isDefault = options === undefined && session.got.defaults.options.method === method;
	return isDefault ? session.request(url) : session.request(url, {...options, method});
}
