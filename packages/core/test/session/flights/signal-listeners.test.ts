import {getEventListeners} from 'node:events';
import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {expect, it} from '@jest/globals';
import {startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession} from '../../../src/index.js';
import {makeGate, settle} from '../gate.js';
import {textOf} from '../streams/read-stream.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

it.each(['leads', 'follows', 'leads, and is destroyed'])(
	'a stream that %s leaves no listener on a signal that lives on, whatever memory is freed meanwhile',
	async how => {
		const gate = makeGate();
		await using origin = await startOrigin(async () => {
			await gate.pass();
			return 'answer';
		});
		await using session = new CachedSession({retry: {limit: 0}});
		const {signal} = new AbortController();
		const leader = how === 'follows' ? session.get(origin.url).text() : undefined;
		const stream = session.stream(origin.url, {signal});
		const text = how.endsWith('destroyed') ? undefined : textOf(stream);
		await gate.arrivals(1);
		const follower = session.get(origin.url, {signal}).text();
		await settle();
		expect(getEventListeners(signal, 'abort').length).toBeGreaterThan(1);
		text ?? stream.destroy();
		collectGarbage();
		gate.open();
		expect(await Promise.all([leader, text, follower].map(answer => answer ?? 'answer'))).toEqual(
			Array.from({length: 3}, () => 'answer'),
		);
		await settle();
		expect(getEventListeners(signal, 'abort')).toHaveLength(0);
	},
);
