// npm run bench:soak -- [--hits <n>] [--misses <n>] [--of session|got-cache] [--json <file>]
// Many hits and misses in one process, in every way to ask. Exits with 1 where something is left of them: heap, listeners, handles or timers.
import {fork} from 'node:child_process';
import {getEventListeners, once} from 'node:events';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {setImmediate as turn} from 'node:timers/promises';
import {parseArgs} from 'node:util';
import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {SQLiteBackend} from '@got-client-cache/sqlite';
import got from 'got';
import {CacheBackend, CachedSession, MemoryCache} from 'got-client-cache';
import {CookieJar} from 'tough-cookie';
import {environment} from './report.mjs';

const {values: options} = parseArgs({
	options: {
		hits: {type: 'string', default: '200000'},
		misses: {type: 'string', default: '20000'},
		of: {type: 'string', default: 'session'},
		json: {type: 'string'},
	},
});

/** By how much the heap may differ between two looks, and how much of it (compiled code and the like) may come in all: it is never twice the same. */
const HEAP_TOLERANCE = {sinceHalf: 1024 * 1024, sinceBefore: 4 * 1024 * 1024};
/** Responses that are hit, of each way to ask. */
const HOT = 20;
/** What a store in memory may hold. */
const MAX_ENTRIES = 400;
/** As many URLs as fill that store, and what a session remembers of plain URLs, before the first look. */
const WARM = 1000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

/** Of misses, so that each has a URL of its own. */
let counter = 0;
const shared = new AbortController();
const jar = new CookieJar();
const folder = mkdtempSync(path.join(tmpdir(), 'got-client-cache-soak-'));
const origin = fork(new URL('soak-origin.mjs', import.meta.url));
try {
	const [{url}] = await once(origin, 'message');
	const subjects = await openSubjects(url);
	const requests = {hits: Number(options.hits), misses: Number(options.misses)};
	// Until everything that is made once is there, and the stores are full.
	for (const {ways} of subjects) {
		for (let n = 0; n < WARM; n++) {
			await ways.plain[0](`${url}/plain/warm/${n}`);
		}
	}
	await soak(subjects, {hits: Math.min(20_000, requests.hits), misses: Math.min(1000, requests.misses)});
	const before = await look(subjects);
	const began = performance.now();
	const half = {hits: requests.hits / 2, misses: requests.misses / 2};
	await soak(subjects, half);
	const halfway = await look(subjects);
	await soak(subjects, half);
	const after = await look(subjects);
	const seconds = (performance.now() - began) / 1000;
	report({requests, seconds, before, halfway, after});
	await Promise.all(subjects.map(({close}) => close()));
} finally {
	origin.disconnect();
	rmSync(folder, {recursive: true, force: true});
}

/** Who is asked: `ways` to get a body from a URL, each with the kind of answer that it wants. */
async function openSubjects(url) {
	if (options.of === 'got-cache') {
		const client = got.extend({cache: new Map()});
		return [{name: 'got-cache', url, ways: {plain: [target => client(target)]}, close: () => undefined}];
	}
	const backends = {
		memory: new CacheBackend('soak', {
			responses: new MemoryCache({maxEntries: MAX_ENTRIES}),
			redirects: new MemoryCache({maxEntries: MAX_ENTRIES}),
		}),
		SQLite: new SQLiteBackend(path.join(folder, 'cache.sqlite')),
	};
	return Object.entries(backends).map(([name, cache]) => {
		const session = new CachedSession({cache, allowedCodes: [200, 404], retry: {limit: 0}});
		return {name, url, session, ways: waysOf(session), close: () => session.close()};
	});
}

function waysOf(session) {
	const {signal} = shared;
	const client = session.toGot();
	const extended = client.extend({hooks: {beforeRequest: [() => undefined]}});
	const pagination = {transform: ({body}) => [body], paginate: () => false};
	return {
		plain: [
			target => session.get(target),
			target => session.get(target).text(),
			target => session.get(target, {signal, timeout: {request: 60_000}}),
			target => Promise.all([session.get(target), session.get(target, {signal})]),
			target => drain(session.stream(target)),
			target => drain(session.stream(target, {signal})),
			target => client(target),
			target => client(target, {signal}).text(),
			target => extended.get(target, {signal}),
			target => drain(client.stream(target, {signal})),
			target => session.paginate.all(target, {signal, pagination}),
		],
		moved: [target => session.get(target, {signal}), target => drain(client.stream(target))],
		missing: [target => failing(session.get(target, {signal})), target => failing(client(target, {signal}))],
		vary: [target => session.get(target, {headers: {'accept-language': 'en'}})],
		jar: [target => session.get(target, {cookieJar: jar}), target => client(target, {cookieJar: jar})],
		never: [
			target => aborted(signal => session.get(target, {signal})),
			target => aborted(signal => client(target, {signal})),
			target => aborted(signal => drain(session.stream(target, {signal}))),
			target => failing(session.get(target, {timeout: {request: 2}})),
		],
	};
}

/** Every subject in every way, in turn. What never gets an answer is asked less often: each such request costs a connection. */
async function soak(subjects, {hits, misses}) {
	for (const {url, ways} of subjects) {
		const all = Object.entries(ways).flatMap(([kind, asks]) => asks.map(ask => ({kind, ask})));
		const answered = all.filter(({kind}) => kind !== 'never');
		for (let n = 0; n < hits / subjects.length; n++) {
			const {kind, ask} = answered[n % answered.length];
			await ask(`${url}/${kind}/hot/${n % HOT}`);
		}
		for (let n = 0; n < misses / subjects.length; n++) {
			const {kind, ask} = n % 50 === 0 ? all[(n / 50) % all.length] : answered[n % answered.length];
			await ask(`${url}/${kind}/cold/${counter++}`);
		}
	}
}

async function drain(stream) {
	for await (const _ of stream) {
		// Only that it comes.
	}
}

async function failing(promise) {
	await promise.then(
		() => {
			throw new Error('it was to fail');
		},
		() => undefined,
	);
}

async function aborted(ask) {
	const ends = new AbortController();
	const promise = failing(ask(ends.signal));
	setTimeout(() => ends.abort(), 1);
	await promise;
}

/** What there is now, when all that can go has gone. */
async function look(subjects) {
	for (let round = 0; round < 5; round++) {
		await turn();
		collectGarbage();
	}
	const {heapUsed, arrayBuffers} = process.memoryUsage();
	const resources = process.getActiveResourcesInfo();
	const timers = resources.filter(type => type === 'Timeout' || type === 'Immediate').length;
	const emitters = [process, ...subjects.flatMap(({session}) => session?.agents ?? [])];
	return {
		heap: heapUsed,
		arrayBuffers,
		listeners: getEventListeners(shared.signal, 'abort').length + sum(emitters.map(countListeners)),
		handles: resources.length - timers,
		timers,
	};
}

function countListeners(emitter) {
	return sum(emitter.eventNames().map(name => emitter.listenerCount(name)));
}

function sum(numbers) {
	return numbers.reduce((total, number) => total + number, 0);
}

function report({requests, seconds, before, halfway, after}) {
	const none = {sinceHalf: 0, sinceBefore: 0};
	const tolerances = {heap: HEAP_TOLERANCE, arrayBuffers: HEAP_TOLERANCE, listeners: none, handles: none, timers: none};
	const rows = Object.entries(tolerances).map(([name, {sinceHalf, sinceBefore}]) => {
		const grows = after[name] - halfway[name] > sinceHalf || after[name] - before[name] > sinceBefore;
		return {name, before: before[name], halfway: halfway[name], after: after[name], grows};
	});
	const {node, cpu, cores} = environment();
	console.log(
		`${requests.hits} hits and ${requests.misses} misses in ${seconds.toFixed(1)} s, Node ${node}, ${cores} × ${cpu}`,
	);
	console.table(Object.fromEntries(rows.map(({name, ...row}) => [name, row])));
	if (options.json !== undefined) {
		writeFileSync(options.json, `${JSON.stringify({requests, seconds, rows, ...environment()}, null, '\t')}\n`);
	}
	if (rows.some(({grows}) => grows)) {
		console.log('SOMETHING IS LEFT');
		process.exitCode = 1;
	}
}
