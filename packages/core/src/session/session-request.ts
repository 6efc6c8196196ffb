import type {EventEmitter} from 'node:events';
import {type ExtendOptions, Options, type OptionsInit, RequestError} from 'got';
import type {RequestSettings} from '../policy/settings.js';
import {Cancellation} from './got/cancellation.js';
import {copyFormData} from './got/form-data-body.js';
import type {StreamCall} from './streams/stream-call.js';
import type {HandlerNext} from './to-got/handler-next.js';

/** The options of one request: got's, without those that a session decides for itself, and the cache's. */
export type RequestOptions = Omit<OptionsInit, 'url' | 'cache' | 'isStream' | 'cacheOptions'> & RequestSettings;

const NO_SETTINGS: RequestSettings = Object.freeze({});

/** A request on its way through a session's interceptors. */
export class SessionRequest {
	/** The settings of the cache that were given with this request. */
	readonly settings: RequestSettings;
	/** `true` from the moment when the first interceptor was called. */
	started = false;
	/** The stream that the answer is for; `undefined` in a promise call. @internal */
	stream: StreamCall | undefined = undefined;
	/** Who wants to hear what happens on the network. @internal */
	events: EventEmitter | undefined = undefined;
	/** Ends the request upstream, in place of the caller's own `signal`: where the answer is for several callers, one of them cannot end it alone. @internal */
	sharedSignal: AbortSignal | undefined = undefined;
	/** What sends it the first time, where it came through an instance of got; otherwise, and from the second time on, the session's got does. @internal */
	upstream: HandlerNext | undefined = undefined;

	readonly #input: string | URL;
	readonly #defaults: Options;
	#acceptsJson = false;
	#options: Options | undefined;
	#cancellation: Cancellation | undefined;

	/** @throws what got rejects with for options that it does not accept */
	constructor(
		input: string | URL,
		init: ExtendOptions | undefined,
		settings: RequestSettings | undefined,
		defaults: Options,
	) {
		// What the caller does with its objects after the call does not count, as in got.
		this.#input = input instanceof URL ? new URL(input) : input;
		this.settings = settings ?? NO_SETTINGS;
		this.#defaults = defaults;
		if (init !== undefined) {
			this.#options = makeOptions(input, init, defaults);
		}
	}

	/** A request of which got has made the options already. They stay the very object. @internal */
	static around(options: Options, settings: RequestSettings | undefined): SessionRequest {
		detachBody(options);
		const request = new SessionRequest(options.url as URL, undefined, settings, options);
		request.#options = options;
		return request;
	}

	/**
	 * got's own normalised options, which are sent. An interceptor may change them.
	 * Where a request has nothing but a URL they are made on first use: a hit that needs none of them is served without.
	 * @throws what got rejects with for a URL that it does not accept
	 */
	get options(): Options {
		if (this.#options === undefined) {
			this.#options = makeOptions(this.#input, undefined, this.#defaults);
			if (this.#acceptsJson) {
				acceptJson(this.#options);
			}
		}
		return this.#options;
	}

	/** What ends when the caller cancels, where got's promises have that. @internal */
	get cancellation(): Cancellation {
		this.#cancellation ??= new Cancellation();
		return this.#cancellation;
	}

	/** Whether the answer is for a stream: then the body of the response may still be on its way, and be larger than memory. */
	get isStream(): boolean {
		return this.stream !== undefined;
	}

	/** Whether its body is what the caller writes into the stream. */
	get hasStreamedBody(): boolean {
		return this.stream?.upload !== undefined;
	}

	/** The URL as it was given, when nothing else about the request was given or has been looked at; otherwise `undefined`. */
	get plainUrl(): string | undefined {
		const isPlain = this.#options === undefined && !this.#acceptsJson;
		return isPlain && typeof this.#input === 'string' ? this.#input : undefined;
	}

	/** The options that decide how a response is presented: those of this request, or the session's where it has none of its own. */
	get presentation(): Options {
		return this.#options ?? this.#defaults;
	}

	/** Says, as got's `.json()` does, that the caller would like JSON. Without effect once the request is on its way. */
	preferJson(): void {
		if (this.started) {
			return;
		}
		this.#acceptsJson = true;
		if (this.#options) {
			acceptJson(this.#options);
		}
	}

	/** A copy with options of its own, changed by `change`. */
	derive(change: (options: Options) => void, settings: RequestSettings = this.settings): SessionRequest {
		const copy = new SessionRequest(this.#input, undefined, settings, this.#defaults);
		copy.stream = this.stream;
		copy.events = this.events;
		copy.sharedSignal = this.sharedSignal;
		copy.upstream = this.upstream;
		copy.#cancellation = this.cancellation;
		// With the URL, of which it would else have the same object.
		copy.#options = new Options(this.options.url, undefined, this.options);
		copy.started = true;
		change(copy.#options);
		return copy;
	}
}

/** Whether a stream with these options is written to: no option gives the body, and the method has one. */
export function expectsUpload({method, allowGetBody, body, json, form}: Options): boolean {
	const mayHaveBody = method === 'GET' ? allowGetBody : method !== 'HEAD';
	return mayHaveBody && body === undefined && json === undefined && form === undefined;
}

function makeOptions(input: string | URL, init: ExtendOptions | undefined, defaults: Options): Options {
	try {
		const options = new Options(input, init, defaults);
		detachBody(options);
		return options;
	} catch (error) {
		const cause = error as Error & {options?: Options};
		throw new RequestError(cause.message, cause, cause.options ?? defaults);
	}
}

/** Makes a body that is an object independent of its owner: got puts it into words within the call, a session does so later. One with a `stringifyJson` of its own, which may know more than JSON does, stays as it is. */
function detachBody(options: Options): void {
	const {json, form, stringifyJson} = options;
	const body: unknown = options.body;
	if (body instanceof FormData) {
		// got's own types have it from 15 on.
		options.body = copyFormData(body) as unknown as string;
	}
	if (json !== undefined && stringifyJson === JSON.stringify) {
		options.json = JSON.parse(JSON.stringify(json) ?? 'null');
	}
	if (form !== undefined) {
		options.form = {...form};
	}
}

function acceptJson({headers}: Options): void {
	if (!('accept' in headers)) {
		headers['accept'] = 'application/json';
	}
}
