import {Duplex, type DuplexOptions} from 'node:stream';
import type {Request as GotStream, Options, Progress} from 'got';
import type {CachedResponse} from '../cached-response.js';
import {PipedResponses} from './piped-responses.js';
import type {StreamEvents} from './stream-events.js';

/** A duplex stream with got's events, that tells what got's stream does, and knows the server responses which it is piped to. */
export abstract class GotLikeDuplex extends Duplex {
	/** The head of the response, from the event `response` on. */
	response: CachedResponse | undefined = undefined;

	/** @internal */
	protected readonly pipedResponses = new PipedResponses();

	/** got's stream, where there is one. @internal */
	protected abstract get upstream(): GotStream | undefined;

	/** got's own normalised options; `undefined` where those that were given cannot be used. */
	abstract get options(): Options | undefined;

	/** @internal */
	constructor(options: DuplexOptions) {
		super(options);
		this.once('close', () => this.isAborted && this.pipedResponses.close());
	}

	/** The URL that was asked for. */
	get requestUrl(): URL | undefined {
		return this.response?.requestUrl ?? (this.options && new URL(this.options.url as URL));
	}

	/** The URLs that were redirected to so far. */
	get redirectUrls(): URL[] {
		return this.response?.redirectUrls ?? this.upstream?.redirectUrls ?? [];
	}

	/** Whether an option gives the body, so that nothing can be written. */
	get isReadonly(): boolean {
		const {body, json, form} = this.options ?? {};
		return body !== undefined || json !== undefined || form !== undefined;
	}

	/** Whether the body comes from the cache; `undefined` before there is a response. */
	get isFromCache(): boolean | undefined {
		return this.response?.isFromCache;
	}

	/** Whether it was destroyed before its end. */
	get isAborted(): boolean {
		return this.destroyed && !this.readableEnded;
	}

	/** How much of the body of the request has been sent. */
	get uploadProgress(): Progress {
		return this.upstream?.uploadProgress ?? {percent: 0, transferred: 0};
	}

	/** What happened when on the network; `undefined` where nothing did. */
	get timings(): GotStream['timings'] {
		return this.upstream?.timings;
	}

	/** The address of the server; `undefined` where none was asked. */
	get ip(): string | undefined {
		return this.upstream?.ip;
	}

	/** The connection to the server; `undefined` where there is none. */
	get socket(): GotStream['socket'] {
		return this.upstream?.socket;
	}

	/** Whether that connection was used before. */
	get reusedSocket(): boolean | undefined {
		return this.upstream?.reusedSocket;
	}

	override on<E extends keyof StreamEvents>(event: E, listener: (...args: StreamEvents[E]) => void): this;
	override on(event: string | symbol, listener: (...args: never[]) => void): this;
	override on(event: string | symbol, listener: (...args: never[]) => void): this {
		return super.on(event, listener as (...args: unknown[]) => void);
	}

	override once<E extends keyof StreamEvents>(event: E, listener: (...args: StreamEvents[E]) => void): this;
	override once(event: string | symbol, listener: (...args: never[]) => void): this;
	override once(event: string | symbol, listener: (...args: never[]) => void): this {
		return super.once(event, listener as (...args: unknown[]) => void);
	}

	override off<E extends keyof StreamEvents>(event: E, listener: (...args: StreamEvents[E]) => void): this;
	override off(event: string | symbol, listener: (...args: never[]) => void): this;
	override off(event: string | symbol, listener: (...args: never[]) => void): this {
		return super.off(event, listener as (...args: unknown[]) => void);
	}

	/** As every stream's; to a `ServerResponse` the head of the response goes as well, as with got. */
	override pipe<T extends NodeJS.WritableStream>(destination: T, options?: {end?: boolean | undefined}): T {
		this.pipedResponses.add(destination);
		return super.pipe(destination, options);
	}

	override unpipe(destination?: NodeJS.WritableStream): this {
		this.pipedResponses.remove(destination);
		return super.unpipe(destination);
	}
}
