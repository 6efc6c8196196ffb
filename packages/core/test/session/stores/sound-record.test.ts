import {setImmediate as turn} from 'node:timers/promises';
import {describe, expect, it} from '@jest/globals';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {BytesBody, CachedSession, type CacheRecord} from '../../../src/index.js';
import {collectErrors, faultyBackend, throws} from '../faulty-store.js';

describe('a store that answers with rubbish', () => {
	const good: CacheRecord = {
		version: '1',
		body: new BytesBody(Buffer.from('stored')),
		metadata: {
			kind: 'response',
			method: 'GET',
			url: 'http://127.0.0.1/',
			statusCode: 200,
			statusMessage: 'OK',
			httpVersion: '1.1',
			rawHeaders: [],
			requestTime: 0,
			responseTime: 0,
			createdAt: 0,
			expires: undefined,
			keepUntil: undefined,
			bodySize: 6,
			decoded: false,
		},
	};
	const body = (bytes: () => unknown) => ({...good, body: {...good.body, size: 6, bytes}});

	it('is served from when it answers with a record', async () => {
		await using origin = await startOrigin();
		const {backend, store} = faultyBackend();
		await using session = new CachedSession({cache: backend});
		const errors = collectErrors(session);
		for (const record of [good, Promise.resolve(good), body(() => Promise.resolve(Buffer.from('stored')))]) {
			store.fail(['read'], () => record);
			expect(await session.get(origin.url)).toMatchObject({body: 'stored', isFromCache: true});
		}
		expect(errors).toEqual([]);
	});

	it.each([
		['text', 'text'],
		['a number', 7],
		['true', true],
		['an empty object', {}],
		['a record without metadata', {...good, metadata: undefined}],
		['a record without a body', {...good, body: undefined}],
		['a record of another kind', {...good, metadata: {...good.metadata, kind: 'other'}}],
		['a record without fields', {...good, metadata: {...good.metadata, rawHeaders: undefined}}],
		['an index without fields', {...good, metadata: {kind: 'vary', generation: 'a', url: 'http://127.0.0.1/'}}],
		['a body that cannot be read', body(() => Promise.reject(new Error('gone')))],
		['a body that throws', body(throws)],
		['a body that is text', body(() => 'text')],
	])('is not believed: %s', async (_what, record) => {
		await using origin = await startOrigin();
		const {backend, store} = faultyBackend();
		await using session = new CachedSession({cache: backend});
		const errors = collectErrors(session);
		for (const [index, answer] of [record, Promise.resolve(record)].entries()) {
			store.fail(['read'], () => answer);
			expect(await session.get(origin.url)).toMatchObject({body: `response ${index + 1}`, isFromCache: false});
		}
		await turn();
		expect(errors).toHaveLength(1);
		expect(errors[0]).toMatchObject({operation: 'read'});
	});

	it('may say null for nothing', async () => {
		await using origin = await startOrigin();
		const {backend, store} = faultyBackend();
		await using session = new CachedSession({cache: backend});
		const errors = collectErrors(session);
		for (const nothing of [null, Promise.resolve(null)]) {
			store.fail(['read'], () => nothing);
			expect(await session.get(origin.url)).toMatchObject({isFromCache: false, cacheKey: expect.any(String)});
		}
		await turn();
		expect(errors).toEqual([]);
	});
});
