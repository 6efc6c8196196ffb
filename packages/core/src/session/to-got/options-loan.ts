import {type Got, Options} from 'got';
import {GOT_MAJOR} from '../got/got-version.js';
import {withdrawAgents} from '../got/own-agents.js';
import type {TransmissionRecord} from '../got/transmission-record.js';
import type {SessionRequest} from '../session-request.js';
import {NoCache} from './no-cache.js';

type Hooks = Options['hooks'];

/** The options of a request while got has them: with what only this sending needs, which is taken back afterwards. */
export class OptionsLoan {
	readonly #request: SessionRequest;
	readonly #resolveBodyOnly: boolean;
	readonly #cache: Options['cache'];
	readonly #signal: AbortSignal | undefined;
	readonly #beforeRequest: Hooks['beforeRequest'][number];
	readonly #beforeRetry: Hooks['beforeRetry'][number];

	/** @param record - told of every request that goes out */
	constructor(request: SessionRequest, record: TransmissionRecord) {
		const {options, events} = request;
		this.#request = request;
		this.#resolveBodyOnly = options.resolveBodyOnly;
		this.#cache = options.cache;
		this.#signal = options.signal;
		this.#beforeRequest = sending => record.addSent(sending as Options);
		this.#beforeRetry = (error, retryCount) => void events?.emit('retry', retryCount, error);
	}

	/** Calls got, or what leads on through the instance of got that the request came from. @returns what that returns */
	send(got: Got): unknown {
		const {options, upstream} = this.#request;
		const next = upstream?.take();
		this.#lend(got, next !== undefined);
		if (next) {
			// These very options are got's until the response is there.
			return next(options);
		}
		// got's own types hide the form that takes ready options together with a URL; Unix sockets need the URL set anew.
		const call = got as unknown as (url: URL | undefined, init: undefined, defaults: Options) => unknown;
		try {
			return call(options.url as URL, undefined, options);
		} finally {
			// got has made its own copy within the call.
			this.giveBack();
		}
	}

	#lend(got: Got, isNext: boolean): void {
		const {options, events, stream, sharedSignal} = this.#request;
		options.hooks.beforeRequest.push(this.#beforeRequest);
		if (stream === undefined && (events?.listenerCount('retry') ?? 0) > 0) {
			options.hooks.beforeRetry.push(this.#beforeRetry);
		}
		withdrawAgents(options);
		// Where got is another session, that is to cache as well.
		const {cache} = got.defaults.options;
		options.cache = cache instanceof NoCache ? cache : undefined;
		options.isStream = stream !== undefined;
		options.resolveBodyOnly = false;
		// got 14 listens to the caller's own from the start, and looks for it here to stop.
		if (sharedSignal && !(isNext && GOT_MAJOR === 14)) {
			options.signal = sharedSignal;
		}
	}

	/** Makes the options, and got's copy of them in its responses and errors, what the caller gave. May be called more than once. */
	giveBack(copy?: Options | undefined): void {
		for (const options of [this.#request.options, copy]) {
			// An error of somebody else's may have options of its own kind.
			if (options instanceof Options && remove(options.hooks.beforeRequest, this.#beforeRequest)) {
				this.#restore(options);
			}
		}
	}

	#restore(options: Options): void {
		const {sharedSignal} = this.#request;
		remove(options.hooks.beforeRetry, this.#beforeRetry);
		options.resolveBodyOnly = this.#resolveBodyOnly;
		options.cache = this.#cache;
		if (sharedSignal && options.signal === sharedSignal) {
			options.signal = this.#signal!;
		}
	}
}

/** @returns whether it was there */
function remove<T>(list: T[], member: T): boolean {
	const index = list.indexOf(member);
	return index !== -1 && list.splice(index, 1).length === 1;
}
