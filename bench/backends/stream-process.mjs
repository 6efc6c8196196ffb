// Writes or reads one big body as a stream, and says what it took: first byte and whole in milliseconds, memory in MB, the longest stall of the event loop in milliseconds.
import {createHash} from 'node:crypto';
import {monitorEventLoopDelay} from 'node:perf_hooks';
import {sampleResponse} from '@got-client-cache/contract';
import {SQLiteBackend} from '@got-client-cache/sqlite';
import {FileBackend} from 'got-client-cache';

const [kind, task, place, size] = process.argv.slice(2);
const CHUNK = 64 * 1024;
const chunk = Buffer.alloc(CHUNK, 'a body of many pieces ');
const metadata = sampleResponse({bodySize: Number(size), expires: undefined, keepUntil: undefined});
const backend = kind === 'sqlite' ? new SQLiteBackend(place) : new FileBackend(place);
const cache = backend.responses;

async function* body() {
	for (let sent = 0; sent < Number(size); sent += CHUNK) {
		yield chunk;
	}
}

async function write() {
	const start = performance.now();
	await cache.write('stream.body', metadata, body());
	return {whole: performance.now() - start};
}

async function read() {
	const start = performance.now();
	const record = await cache.read('stream.body');
	let firstByte;
	let bytes = 0;
	for await (const piece of record.body.stream()) {
		firstByte ??= performance.now() - start;
		bytes += piece.length;
		sample();
	}
	if (bytes !== Number(size)) {
		throw new Error(`read ${bytes} bytes of ${size}`);
	}
	return {firstByte, whole: performance.now() - start};
}

let highest = 0;
function sample() {
	highest = Math.max(highest, process.memoryUsage.rss());
}

// What is loaded and opened once does not count.
await cache.write('stream.small', metadata, createHash('sha256').digest());
await cache.read('stream.small');
globalThis.gc();
const before = process.memoryUsage.rss();
const timer = setInterval(sample, 5);
const delay = monitorEventLoopDelay({resolution: 1});
delay.enable();
const times = task === 'write' ? await write() : await read();
delay.disable();
sample();
clearInterval(timer);
await backend.close();
process.send({...times, memory: (highest - before) / 1024 / 1024, stall: delay.max / 1e6});
process.disconnect();
