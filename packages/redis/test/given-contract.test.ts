import {describeBackendContract} from '@got-client-cache/contract';
import {afterAll, describe, it} from '@jest/globals';
import {createClient} from 'redis';
import {startRedis} from '../../../test-support/redis-servers.js';
import {RedisBackend} from '../src/redis-backend.js';
import {damage} from './damage.js';

const server = await startRedis();
const client = await createClient({url: server.url, RESP: 2}).connect();
afterAll(async () => {
	client.destroy();
	await server.stop();
});

/** A client that speaks to its server as if that were of version 6, where PEXPIREAT took no conditions. */
const olderClient = {
	get isOpen() {
		return client.isOpen;
	},
	get isReady() {
		return client.isReady;
	},
	connect: () => client.connect(),
	on: () => undefined,
	off: () => undefined,
	sendCommand: (...parameters: Parameters<typeof client.sendCommand>) => client.sendCommand(...parameters),
	multi() {
		const transaction = client.multi();
		let isRefused = false;
		return {
			addCommand(command: string[]) {
				isRefused ||= command[0] === 'PEXPIREAT' && command.length > 3;
				transaction.addCommand(command);
			},
			async exec() {
				if (isRefused) {
					throw new Error("ERR wrong number of arguments for 'pexpireat' command");
				}
				return transaction.exec();
			},
		};
	},
};

describeBackendContract(
	'RedisBackend on a ready client with the older protocol, on a server of version 6',
	{
		createBackend: place => new RedisBackend(place, {client: olderClient, grace: 0}),
		damage: (place, key, what) => damage(server, place, key, what),
		nativeExpiry: 20,
	},
	{describe, it},
);
