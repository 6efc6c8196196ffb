import {once} from 'node:events';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from '@jest/globals';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession, type SessionStream} from '../../../src/index.js';
import {failureOf, sampleBytes, textOf} from './read-stream.js';

describe('close', () => {
	it('waits for a stream that is read', async () => {
		let finish: (() => void) | undefined;
		await using origin = await startOrigin((_request, response) => {
			response.write('a');
			finish = () => response.end('b');
		});
		const session = new CachedSession();
		const stream = session.stream(origin.url);
		await once(stream, 'readable');
		let isClosed = false;
		const closing = session.close().then(() => {
			isClosed = true;
		});
		await sleep(20);
		expect(isClosed).toBe(false);
		expect(await failureOf(session.stream(origin.url))).toMatchObject({code: 'ERR_SESSION_CLOSED'});
		finish?.();
		expect(await textOf(stream)).toBe('ab');
		await closing;
	});

	it('does not wait for one that was destroyed, at whatever moment, and counts each once', async () => {
		await using origin = await startOrigin((_request, response) => void response.write(sampleBytes(200_000)));
		const session = new CachedSession();
		const moments: Array<(stream: SessionStream) => unknown> = [
			() => undefined,
			() => sleep(0),
			stream => once(stream, 'request'),
			stream => once(stream, 'response'),
			stream => once(stream, 'data'),
		];
		for (const moment of moments) {
			const stream = session.stream(origin.url);
			await moment(stream);
			stream.destroy();
			stream.destroy();
			await once(stream, 'close');
		}
		origin.route('/short', 'ends by itself');
		for (const _ of ['miss', 'hit']) {
			await textOf(session.stream(`${origin.url}/short`));
		}
		const kept = session.stream(origin.url);
		await once(kept, 'data');
		let isClosed = false;
		const closing = session.close().then(() => {
			isClosed = true;
		});
		await sleep(20);
		// Were one counted twice, it would not wait for this one.
		expect(isClosed).toBe(false);
		kept.destroy();
		await closing;
	});

	it('many streams leave no handles, and no listeners', async () => {
		await using origin = await startOrigin((_request, response) => void response.end(sampleBytes(50_000)));
		const warnings: Error[] = [];
		const listen = (warning: Error) => warnings.push(warning);
		process.on('warning', listen);
		await using session = new CachedSession({retry: {limit: 0}});
		const before = process.getActiveResourcesInfo().filter(name => name === 'Timeout').length;
		for (let round = 0; round < 30; round++) {
			const streams = [session.stream(`${origin.url}/${round}`), session.stream(`${origin.url}/${round}`)];
			await Promise.all(streams.map(textOf));
			const left = session.stream(`${origin.url}/left/${round}`);
			await once(left, 'data');
			left.destroy();
		}
		await sleep(20);
		const after = process.getActiveResourcesInfo().filter(name => name === 'Timeout').length;
		process.off('warning', listen);
		expect(after - before).toBeLessThan(5);
		expect(warnings).toEqual([]);
	});
});
