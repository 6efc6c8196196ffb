import {setImmediate as turn} from 'node:timers/promises';
import {expect} from '@jest/globals';
import {CachedSession, type CacheFaultError} from 'got-client-cache';
import {startOrigin} from '../../../test-support/origin-server.js';
import type {DynamoDBBackend} from '../src/dynamodb-backend.js';

/** The faults that a session will report. */
export function collectErrors(session: CachedSession): CacheFaultError[] {
	const errors: CacheFaultError[] = [];
	session.on('error', error => void errors.push(error as CacheFaultError));
	return errors;
}

/** What a session with this backend reports of five requests, which all reach the origin. None waits for more than two operations of a second each. */
export async function fiveMisses(backend: DynamoDBBackend): Promise<CacheFaultError[]> {
	await using origin = await startOrigin();
	await using session = new CachedSession({cache: backend});
	const errors = collectErrors(session);
	for (let index = 1; index <= 5; index++) {
		const start = performance.now();
		expect(await session.get(origin.url)).toMatchObject({body: `response ${index}`, cacheKey: undefined});
		expect(performance.now() - start).toBeLessThan(5000);
	}
	await turn();
	return errors;
}
