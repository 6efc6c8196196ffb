import {once} from 'node:events';
import {createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';

/** A request as the origin got it. */
export interface RecordedRequest {
	readonly method: string;
	/** Path and query, as in the request line. */
	readonly url: string;
	/** Names in lower case, as node:http gives them. */
	readonly headers: IncomingMessage['headers'];
	readonly body: Buffer;
}

/** What the origin answers with. A plain object or an array as `body` is sent as JSON. */
export interface OriginReply {
	/** @default 200 */
	readonly status?: number;
	/** An array as value gives several field lines. */
	readonly headers?: OutgoingHttpHeaders;
	/** @default '' */
	readonly body?: string | Uint8Array | object;
	/** Milliseconds before the answer begins. @default 0 */
	readonly delay?: number;
}

/** Gives the reply, or writes to `response` itself and gives nothing. A string is the body of a 200. */
export type OriginHandler = (
	request: RecordedRequest,
	response: ServerResponse,
) => OriginReply | string | undefined | Promise<OriginReply | string | undefined>;

/** A running origin. */
export interface Origin extends AsyncDisposable {
	/** Without a slash at its end. */
	readonly url: string;
	/** All requests so far, in the order in which their bodies ended. May be emptied with `length = 0`. */
	readonly requests: RecordedRequest[];
	/** Answers requests for a path (without query) from now on, in place of what answered them before. */
	route(path: string, answer: OriginHandler | OriginReply | string): void;
	/** Answers all requests that have no route from now on. */
	fallback(answer: OriginHandler | OriginReply | string): void;
	/** Stops, and cuts every connection. May be called more than once. */
	close(): Promise<void>;
}

/**
 * Starts an HTTP origin on a free port of 127.0.0.1.
 * Without an answer it says `response <n>`, n counting its requests, so that two answers can be told apart.
 */
export async function startOrigin(answer?: OriginHandler | OriginReply | string): Promise<Origin> {
	const requests: RecordedRequest[] = [];
	const routes = new Map<string, OriginHandler>();
	let fallback = answer === undefined ? () => `response ${requests.length}` : toHandler(answer);

	const server = createServer((message, response) => {
		receive(message)
			.then(async request => {
				requests.push(request);
				const handler = routes.get(request.url.split('?', 1)[0]!) ?? fallback;
				await send(response, await handler(request, response));
			})
			// A handler that throws is a fault of the test: the client sees its connection break.
			.catch(() => response.destroy());
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	// A test that fails before it closes its origin must not keep the whole run from ending.
	server.unref();
	server.on('connection', socket => socket.unref());
	const {port} = server.address() as AddressInfo;

	const close = async () => {
		if (server.listening) {
			const closed = once(server, 'close');
			server.close();
			server.closeAllConnections();
			await closed;
		}
	};
	return {
		url: `http://127.0.0.1:${port}`,
		requests,
		route(path, answer) {
			routes.set(path, toHandler(answer));
		},
		fallback(answer) {
			fallback = toHandler(answer);
		},
		close,
		[Symbol.asyncDispose]: close,
	};
}

function toHandler(answer: OriginHandler | OriginReply | string): OriginHandler {
	return typeof answer === 'function' ? answer : () => answer;
}

async function receive(message: IncomingMessage): Promise<RecordedRequest> {
	const chunks: Buffer[] = [];
	for await (const chunk of message) {
		chunks.push(chunk as Buffer);
	}
	return {
		method: message.method ?? '',
		url: message.url ?? '',
		headers: message.headers,
		body: Buffer.concat(chunks),
	};
}

async function send(response: ServerResponse, reply: OriginReply | string | undefined): Promise<void> {
	if (reply === undefined) {
		return;
	}
	const {status = 200, headers = {}, body = '', delay = 0} = typeof reply === 'string' ? {body: reply} : reply;
	if (delay > 0) {
		await sleep(delay);
	}
	const isText = typeof body === 'string';
	const isJson = !isText && !(body instanceof Uint8Array);
	response.writeHead(status, {'content-type': isJson ? 'application/json' : 'text/plain', ...headers});
	response.end(isJson ? JSON.stringify(body) : body);
}
