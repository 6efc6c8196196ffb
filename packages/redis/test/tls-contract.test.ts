import {describeBackendContract} from '@got-client-cache/contract';
import {afterAll, describe, expect, it} from '@jest/globals';
import {startRedis} from '../../../test-support/redis-servers.js';
import {RedisBackend} from '../src/redis-backend.js';
import {damage} from './damage.js';
import {userLine} from './least-rights.js';

const server = await startRedis({tls: true, config: [userLine('cache', 'p%40ss', 'contract-')]});
afterAll(() => server.stop());

const url = server.url.replace('//', `//cache:${encodeURIComponent('p%40ss')}@`);
const clientOptions = {socket: {tls: true, ca: server.ca!}} as const;

describeBackendContract(
	'RedisBackend over TLS, as a user with no more rights than documented',
	{
		createBackend: place => new RedisBackend(place, {url, clientOptions, grace: 0}),
		damage: (place, key, what) => damage(server, place, key, what),
		nativeExpiry: 20,
	},
	{describe, it},
);

describe('RedisBackend over TLS', () => {
	it('rejects where the certificate is of an authority that is not known', async () => {
		const backend = new RedisBackend('contract-x', {url});
		await expect(backend.size()).rejects.toMatchObject({
			code: 'ERR_CACHE_FAULT',
			message: expect.stringMatching(/is not connected: .*(self.signed|unable to verify)/),
		});
		await backend.close();
	});

	it('rejects a wrong password, and a user without the right, and does not tell the password', async () => {
		const refused = {
			'cache:wrong-secret': /is not connected: WRONGPASS/,
			[`cache:${encodeURIComponent('p%40ss')}`]: /NOPERM/,
		};
		for (const [login, message] of Object.entries(refused)) {
			const backend = new RedisBackend('other-namespace', {
				url: server.url.replace('//', `//${login}@`),
				clientOptions,
			});
			const failure = await backend.responses.keysOf('a').then(
				() => undefined,
				(error: Error) => error,
			);
			expect(failure).toMatchObject({code: 'ERR_CACHE_FAULT', message: expect.stringMatching(message)});
			expect(String(failure)).not.toMatch(/wrong-secret|p%|p@|cache:/);
			await backend.close();
		}
	});
});
