import type {EventEmitter} from 'node:events';
import {type Request as GotStream, type RequestError, UploadError} from 'got';

/** What got decided about a failed attempt of a stream that its caller is willing to try again. */
export interface StreamRetry {
	readonly count: number;
	readonly error: RequestError;
}

/** The writable side of a stream, as got needs it. */
export interface StreamUpload {
	/** Lets what is written go out with a request of got. */
	connect(source: GotStream): void;
}

const forwarded = [
	'request',
	'redirect',
	'uploadProgress',
	'socket',
	'connect',
	'continue',
	'information',
	'upgrade',
] as const;

/** What belongs to one stream of a caller for as long as it lives: the requests of got that were sent for it, and what has to go with it. */
export class StreamCall {
	/** How often the request was tried before. */
	readonly retryCount: number;
	/** Where the body is what the caller writes. */
	readonly upload: StreamUpload | undefined;
	/** The last request of got. */
	source: GotStream | undefined;
	/** Set when got wants to try again. */
	retry: StreamRetry | undefined;
	/** Asked when the caller gives up: whether the request goes on, because others wait for it. */
	onLeave: (() => boolean) | undefined;

	readonly #ends = new AbortController();
	readonly #sources = new Set<GotStream>();
	#hasLeft = false;
	#wantsRetry = false;
	#watchRetry: (() => void) | undefined;

	constructor(upload?: StreamUpload | undefined, retryCount = 0) {
		this.upload = upload;
		this.retryCount = retryCount;
	}

	/** Aborted at the end of the stream, however it came. */
	get signal(): AbortSignal {
		return this.#ends.signal;
	}

	/** Whether the caller has given up, and the request goes on for others. */
	get isForOthers(): boolean {
		return this.#hasLeft && !this.#ends.signal.aborted;
	}

	/** @throws UploadError where what the caller wrote has gone out already with an earlier request */
	checkUpload(): void {
		if (this.upload && this.source) {
			throw new UploadError(new Error('Cannot retry with consumed body stream'), this.source);
		}
	}

	/** Takes a request of got in charge. @param onRetry - told when got gives an attempt up to try again */
	attach(
		source: GotStream,
		events: EventEmitter | undefined,
		onRetry: (count: number, error: RequestError) => void,
	): void {
		this.source = source;
		this.#sources.add(source);
		source.once('close', () => this.#sources.delete(source));
		if (this.retryCount > 0) {
			source.retryCount = this.retryCount;
		}
		for (const event of forwarded) {
			source.on(event, (...args: unknown[]) => this.#hasLeft || events?.emit(event, ...args));
		}
		this.#watchRetry = () => {
			source.once('retry', (count: number, error: RequestError) => {
				this.retry = {count, error};
				onRetry(count, error);
			});
		};
		if (this.#wantsRetry) {
			this.#watchRetry();
		}
		this.upload?.connect(source);
	}

	/** Says that the caller can try again: without that, got does not. */
	wantRetry(): void {
		if (!this.#wantsRetry) {
			this.#wantsRetry = true;
			this.#watchRetry?.();
		}
	}

	/** The caller has given up, or has all: ends whatever is still under way, unless others wait for it. */
	leave(): void {
		if (this.#ends.signal.aborted || this.onLeave?.() !== true) {
			this.end();
		}
		this.#hasLeft = true;
	}

	/** The body has come to its end; what is still being uploaded goes on. */
	settle(): void {
		this.#ends.abort();
		for (const source of this.#sources) {
			if (source !== this.source || source.writableFinished) {
				source.destroy();
			}
		}
	}

	/** Ends whatever is still under way. May be called more than once. */
	end(): void {
		this.#ends.abort();
		for (const source of this.#sources) {
			source.destroy();
		}
	}
}
