import {errorMonitor} from 'node:events';
import process from 'node:process';
import type {Request as GotStream, HTTPError, Options, Progress} from 'got';
import type {CachedResponse} from '../cached-response.js';
import {abortError} from '../got/abort-error.js';
import {onAbort} from '../got/on-abort.js';
import {expectsUpload, type RequestOptions, type SessionRequest} from '../session-request.js';
import type {SessionResponse} from '../session-response.js';
import {DownloadCount} from './download-count.js';
import {drainForOthers} from './drain.js';
import {GotLikeDuplex} from './got-like-duplex.js';
import {piecesForCaller} from './opened-body.js';
import {presentHead} from './present-stream.js';
import {StreamCall} from './stream-call.js';
import type {StreamHost} from './stream-host.js';
import {StreamUpload} from './stream-upload.js';

/**
 * What `session.stream()` returns: got's duplex stream, through the session's interceptors and its cache.
 * What is read is the body of the response; what is written is that of the request, where its method has one and no option gives it.
 *
 * It fails with got's errors. Destroying it ends the transfer, and what was kept of the body so far is dropped.
 */
export class SessionStream extends GotLikeDuplex {
	readonly #host: StreamHost;
	readonly #request: SessionRequest | undefined;
	readonly #call: StreamCall;
	readonly #upload: StreamUpload | undefined;
	#chunks: AsyncIterator<Uint8Array> | undefined;
	readonly #download = new DownloadCount();
	#hasLeft = false;
	/** Whether it was asked for more than there is so far. */
	#isWanted = false;

	/** @internal */
	constructor(host: StreamHost, retryCount = 0) {
		// As got's: whoever reads to the end of an early answer may still be writing.
		super({autoDestroy: false});
		this.#host = host;
		try {
			const request = host.createRequest();
			this.#upload = expectsUpload(request.options) ? new StreamUpload() : undefined;
			host.enter();
			this.#request = request;
		} catch (error) {
			this.#hasLeft = true;
			process.nextTick(() => this.destroy(error as Error));
		}
		this.#call = new StreamCall(this.#upload, retryCount);
		if (this.#request) {
			this.#request.stream = this.#call;
			this.#request.events = this;
			process.nextTick(() => this.#run());
		}
		for (const event of ['end', 'finish'] as const) {
			this.once(event, () => this.#closeAtEnd());
		}
		// Where it was misused, it is of no use any more.
		this.once(errorMonitor, () => this.destroy());
		this.on('pipe', source => this.#upload?.notePipe(source));
		this.on('newListener', event => this.#checkListener(event));
		if (!this.#upload) {
			this.end();
		}
	}

	/** got's own normalised options; `undefined` where those that were given cannot be used. */
	get options(): Options | undefined {
		return this.#request?.options;
	}

	/** How much of the body has been received. */
	get downloadProgress(): Progress {
		return this.#download.progress;
	}

	/** How many attempts there were before this one. */
	get retryCount(): number {
		return this.#call.retryCount;
	}

	/** @internal */
	protected override get upstream(): GotStream | undefined {
		return this.#call.source;
	}

	/** @internal */
	override _read(): void {
		this.#isWanted = true;
		if (this.#chunks) {
			void this.#pull(this.#chunks);
		}
	}

	/** @internal */
	override _write(chunk: unknown, encoding: BufferEncoding, callback: () => void): void {
		this.#upload?.write(chunk, encoding, callback);
	}

	/** @internal */
	override _final(callback: () => void): void {
		this.#upload ? this.#upload.end(callback) : callback();
	}

	/** @internal */
	override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
		this.#call.leave();
		this.#leave();
		if (this.#call.isForOthers) {
			this.#chunks && void drainForOthers(this.#chunks, this.#call);
		} else {
			// One that is just being read ends with what it reads from.
			this.#chunks?.return?.().catch(() => undefined);
		}
		callback(error);
	}

	async #run(): Promise<void> {
		const request = this.#request!;
		try {
			if (this.destroyed) {
				return;
			}
			this.#obey(request.options.signal);
			request.started = true;
			const response = await this.#host.dispatch(request);
			this.#upload?.discard();
			this.#open(await presentHead(response, request), response);
		} catch (error) {
			this.#fail(error);
		}
	}

	#obey(signal: AbortSignal | undefined): void {
		if (signal?.aborted) {
			throw abortError(signal, this.#request!.options);
		}
		signal && onAbort(signal, () => this.destroy(abortError(signal, this.#request!.options)), this.#call.signal);
	}

	#open(head: CachedResponse, {body, transmission}: SessionResponse): void {
		this.destroyed || this.#announce(head);
		if (this.destroyed) {
			this.#call.isForOthers && void drainForOthers(piecesForCaller(body)[Symbol.asyncIterator](), this.#call);
			return;
		}
		// With what its listeners have changed, and have piped it to.
		this.pipedResponses.giveHead(head, transmission?.decoded ?? false);
		this.#chunks = piecesForCaller(body)[Symbol.asyncIterator]();
		if (this.#isWanted) {
			void this.#pull(this.#chunks);
		} else {
			// What is small is fetched, and kept, although nobody may ever read it.
			this.read(0);
		}
	}

	#announce(head: CachedResponse): void {
		this.response = head;
		this.#download.expect(head.headers['content-length']);
		this.emit('downloadProgress', this.downloadProgress);
		this.emit('response', head);
	}

	async #pull(chunks: AsyncIterator<Uint8Array>): Promise<void> {
		try {
			let next = await chunks.next();
			while (!next.done && next.value.byteLength === 0 && !this.destroyed) {
				next = await chunks.next();
			}
			if (this.destroyed) {
				return;
			}
			if (next.done) {
				this.#end();
			} else {
				this.#give(next.value);
			}
		} catch (error) {
			this.#fail(error);
		}
	}

	#give(piece: Uint8Array): void {
		this.#download.add(piece.byteLength);
		const progress = this.downloadProgress;
		if (progress.percent < 1) {
			this.emit('downloadProgress', progress);
		}
		this.push(piece);
	}

	#end(): void {
		this.#download.finish();
		this.emit('downloadProgress', this.downloadProgress);
		this.#call.settle();
		this.#leave();
		this.push(null);
	}

	#closeAtEnd(): void {
		if (this.readableEnded && this.writableFinished) {
			this.destroy();
		}
	}

	#fail(error: unknown): void {
		const {retry} = this.#call;
		// What an interceptor's failure leaves behind is read by nobody, so that nobody must wait for it.
		this.#call.end();
		this.response ??= (error as Partial<HTTPError> | undefined)?.response as CachedResponse | undefined;
		if (this.destroyed || !retry || this.listenerCount('retry') === 0) {
			this.destroy(error as Error);
			return;
		}
		const createRetryStream = (options?: RequestOptions) => this.#host.tryAgain(this.#request!, options, retry.count);
		// It still counts as running up to then, so that the session does not close between two attempts.
		this.#hasLeft = true;
		// The next attempt may be piped to the same.
		this.pipedResponses.remove();
		this.destroy();
		try {
			this.emit('retry', retry.count, retry.error, createRetryStream);
		} finally {
			this.#host.leave();
		}
	}

	#checkListener(event: string | symbol): void {
		if (event !== 'retry') {
			return;
		}
		if (this.listenerCount('retry') > 0) {
			throw new Error('A retry listener has been attached already.');
		}
		this.#call.wantRetry();
	}

	#leave(): void {
		if (!this.#hasLeft) {
			this.#hasLeft = true;
			this.#host.leave();
		}
	}
}
