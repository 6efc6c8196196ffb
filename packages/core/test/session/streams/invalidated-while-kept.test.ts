import {once} from 'node:events';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from '@jest/globals';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession} from '../../../src/index.js';
import {chunkedBackend} from './chunked-store.js';
import {textOf} from './read-stream.js';

describe('what makes a response invalid while it is being stored', () => {
	it('an unsafe request keeps it from being stored', async () => {
		let finish: (() => void) | undefined;
		await using origin = await startOrigin(({method}, response) => {
			if (method === 'POST') {
				return 'done';
			}
			response.setHeader('cache-control', 'max-age=100');
			response.write('old ');
			finish = () => response.end('state');
			return undefined;
		});
		await using session = new CachedSession({cacheControl: true});
		const stream = session.stream(origin.url);
		await once(stream, 'readable');
		await session.post(origin.url);
		finish?.();
		expect(await textOf(stream)).toBe('old state');
		expect(await session.cache.hasUrl(origin.url)).toBe(false);
	});

	it.each(['soon', 'later than anybody waits for'])(
		'an unsafe request does so also where the store is about to have it, %s',
		async when => {
			await using origin = await startOrigin(({method}) =>
				method === 'POST' ? 'done' : {headers: {'cache-control': 'max-age=100'}, body: 'old state'},
			);
			const {store, backend} = chunkedBackend();
			let commit: (() => void) | undefined;
			store.onCommit = () =>
				new Promise<void>(resolve => {
					commit = resolve;
				});
			await using session = new CachedSession({cache: backend, cacheControl: true});
			session.on('error', () => undefined);
			const reading = textOf(session.stream(origin.url));
			while (!commit) {
				await sleep(1);
			}
			if (when !== 'soon') {
				await reading;
			}
			await session.post(origin.url);
			commit();
			expect(await reading).toBe('old state');
			await sleep(5);
			expect(await session.cache.hasUrl(origin.url)).toBe(false);
		},
	);

	it('a later request for the same keeps what came later', async () => {
		let finish: (() => void) | undefined;
		await using origin = await startOrigin((_request, response) => {
			if (finish) {
				return 'newer';
			}
			response.write('old');
			finish = () => response.end('er');
			return undefined;
		});
		await using session = new CachedSession();
		const stream = session.stream(origin.url);
		await once(stream, 'readable');
		expect(await textOf(session.stream(origin.url, {forceRefresh: true}))).toBe('newer');
		finish?.();
		expect(await textOf(stream)).toBe('older');
		expect(await session.get(origin.url).text()).toBe('newer');
	});
});
