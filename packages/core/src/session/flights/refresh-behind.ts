import {planRefresh} from '../../policy/plan-request.js';
import {CacheExchange} from '../cache-exchange.js';
import type {FoundResponse} from '../stores/find-stored.js';
import {drain} from '../streams/drain.js';
import {KeptBody} from '../streams/kept-body.js';
import {isReadFromStore, OpenedBody} from '../streams/opened-body.js';
import {StreamCall} from '../streams/stream-call.js';
import {lead} from './lead-flight.js';

/**
 * Renews what was found, without anybody waiting for it; once for all who ask meanwhile. A failure leaves what is stored, and the next caller tries again.
 * While a caller streams it from a store, that would take it away under its hands: then it is renewed afterwards.
 */
export function refreshBehind(exchange: CacheExchange): void {
	const {engine, request, identified, found} = exchange;
	if (!found || engine.flights.get(identified.key)) {
		return;
	}
	const {stream} = request;
	if (!isReadFromStore(found.body) || !stream || stream.signal.aborted) {
		refresh(exchange, found);
	} else if (!engine.refreshesToCome.has(identified.key)) {
		engine.refreshesToCome.add(identified.key);
		const begin = () => {
			engine.refreshesToCome.delete(identified.key);
			if (!engine.flights.get(identified.key)) {
				refresh(exchange, found);
			}
		};
		stream.signal.addEventListener('abort', begin, {once: true});
	}
}

function refresh({engine, request, identified, next}: CacheExchange, found: FoundResponse): void {
	const call = request.stream && new StreamCall();
	const ends = new AbortController();
	const detached = request.derive(options => {
		options.signal = ends.signal;
	});
	detached.events = undefined;
	detached.upstream = undefined;
	detached.stream = call;
	const background = new CacheExchange(engine, detached, identified, next);
	background.found = {...found, body: found.body instanceof OpenedBody ? found.body.unopened : found.body};
	const task = run(background, call).finally(() => {
		engine.background.delete(task);
	});
	engine.background.set(task, ends);
}

async function run(exchange: CacheExchange, call: StreamCall | undefined): Promise<void> {
	const {found, identified} = exchange;
	try {
		const {body} = await lead(exchange, planRefresh(found!.stored, identified.http), identified.key);
		// A body that is stored as it is read has to be read; that of an answer which is not stored is nobody's.
		if (call && body instanceof KeptBody) {
			await drain(body.stream()[Symbol.asyncIterator]());
		}
	} catch {
		// The next caller tries again.
	} finally {
		call?.end();
	}
}
