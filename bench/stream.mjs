// npm run -s build && node bench/stream.mjs [--json <file>] [--only <backend>]
// A body of 100 MB, streamed: from the network while it is stored, and from the store. Each time in a process of its own.
import assert from 'node:assert/strict';
import {fork} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {monitorEventLoopDelay} from 'node:perf_hooks';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {environment} from './report.mjs';

const SIZE = 100_000_000;
const TARGETS = {firstByteMs: 10, extraMB: 60, stallMs: 20};

const backends = {
	async SQLite(folder) {
		const {SQLiteBackend} = await import('@got-client-cache/sqlite');
		return new SQLiteBackend(path.join(folder, 'cache.sqlite'));
	},
	async files(folder) {
		const {FileBackend} = await import('got-client-cache');
		return FileBackend && new FileBackend(path.join(folder, 'files'));
	},
	async memory() {
		const {CacheBackend, MemoryCache} = await import('got-client-cache');
		return new CacheBackend('bench', {responses: new MemoryCache({maxBytes: 2 * SIZE})});
	},
};

const {values: options, positionals} = parseArgs({
	allowPositionals: true,
	options: {json: {type: 'string'}, only: {type: 'string'}},
});

const roles = {origin: serve, read: readOnce};
if (positionals.length > 0) {
	await roles[positionals[0]](...positionals.slice(1));
} else {
	await measureAll();
}

/** The origin, in its own process. */
async function serve() {
	const {createServer} = await import('node:http');
	const piece = Buffer.alloc(100_000, 'streamed ');
	const server = createServer(async (request, response) => {
		const size = request.url === '/small' ? piece.length : SIZE;
		response.setHeader('content-length', size);
		for (let sent = 0; sent < size; sent += piece.length) {
			if (!response.write(piece)) {
				await once(response, 'drain');
			}
		}
		response.end();
	});
	server.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}`));
	process.on('disconnect', () => process.exit());
}

/** Streams the body `times` times, and says what each took. The small one before wakes everything up. */
async function readOnce(name, folder, url, times) {
	const {CachedSession} = await import('got-client-cache');
	const cache = await backends[name](folder);
	if (!cache) {
		process.send([]);
		process.disconnect();
		return;
	}
	const session = new CachedSession({cache, maxBodySize: Number.POSITIVE_INFINITY});
	session.on('error', error => console.error(error.message, error.cause?.message));
	for (let call = 0; call < 3; call++) {
		await read(session.stream(`${url}/small`));
	}
	const results = [];
	for (let call = 0; call < Number(times); call++) {
		globalThis.gc?.();
		await sleep(50);
		results.push(await measure(session, `${url}/large`));
	}
	await session.close();
	process.send(results);
	process.disconnect();
}

async function read(stream) {
	let bytes = 0;
	for await (const chunk of stream) {
		bytes += chunk.length;
	}
	return bytes;
}

async function measure(session, url) {
	const delays = monitorEventLoopDelay({resolution: 1});
	const before = process.memoryUsage().rss;
	let peak = before;
	const watch = setInterval(() => {
		peak = Math.max(peak, process.memoryUsage().rss);
	}, 5);
	delays.enable();
	const begin = performance.now();
	const stream = session.stream(url);
	await once(stream, 'readable');
	const firstByteMs = performance.now() - begin;
	assert.equal(await read(stream), SIZE);
	const totalMs = performance.now() - begin;
	delays.disable();
	clearInterval(watch);
	return {
		isFromCache: stream.isFromCache,
		firstByteMs,
		totalMs,
		extraMB: (Math.max(peak, process.memoryUsage().rss) - before) / 1e6,
		stallMs: delays.max / 1e6,
	};
}

function start(...args) {
	return fork(fileURLToPath(import.meta.url), args, {execArgv: ['--expose-gc']});
}

async function measureAll() {
	const origin = start('origin');
	const [url] = await once(origin, 'message');
	const results = [];
	for (const name of Object.keys(backends).filter(name => name === (options.only ?? name))) {
		const folder = mkdtempSync(path.join(tmpdir(), 'got-client-cache-bench-'));
		try {
			// Memory keeps nothing from one process to the next: there the hits follow the miss.
			const rounds = name === 'memory' ? [4] : [1, 3];
			for (const times of rounds) {
				const measured = await answerOf(start('read', name, folder, url, String(times)));
				results.push(...measured.map(result => ({backend: name, ...result})));
			}
		} finally {
			rmSync(folder, {recursive: true, force: true});
		}
	}
	origin.disconnect();
	report(results);
	if (options.json !== undefined) {
		writeFileSync(options.json, `${JSON.stringify({results, ...environment()}, null, '\t')}\n`);
	}
}

/** What a process says. @throws where it ends without a word */
async function answerOf(child) {
	const died = once(child, 'exit').then(([code]) => {
		throw new Error(`A process of the bench ended with ${code} before it had measured`);
	});
	const [answer] = await Promise.race([once(child, 'message'), died]);
	died.catch(() => undefined);
	return answer;
}

function report(results) {
	console.table(
		results.map(({backend, isFromCache, firstByteMs, totalMs, extraMB, stallMs}) => ({
			backend,
			from: isFromCache ? 'store' : 'network',
			'first byte, ms': round(firstByteMs),
			'all, ms': round(totalMs),
			'extra memory, MB': round(extraMB),
			'longest stall, ms': round(stallMs),
			// Only what is read from a file is promised.
			target: isFromCache && backend !== 'memory' ? judge({firstByteMs, extraMB, stallMs}) : '',
		})),
	);
	console.log(
		`targets: ${Object.entries(TARGETS).map(([name, most]) => `${name} < ${most}`)}; ${JSON.stringify(environment())}`,
	);
}

function judge(measured) {
	const missed = Object.keys(TARGETS).filter(name => !(measured[name] < TARGETS[name]));
	return missed.length === 0 ? 'met' : `MISSED: ${missed}`;
}

function round(value) {
	return Math.round(value * 10) / 10;
}
