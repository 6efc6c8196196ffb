import {EventEmitter} from 'node:events';
import {parseBody, type Response} from 'got';
import {type Cancel, cancelError} from './got/cancellation.js';
import {GOT_MAJOR} from './got/got-version.js';
import type {RequestEvents} from './request-events.js';
import type {GotBytes} from './request-types.js';
import type {SessionRequest} from './session-request.js';

/** What a session's request methods return: a promise with got's shortcuts. */
export class ResponsePromise<T> extends Promise<T> {
	/** Of got 14 alone: ends the request, so that the promise rejects with got's `CancelError`. Without effect once it is settled. From got 15 on, use `signal`. */
	declare readonly cancel: Cancel;

	readonly #request: SessionRequest;
	#response: Response | undefined;
	#refuse: ((error: unknown) => void) | undefined;

	/** @internal */
	constructor(executor: ConstructorParameters<typeof Promise<T>>[0], request: SessionRequest) {
		super(executor);
		this.#request = request;
	}

	// `then`, `catch` and `finally` give plain promises: what they resolve to is no longer the response.
	static override get [Symbol.species](): PromiseConstructor {
		return Promise;
	}

	/** The response that the shortcuts read, whatever the promise itself resolves to. @internal */
	set response(response: Response) {
		this.#response = response;
	}

	/** What rejects the promise, while it is pending. @internal */
	set refuse(refuse: ((error: unknown) => void) | undefined) {
		this.#refuse = refuse;
	}

	static {
		if (GOT_MAJOR === 14) {
			const cancel = function (this: ResponsePromise<unknown>) {
				if (this.#refuse) {
					this.#refuse(cancelError(this.#request.presentation));
					this.#request.cancellation.cancel();
				}
			};
			Object.defineProperty(ResponsePromise.prototype, 'cancel', {value: cancel, configurable: true, writable: true});
		}
	}

	/**
	 * Calls `listener` whenever the event happens, as got's promise does. On a hit there is `response`, and one `downloadProgress`: nothing else happens on the network.
	 * @returns the promise itself
	 */
	on<E extends keyof RequestEvents>(event: E, listener: (...args: RequestEvents[E]) => void): this {
		this.#emitter.on(event, listener as (...args: unknown[]) => void);
		return this;
	}

	/** {@link on}, for the next time only. @returns the promise itself */
	once<E extends keyof RequestEvents>(event: E, listener: (...args: RequestEvents[E]) => void): this {
		this.#emitter.once(event, listener as (...args: unknown[]) => void);
		return this;
	}

	/** Takes a listener away. @returns the promise itself */
	off<E extends keyof RequestEvents>(event: E, listener: (...args: RequestEvents[E]) => void): this {
		this.#emitter.off(event, listener as (...args: unknown[]) => void);
		return this;
	}

	/** The body parsed as JSON with `parseJson`. Sets `accept: application/json` unless there is an `accept` header. @throws got's `ParseError` */
	json<J = unknown>(): Promise<J> {
		this.#request.preferJson();
		return this.#parse('json') as Promise<J>;
	}

	/** The body as text. */
	text(): Promise<string> {
		return this.#parse('text') as Promise<string>;
	}

	/** The body as bytes. */
	buffer(): Promise<GotBytes> {
		return this.#parse('buffer') as Promise<GotBytes>;
	}

	get #emitter(): EventEmitter {
		this.#request.events ??= new EventEmitter();
		return this.#request.events;
	}

	async #parse(responseType: 'json' | 'text' | 'buffer'): Promise<unknown> {
		await this;
		const {parseJson, encoding} = this.#request.presentation;
		return parseBody(this.#response!, responseType, parseJson, encoding);
	}
}
