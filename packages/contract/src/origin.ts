import {once} from 'node:events';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';

/** What an origin answers. */
export interface Answer {
	/** @default 200 */
	readonly status?: number;
	readonly headers?: Readonly<Record<string, string>>;
	/** @default none */
	readonly body?: string | Uint8Array;
	/** Breaks off before the body has ended. @default false */
	readonly isCutShort?: boolean;
}

/** A server of the test's own on 127.0.0.1. */
export interface Origin {
	readonly url: string;
	/** What has reached it: method and path, in order. */
	readonly requests: readonly string[];
	close(): Promise<void>;
}

/** Starts an origin on a free port. @param answer told the request, and its number for that path, from 1 */
export async function startOrigin(answer: (request: IncomingMessage, count: number) => Answer): Promise<Origin> {
	const requests: string[] = [];
	const server = createServer((request, response) => {
		const asked = `${request.method} ${request.url}`;
		requests.push(asked);
		send(response, answer(request, requests.filter(earlier => earlier === asked).length), request.method === 'HEAD');
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const {port} = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		requests,
		async close() {
			const closed = once(server, 'close');
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
}

function send(response: ServerResponse, {status = 200, headers = {}, body = '', isCutShort}: Answer, isHead: boolean) {
	const bytes = Buffer.from(body);
	const length = status === 304 ? {} : {'content-length': String(bytes.byteLength)};
	response.writeHead(status, {...length, ...headers});
	if (!isCutShort) {
		response.end(isHead ? undefined : bytes);
		return;
	}
	response.write(bytes.subarray(0, bytes.byteLength / 2), () => response.destroy());
}
