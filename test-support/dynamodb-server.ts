import {once} from 'node:events';
import {createServer, type IncomingMessage, request, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import process from 'node:process';
import dynalite from 'dynalite';

// The AWS SDK has a word to say about Node 20.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** A request to DynamoDB, or an answer of it. */
export type DynamoDBMessage = Readonly<Record<string, unknown>>;

/** What is answered in place of DynamoDB. */
export interface DynamoDBReply {
	/** @default 200 */
	readonly status?: number;
	readonly body: DynamoDBMessage;
}

/**
 * Stands between the client and DynamoDB. Gives the answer, or nothing to let DynamoDB answer; `forward` asks DynamoDB, with that request or another.
 * One that throws cuts the connection.
 */
export type DynamoDBInterceptor = (
	operation: string,
	input: DynamoDBMessage,
	forward: (input?: DynamoDBMessage) => Promise<Required<DynamoDBReply>>,
) => Promise<DynamoDBReply | undefined> | DynamoDBReply | undefined;

/** A running server that stands in for DynamoDB. */
export interface DynamoDBServer extends AsyncDisposable {
	/** Straight to it. */
	readonly endpoint: string;
	/** To it by way of the interceptor, which counts. */
	readonly watchedEndpoint: string;
	/** The operations that went the watched way, in order, as in `GetItem`. May be emptied with `length = 0`. */
	readonly operations: string[];
	/** From now on; nothing: no longer. */
	intercept(interceptor?: DynamoDBInterceptor): void;
	/** Stops, and cuts every connection. May be called more than once. */
	close(): Promise<void>;
}

/** What any client of it needs; nothing is checked. */
export const DYNAMODB_ACCESS = {
	region: 'eu-central-1',
	credentials: {accessKeyId: 'test', secretAccessKey: 'test'},
} as const;

/** An error as DynamoDB words it. */
export function dynamoDBError(type: string, message: string, status = 400): DynamoDBReply {
	return {status, body: {__type: `com.amazonaws.dynamodb.v20120810#${type}`, message}};
}

/** Starts dynalite on a free port of 127.0.0.1, and a proxy in front of it on another. Tables are ready at once, unless told otherwise. */
export async function startDynamoDB({createTableMs = 0} = {}): Promise<DynamoDBServer> {
	const database = await listen(dynalite({createTableMs}));
	const operations: string[] = [];
	let interceptor: DynamoDBInterceptor | undefined;
	const proxy = await listen(
		createServer((message, response) => {
			relay(message, response).catch(() => response.destroy());
		}),
	);

	async function relay(message: IncomingMessage, response: ServerResponse): Promise<void> {
		const text = (await collect(message)).toString();
		const operation = String(message.headers['x-amz-target']).split('.').at(-1)!;
		operations.push(operation);
		const input = JSON.parse(text) as DynamoDBMessage;
		const forward = (changed = input) => ask(database.url, message, JSON.stringify(changed));
		const {status = 200, body} = (await interceptor?.(operation, input, forward)) ?? (await forward());
		response.writeHead(status, {'content-type': 'application/x-amz-json-1.0'});
		response.end(JSON.stringify(body));
	}

	const close = async () => {
		await stop(proxy.server);
		await stop(database.server);
	};
	return {
		endpoint: database.url,
		watchedEndpoint: proxy.url,
		operations,
		intercept(next) {
			interceptor = next;
		},
		close,
		[Symbol.asyncDispose]: close,
	};
}

async function listen(server: Server): Promise<{server: Server; url: string}> {
	// A connection that the server closes as the next request comes would have that request counted twice.
	server.keepAliveTimeout = 0;
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	// A test that fails before it closes its server must not keep the whole run from ending.
	server.unref();
	server.on('connection', socket => socket.unref());
	return {server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`};
}

async function stop(server: Server): Promise<void> {
	if (server.listening) {
		const closed = once(server, 'close');
		server.close();
		server.closeAllConnections();
		await closed;
	}
}

async function ask(url: string, {headers}: IncomingMessage, body: string): Promise<Required<DynamoDBReply>> {
	const {'content-length': _length, host: _host, ...others} = headers;
	const message = request(url, {method: 'POST', headers: {...others, connection: 'close'}});
	message.end(body);
	const [answer] = (await once(message, 'response')) as [IncomingMessage];
	const text = (await collect(answer)).toString();
	return {status: answer.statusCode ?? 500, body: JSON.parse(text) as DynamoDBMessage};
}

async function collect(message: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of message) {
		chunks.push(chunk as Buffer);
	}
	return Buffer.concat(chunks);
}
