import {once} from 'node:events';
import {DynamoDBClient, GetItemCommand, PutItemCommand} from '@aws-sdk/client-dynamodb';
import {DynamoDBBackend} from '@got-client-cache/dynamodb';
import dynalite from 'dynalite';

const ITEM_LIMIT = 400 * 1024;

/** DynamoDB as dynalite plays it in this process, beside one `GetItem` and `PutItem` of the bare client, which take no more than 400 KB. */
export async function openDynamoDBPlace() {
	const server = dynalite({createTableMs: 0, deleteTableMs: 0, updateTableMs: 0});
	// While others are measured its connections are idle; cut off all at once they would use up the client's quota of retries.
	server.keepAliveTimeout = 0;
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const endpoint = `http://127.0.0.1:${server.address().port}`;
	const credentials = {accessKeyId: 'bench', secretAccessKey: 'bench'};
	const client = new DynamoDBClient({region: 'local', endpoint, credentials});
	const requests = countRequests(client);
	const backend = new DynamoDBBackend('bench', {client});
	await backend.createTable();
	const keyOf = key => ({pk: {S: `plain.${key}`}, sk: {S: 'plain'}});
	return {
		name: 'DynamoDB (dynalite)',
		cache: backend.responses,
		requests,
		baseline: {
			name: '@aws-sdk, GetItem; PutItem',
			largest: ITEM_LIMIT - 10_000,
			read: async key =>
				(await client.send(new GetItemCommand({TableName: 'bench', Key: keyOf(key), ConsistentRead: true}))).Item?.body
					.B.length,
			write: (key, metadata, body) =>
				client.send(
					new PutItemCommand({
						TableName: 'bench',
						Item: {...keyOf(key), metadata: {S: JSON.stringify(metadata)}, body: {B: body}},
					}),
				),
		},
		targets: {},
		async close() {
			await backend.close();
			client.destroy();
			server.close();
		},
	};
}

/** @returns a function that gives the number of requests sent so far */
function countRequests(client) {
	let requests = 0;
	client.middlewareStack.add(
		next => args => {
			requests++;
			return next(args);
		},
		{step: 'finalizeRequest', name: 'count'},
	);
	return () => requests;
}
