/** Streams over stores that keep bodies in files and in a database: what is kept is whole, and what is not kept leaves nothing behind. */
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {afterEach, describe, expect, it} from '@jest/globals';
import {type OriginHandler, startOrigin} from '../../../../../test-support/origin-server.js';
import {until} from '../../../../../test-support/until.js';
import {CachedSession, type CachedSessionOptions, type StoredResponse} from '../../../src/index.js';
import {collectErrors} from '../faulty-store.js';
import {bytesOf, failureOf, sampleBytes} from './read-stream.js';
import {databasePlace, filePlace, type Place} from './real-places.js';

const SIZE = 5_000_000;
const body = sampleBytes(SIZE);
const newer = Buffer.from(body).reverse();

const folders: string[] = [];
const sessions: CachedSession[] = [];

afterEach(async () => {
	await Promise.all(sessions.splice(0).map(session => session.close()));
	for (const folder of folders.splice(0)) {
		rmSync(folder, {recursive: true});
	}
});

describe.each<[string, (folder: string) => Place]>([
	['files', filePlace],
	['SQLite', databasePlace],
])('in %s', (_, makePlace) => {
	function newPlace(): Place {
		const folder = mkdtempSync(path.join(tmpdir(), 'streams-'));
		folders.push(folder);
		return makePlace(folder);
	}

	function openSession(place: Place, options: CachedSessionOptions & {maxBytes?: number} = {}) {
		const {maxBytes, ...settings} = options;
		const cache = place.open(maxBytes === undefined ? {} : {maxBytes});
		const session = new CachedSession({cache, retry: {limit: 0}, ...settings});
		sessions.push(session);
		return {session, cache, errors: collectErrors(session), contents: () => place.contents(cache)};
	}

	/** A body of which a part comes at once, and the end as `finish` says. */
	async function startHalting(finish: OriginHandler) {
		let goOn = () => {};
		const origin = await startOrigin(async (request, response) => {
			response.write(body.subarray(0, 2_000_000));
			await new Promise<void>(resolve => {
				goOn = resolve;
			});
			return finish(request, response);
		});
		return Object.assign(origin, {goOn: () => goOn()});
	}

	it.each(['known', 'unknown'])('a miss is kept byte for byte, and a hit streams it; length %s', async length => {
		await using origin = await startOrigin((_request, response) => {
			if (length === 'known') {
				response.setHeader('content-length', SIZE);
			}
			response.end(body);
		});
		const {session, cache, errors, contents} = openSession(newPlace());
		expect((await bytesOf(session.stream(origin.url))).equals(body)).toBe(true);
		const kept = await contents();
		const hit = session.stream(origin.url);
		const pieces: Buffer[] = [];
		for await (const piece of hit) {
			pieces.push(piece as Buffer);
		}
		expect(hit.isFromCache).toBe(true);
		expect(Buffer.concat(pieces).equals(body)).toBe(true);
		expect(pieces.length).toBeGreaterThan(10);
		const {body: ofPromise} = await session.get(origin.url, {responseType: 'buffer'});
		expect(body.equals(ofPromise)).toBe(true);
		for await (const {metadata} of cache.responses.entries()) {
			expect((metadata as StoredResponse).bodySize).toBe(SIZE);
		}
		expect(await cache.responses.size()).toBe(1);
		expect(await contents()).toEqual(kept);
		expect(origin.requests).toHaveLength(1);
		expect(errors).toEqual([]);
	});

	it.each<[string, OriginHandler]>([
		['is cut off', (_request, response) => void response.destroy()],
		['ends well, and is larger than maxBodySize', (_request, response) => void response.end(body.subarray(2_000_000))],
	])('a body that %s leaves nothing, though a part of it was written', async (fate, finish) => {
		await using origin = await startHalting(finish);
		const {session, cache, errors, contents} = openSession(newPlace(), {maxBodySize: SIZE - 1});
		const stream = session.stream(origin.url);
		const reading = bytesOf(stream).then(
			bytes => bytes.equals(body),
			error => (error as Error).name,
		);
		await until('something is stored', async () => (await contents()).length > 0);
		origin.goOn();
		expect(await reading).toBe(fate === 'is cut off' ? 'ReadError' : true);
		await until('nothing is left', async () => (await contents()).length === 0);
		expect(await cache.responses.size()).toBe(0);
		expect(errors).toEqual([]);
		origin.fallback((_request, response) => void response.end(body.subarray(0, 1000)));
		expect(await bytesOf(session.stream(origin.url))).toHaveLength(1000);
		expect(await cache.responses.size()).toBe(1);
	});

	it.each(['destroy', 'signal'])('a body that is given up by %s leaves nothing', async way => {
		await using origin = await startHalting((_request, response) => void response.end());
		const {session, cache, errors, contents} = openSession(newPlace());
		const controller = new AbortController();
		const stream = session.stream(origin.url, {signal: controller.signal});
		const failed = failureOf(stream);
		await until('something is stored', async () => (await contents()).length > 0);
		way === 'signal' ? controller.abort() : stream.destroy(new Error('given up'));
		expect((await failed).message).toMatch(/abort|given up/);
		await until('nothing is left', async () => (await contents()).length === 0);
		origin.goOn();
		expect(await cache.responses.size()).toBe(0);
		expect(errors).toEqual([]);
	});

	it('a body whose coding is broken leaves nothing', async () => {
		await using origin = await startOrigin((_request, response) => {
			response.writeHead(200, {'content-encoding': 'gzip'});
			response.end(gzipSync(body).subarray(0, -20));
		});
		const {session, cache, contents} = openSession(newPlace());
		expect((await failureOf(session.stream(origin.url))).name).toBe('ReadError');
		await until('nothing is left', async () => (await contents()).length === 0);
		expect(await cache.responses.size()).toBe(0);
	});

	it('a body for which the store has no room passes through and leaves nothing', async () => {
		await using origin = await startOrigin((_request, response) => void response.end(body));
		const {session, cache, errors, contents} = openSession(newPlace(), {maxBytes: 3_000_000});
		expect((await bytesOf(session.stream(origin.url))).equals(body)).toBe(true);
		await until('nothing is left', async () => (await contents()).length === 0);
		expect(await cache.responses.size()).toBe(0);
		expect((await bytesOf(session.stream(origin.url))).equals(body)).toBe(true);
		expect(origin.requests).toHaveLength(2);
		expect(errors).toEqual([]);
	});

	it('a renewal that is cut off leaves what was there, and nothing else', async () => {
		await using origin = await startOrigin((_request, response) => void response.end(body));
		const {session, contents} = openSession(newPlace());
		await bytesOf(session.stream(origin.url));
		const kept = await contents();
		origin.fallback((_request, response) => {
			response.write(newer.subarray(0, 2_000_000), () => response.destroy());
			return undefined;
		});
		expect((await failureOf(session.stream(origin.url, {forceRefresh: true}))).name).toBe('ReadError');
		await until('nothing else is left', async () => (await contents()).length === kept.length);
		expect(await contents()).toEqual(kept);
		expect((await bytesOf(session.stream(origin.url))).equals(body)).toBe(true);
		expect(origin.requests).toHaveLength(2);
	});

	it.each(['replaced', 'deleted'])('a body that is %s while it is streamed is given whole', async change => {
		await using origin = await startOrigin((_request, response) => void response.end(body));
		const place = newPlace();
		const {session, cache, errors, contents} = openSession(place);
		await bytesOf(session.stream(origin.url));
		const {length} = await contents();
		const hit = session.stream(origin.url);
		await once(hit, 'readable');
		origin.fallback((_request, response) => void response.end(newer));
		if (change === 'replaced') {
			await bytesOf(session.stream(origin.url, {forceRefresh: true}));
		} else {
			await cache.clear();
		}
		await place.sweep(cache, 30);
		expect((await bytesOf(hit)).equals(body)).toBe(true);
		expect(hit.isFromCache).toBe(true);
		expect((await bytesOf(session.stream(origin.url))).equals(newer)).toBe(true);
		expect(origin.requests).toHaveLength(2);
		expect(errors).toEqual([]);
		await place.sweep(cache, 120);
		expect(await contents()).toHaveLength(length);
	});

	it('a body that is replaced before its first piece is read is given whole', async () => {
		await using origin = await startOrigin((_request, response) => void response.end(body));
		const place = newPlace();
		const {session, cache} = openSession(place);
		const other = openSession(place);
		await bytesOf(session.stream(origin.url));
		origin.fallback((_request, response) => void response.end(newer));
		const {read} = cache.responses;
		cache.responses.read = async key => {
			const record = await read.call(cache.responses, key);
			cache.responses.read = read;
			await bytesOf(other.session.stream(origin.url, {forceRefresh: true}));
			return record;
		};
		const given = await bytesOf(session.stream(origin.url));
		expect(given.equals(body) || given.equals(newer)).toBe(true);
		expect((await bytesOf(session.stream(origin.url))).equals(newer)).toBe(true);
	});

	it('a body that is damaged while it is streamed goes on from the network', async () => {
		await using origin = await startOrigin((_request, response) => void response.end(body));
		const place = newPlace();
		const {session, cache, errors} = openSession(place);
		await bytesOf(session.stream(origin.url));
		const hit = session.stream(origin.url);
		await once(hit, 'readable');
		await place.damage(cache);
		expect((await bytesOf(hit)).equals(body)).toBe(true);
		expect(hit.isFromCache).toBe(true);
		expect(origin.requests).toHaveLength(2);
		expect(errors).toHaveLength(1);
		expect((await bytesOf(session.stream(origin.url))).equals(body)).toBe(true);
	});

	it('a body is there after a restart', async () => {
		await using origin = await startOrigin((_request, response) => void response.end(body));
		const place = newPlace();
		const first = openSession(place);
		await bytesOf(first.session.stream(origin.url));
		await first.session.close();
		const hit = openSession(place).session.stream(origin.url);
		expect((await bytesOf(hit)).equals(body)).toBe(true);
		expect(hit.isFromCache).toBe(true);
		expect(origin.requests).toHaveLength(1);
	});

	it('two who store the same at the same time leave one record', async () => {
		await using origin = await startOrigin((_request, response) => void response.end(body));
		const place = newPlace();
		const [one, two] = [openSession(place), openSession(place)];
		await bytesOf(one.session.stream(origin.url));
		const {length} = await one.contents();
		const streams = [one, two].map(({session}) => session.stream(origin.url, {forceRefresh: true}));
		const bodies = await Promise.all(streams.map(bytesOf));
		expect(bodies.map(bytes => bytes.equals(body))).toEqual([true, true]);
		expect(await two.cache.responses.size()).toBe(1);
		await place.sweep(two.cache, 120);
		expect(await two.contents()).toHaveLength(length);
		expect((await bytesOf(two.session.stream(origin.url))).equals(body)).toBe(true);
		expect([...one.errors, ...two.errors]).toEqual([]);
	});
});
