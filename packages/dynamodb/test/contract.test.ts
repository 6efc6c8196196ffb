import {type BackendContract, describeBackendContract} from '@got-client-cache/contract';
import {afterAll, describe, it} from '@jest/globals';
import {DYNAMODB_ACCESS, startDynamoDB} from '../../../test-support/dynamodb-server.js';
import {DynamoDBBackend} from '../src/dynamodb-backend.js';
import {RawTable} from './raw-table.js';

const server = await startDynamoDB();
const {endpoint} = server;
const raw = new RawTable(endpoint, 'contract');
await openBackend('contract').createTable();

afterAll(async () => {
	raw.client.destroy();
	await server.close();
});

/** All in one table: a place is a namespace. */
function openBackend(place: string, grace?: number): DynamoDBBackend {
	return new DynamoDBBackend('contract', {...DYNAMODB_ACCESS, endpoint, namespace: place, grace});
}

const damage: BackendContract['damage'] = async (place, key, what) => {
	if (what === 'body') {
		return raw.cutBody(key, place);
	}
	const item = await raw.record(key, place);
	const metadata = String(item['metadata']);
	const broken = what === 'format' ? metadata.replace('"format":1', '"format":999') : metadata.slice(0, -5);
	await raw.put({...item, metadata: broken});
};

describeBackendContract(
	'DynamoDBBackend',
	{
		createBackend: place => openBackend(place, 0),
		async removePlace(place) {
			const backend = openBackend(place);
			await backend.clear();
			await backend.close();
		},
		// More than a batch; for more than a page see listing.test.ts.
		bulkCount: 300,
		// A time to live is in whole seconds.
		nativeExpiry: 1000,
		damage,
		processModule: new URL(
			`fixtures/open-place.mjs?${new URLSearchParams({endpoint, table: 'contract'})}`,
			import.meta.url,
		),
	},
	{describe, it},
);
