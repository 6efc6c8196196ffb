import {parseBody, type Response} from 'got';
import type {SessionRequest} from './session-request.js';

/** What a session's request methods return: a promise with got's shortcuts. */
export class ResponsePromise<T> extends Promise<T> {
	readonly #request: SessionRequest;
	#response: Response | undefined;

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
	buffer(): Promise<Buffer> {
		return this.#parse('buffer') as Promise<Buffer>;
	}

	async #parse(responseType: 'json' | 'text' | 'buffer'): Promise<unknown> {
		await this;
		const {parseJson, encoding} = this.#request.presentation;
		return parseBody(this.#response!, responseType, parseJson, encoding);
	}
}
