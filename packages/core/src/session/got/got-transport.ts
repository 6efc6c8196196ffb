import {
	AbortError,
	type Got,
	type Request as GotStream,
	HTTPError,
	type Options,
	ParseError,
	type PlainResponse,
	type RequestError,
	type Response,
} from 'got';
import {BytesBody} from '../../storage/bytes-body.js';
import type {SessionRequest} from '../session-request.js';
import type {SessionResponse} from '../session-response.js';
import {LiveBody} from '../streams/live-body.js';
import type {StreamCall} from '../streams/stream-call.js';
import {OptionsLoan} from '../to-got/options-loan.js';
import {abortError} from './abort-error.js';
import {GOT_MAJOR} from './got-version.js';
import {TransmissionRecord} from './transmission-record.js';

/**
 * Sends a request with got, and gives back whatever response there is: for an `HTTPError` or a `ParseError`, the response that it is about, with the error beside it.
 * In a stream call the body is still on its way then.
 * @throws got's other errors: those without a response
 */
export function sendWithGot(got: Got, request: SessionRequest): Promise<SessionResponse> {
	return request.stream ? streamWithGot(got, request, request.stream) : fetchWithGot(got, request);
}

async function fetchWithGot(got: Got, request: SessionRequest): Promise<SessionResponse> {
	const record = new TransmissionRecord();
	const loan = new OptionsLoan(request, record);
	try {
		const promise = loan.send(got) as GotPromise;
		if (GOT_MAJOR === 14) {
			request.cancellation.onCancel(() => promise.cancel?.());
		}
		promise.on('redirect', (next, response) => record.addHop(next as Options, response as PlainResponse));
		for (const event of forwarded) {
			promise.on(event, (...args) => request.events?.emit(event, ...args));
		}
		const response = await promise;
		if (typeof response?.statusCode !== 'number' || response.rawBody === undefined) {
			throw new TypeError('A handler of the got instance returned something other than a got response');
		}
		loan.giveBack(response.request?.options);
		return record.describe(response, new BytesBody(response.rawBody), undefined);
	} catch (error) {
		loan.giveBack((error as Partial<RequestError> | undefined)?.options);
		return describeFailed(error, record);
	}
}

/** What happens on the network, for the listeners of a promise: the response they get from the session. */
const forwarded = ['request', 'redirect', 'uploadProgress', 'downloadProgress'] as const;

interface GotPromise extends Promise<Response> {
	readonly cancel?: () => void;
	on(event: string, listener: (...args: unknown[]) => void): unknown;
}

/** The response that an error is about. @throws the error, where it is about none */
function describeFailed(error: unknown, record: TransmissionRecord): SessionResponse {
	if ((error instanceof HTTPError || error instanceof ParseError) && error.response?.rawBody !== undefined) {
		return record.describe(error.response, new BytesBody(error.response.rawBody), error);
	}
	throw error;
}

function streamWithGot(got: Got, request: SessionRequest, call: StreamCall): Promise<SessionResponse> {
	return new Promise((resolve, reject) => {
		if (call.signal.aborted) {
			throw abortError(call.signal, request.options);
		}
		call.checkUpload();
		const record = new TransmissionRecord();
		const loan = new OptionsLoan(request, record);
		const source = loan.send(got) as GotStream;
		if (typeof source?.pipe !== 'function' || typeof source.flush !== 'function') {
			throw new TypeError(
				'A handler of the got instance returned something other than a stream for a streamed request',
			);
		}
		source.on('redirect', (next: unknown, response: unknown) =>
			record.addHop(next as Options, response as PlainResponse),
		);
		source.once('response', (response: PlainResponse) => {
			loan.giveBack(source.options);
			resolve(record.describe(response, new LiveBody(source), undefined));
		});
		// Kept to the end: an error after the response is for whoever reads the body, and must not be one of nobody's.
		source.on('error', error => {
			loan.giveBack(source.options);
			try {
				resolve(describeFailed(error, record));
			} catch {
				reject(error);
			}
		});
		source.once('close', () => {
			loan.giveBack(source.options);
			reject(new AbortError(source));
		});
		call.attach(source, request.events, (_count: number, error: RequestError) => reject(error));
	});
}
