// A DynamoDB table that several programs share, see docs/backends/dynamodb.md. A server in this process stands in for DynamoDB.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import process from 'node:process';
import dynalite from 'dynalite';
import {CachedSession} from 'got-client-cache';
import {startOrigin} from './origin.mjs';

// The AWS SDK would have a word to say about Node 20.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const {DynamoDBBackend} = await import('@got-client-cache/dynamodb');

const origin = await startOrigin();
const server = dynalite({createTableMs: 0}).listen(0, '127.0.0.1');
await once(server, 'listening');

const options = {
	endpoint: `http://127.0.0.1:${server.address().port}`,
	region: 'eu-central-1',
	credentials: {accessKeyId: 'anything', secretAccessKey: 'anything'},
};

/** A new session on the same table each time, as another function would have it. */
function openSession(namespace = 'team-a') {
	return new CachedSession({cache: new DynamoDBBackend('http-cache', {...options, namespace}), expireAfter: '1h'});
}

try {
	// Without the table, requests go to the network, and the session says why.
	const early = openSession();
	const faults = [];
	early.on('error', error => faults.push(error.message));
	await early.get(`${origin.url}/a`);
	assert.match(faults[0], /createTable/);
	await early.close();

	// Once, when things are set up.
	const backend = new DynamoDBBackend('http-cache', options);
	assert.equal((await backend.createTable()).created, true);
	assert.equal((await backend.createTable()).created, false, 'a second time does no harm');
	await backend.close();

	const first = openSession();
	const fetched = await first.get(`${origin.url}/a`).json();
	await first.close();
	const requests = origin.requests;

	const second = openSession();
	assert.deepEqual(await second.get(`${origin.url}/a`).json(), fetched);
	assert.equal(origin.requests, requests, 'the second session finds what the first one stored');
	await second.cache.deleteUrl(`${origin.url}/a`);
	assert.equal(await second.cache.hasUrl(`${origin.url}/a`), false);

	// A large body goes over several items.
	const large = 'x'.repeat(1000) + Array.from({length: 300_000}, () => Math.random()).join();
	await second.cache.save(`${origin.url}/large`, {body: large});
	assert.equal(await second.get(`${origin.url}/large`).text(), large);
	await second.close();

	// Another namespace of the same table is another cache.
	const other = openSession('team-b');
	assert.equal(await other.cache.size(), 0);
	await other.close();
	console.log('two sessions on one table, one request for both');
} finally {
	await origin.close();
	server.closeAllConnections();
	server.close();
}
