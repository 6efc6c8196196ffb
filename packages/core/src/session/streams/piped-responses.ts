import {ServerResponse} from 'node:http';
import {constants, Http2ServerResponse} from 'node:http2';
import type {CachedResponse} from '../cached-response.js';
import {GOT_MAJOR} from '../got/got-version.js';

type PipedResponse = ServerResponse | Http2ServerResponse;

const hopByHop: ReadonlySet<string> = new Set([
	'connection',
	'keep-alive',
	'proxy-authenticate',
	'proxy-connection',
	'te',
	'trailer',
	'transfer-encoding',
	'upgrade',
]);
const ofCodedBody: ReadonlySet<string> = new Set(['content-encoding', 'content-length']);

/** The server responses that a stream is piped to, and hands the head of its response on to. */
export class PipedResponses {
	readonly #responses = new Set<PipedResponse>();

	/** The stream is piped to this from now on. */
	add(destination: unknown): void {
		if (isPipedResponse(destination)) {
			this.#responses.add(destination);
		}
	}

	/** The stream is not piped to this any more; without a destination: to none. */
	remove(destination?: unknown): void {
		if (destination === undefined) {
			this.#responses.clear();
		} else {
			this.#responses.delete(destination as PipedResponse);
		}
	}

	/** Hands the head of a response on. @param isDecoded - whether the fields that tell of a coding are no longer true */
	giveHead({headers, statusCode}: CachedResponse, isDecoded: boolean): void {
		const listed = new Set(headers.connection?.split(',').map(name => name.trim().toLowerCase()));
		const isLeftOut = (name: string) => hopByHop.has(name) || listed.has(name) || (isDecoded && ofCodedBody.has(name));
		for (const destination of this.#responses) {
			if (destination.headersSent) {
				continue;
			}
			for (const [name, value] of Object.entries(headers)) {
				if (value !== undefined && !isLeftOut(name)) {
					destination.setHeader(name, value);
				}
			}
			destination.statusCode = statusCode;
		}
	}

	/** As got from 16 on: breaks those off that nobody has ended, so that their clients neither wait for ever nor take what they have for the whole. */
	close(): void {
		if (GOT_MAJOR < 16) {
			return;
		}
		for (const destination of this.#responses) {
			if (destination.writableEnded) {
				continue;
			}
			if (destination instanceof Http2ServerResponse) {
				// Destroyed without an error it would count as complete.
				destination.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
			} else {
				destination.destroy();
			}
		}
		this.#responses.clear();
	}
}

function isPipedResponse(destination: unknown): destination is PipedResponse {
	return destination instanceof ServerResponse || (GOT_MAJOR >= 16 && destination instanceof Http2ServerResponse);
}
