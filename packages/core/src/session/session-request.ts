import {type ExtendOptions, Options, type OptionsInit} from 'got';
import type {RequestSettings} from '../policy/settings.js';

/** The options of one request: got's, without those that a session decides for itself, and the cache's. */
export type RequestOptions = Omit<OptionsInit, 'url' | 'cache' | 'isStream' | 'cacheOptions'> & RequestSettings;

const NO_SETTINGS: RequestSettings = Object.freeze({});

/** A request on its way through a session's interceptors. */
export class SessionRequest {
	/** The settings of the cache that were given with this request. */
	readonly settings: RequestSettings;
	/** `true` from the moment when the first interceptor was called. */
	started = false;

	readonly #input: string | URL;
	readonly #init: ExtendOptions | undefined;
	readonly #defaults: Options;
	#acceptsJson = false;
	#options: Options | undefined;

	constructor(
		input: string | URL,
		init: ExtendOptions | undefined,
		settings: RequestSettings | undefined,
		defaults: Options,
	) {
		this.#input = input;
		this.#init = init;
		this.settings = settings ?? NO_SETTINGS;
		this.#defaults = defaults;
	}

	/**
	 * got's own normalised options, which are sent. An interceptor may change them.
	 * They are made on first use: a hit that needs none of them is served without.
	 * @throws what got throws for options that it does not accept
	 */
	get options(): Options {
		if (this.#options === undefined) {
			this.#options = new Options(this.#input, this.#init, this.#defaults);
			if (this.#acceptsJson && this.#options.headers['accept'] === undefined) {
				this.#options.headers['accept'] = 'application/json';
			}
		}
		return this.#options;
	}

	/** The URL as it was given, when nothing else about the request was given or has been looked at; otherwise `undefined`. */
	get plainUrl(): string | undefined {
		const isPlain = this.#options === undefined && this.#init === undefined && !this.#acceptsJson;
		return isPlain && typeof this.#input === 'string' ? this.#input : undefined;
	}

	/** The options that decide how a response is presented: those of this request, or the session's where it has none of its own. */
	get presentation(): Options {
		return this.#options ?? (this.#init === undefined ? this.#defaults : this.options);
	}

	/** Says, as got's `.json()` does, that the caller would like JSON. Without effect once the request is on its way. */
	preferJson(): void {
		if (!this.started) {
			this.#acceptsJson = true;
		}
	}

	/** A copy with options of its own, changed by `change`. */
	derive(change: (options: Options) => void, settings: RequestSettings = this.settings): SessionRequest {
		const copy = new SessionRequest(this.#input, this.#init, settings, this.#defaults);
		copy.#options = new Options(undefined, undefined, this.options);
		copy.started = true;
		change(copy.#options);
		return copy;
	}
}
