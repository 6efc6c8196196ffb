import {execFile} from 'node:child_process';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {describe, expect, it} from '@jest/globals';
import {CachedSession, type CachedSessionOptions} from 'got-client-cache';
import {moveClock} from '../../../test-support/moved-clock.js';
import {startOrigin} from '../../../test-support/origin-server.js';
import {SQLiteBackend} from '../src/sqlite-backend.js';
import {temporaryPlace} from './temporary-place.js';
import {testedDriver} from './tested-driver.js';

const place = temporaryPlace();
const run = promisify(execFile);
const fixture = fileURLToPath(new URL('fixtures/ask.mjs', import.meta.url));

function openSession(file: string, options: CachedSessionOptions = {}): CachedSession {
	return new CachedSession({cache: new SQLiteBackend(file, {driver: testedDriver}), ...options});
}

/** What another process gets for these URLs, with the built packages. */
async function askElsewhere(file: string, ...urls: string[]): Promise<unknown[]> {
	const {stdout, stderr} = await run(process.execPath, [fixture, file, ...urls]);
	expect(stderr).toBe('');
	return stdout
		.trim()
		.split('\n')
		.map(line => JSON.parse(line));
}

describe('a session on a database', () => {
	it('finds what an earlier one stored: bodies, fields, times, redirects, variants, users', async () => {
		const file = place.path('cache.sqlite');
		await using origin = await startOrigin(({url, headers}) => {
			if (url === '/from') {
				return {status: 302, headers: {location: '/bytes'}};
			}
			return {
				headers: {vary: 'accept-language', 'X-Field': 'value', 'set-cookie': ['a=1', 'b=2']},
				body: Buffer.from(`\0\xFF${url} ${headers['accept-language']} ${headers.authorization}`, 'latin1'),
			};
		});
		const asked = [
			{},
			{headers: {'accept-language': 'de'}},
			{headers: {'accept-language': 'fr'}},
			{headers: {authorization: 'Bearer anna'}},
			{headers: {authorization: 'Bearer ben'}},
		];
		const ask = async (session: CachedSession) => {
			const answers = [];
			for (const options of asked) {
				const response = await session.get(`${origin.url}/from`, {...options, responseType: 'buffer'});
				const {body, rawHeaders, statusCode, createdAt, expires, url, redirectUrls, cacheKey} = response;
				// What speaks of one connection is not stored, and only what comes from the store has an age.
				const fields = rawHeaders.filter(
					(_, index) => !/^(?:connection|keep-alive|transfer-encoding|age)$/i.test(rawHeaders[index - (index % 2)]!),
				);
				answers.push({
					body: Buffer.from(body).toString('latin1'),
					fields,
					statusCode,
					expires,
					url,
					redirectUrls,
					cacheKey,
					createdAt,
				});
			}
			return answers;
		};
		const first = openSession(file, {expireAfter: '1h'});
		const fetched = await ask(first);
		await first.close();
		expect(origin.requests).toHaveLength(10);

		await using second = openSession(file, {onlyIfCached: true, expireAfter: '2h'});
		expect(await ask(second)).toEqual(fetched);
		expect(origin.requests).toHaveLength(10);
	});

	it('lets responses expire, renews them, and forgets what is removed, for the next one too', async () => {
		using clock = moveClock();
		const file = place.path('cache.sqlite');
		await using origin = await startOrigin(({headers}) =>
			headers['if-none-match'] ? {status: 304} : {headers: {etag: '"a"'}, body: 'kept'},
		);
		const ask = async () => {
			await using session = openSession(file, {expireAfter: 60});
			const {isFromCache, expires, createdAt} = await session.get(origin.url);
			return {isFromCache, expires: Number(expires) - Date.now(), createdAt};
		};
		const {createdAt} = await ask();
		clock.advance(59);
		expect(await ask()).toEqual({isFromCache: true, expires: 1000, createdAt});
		clock.advance(2);
		expect(await ask()).toEqual({isFromCache: true, expires: 60_000, createdAt});
		clock.advance(59);
		expect(await ask()).toEqual({isFromCache: true, expires: 1000, createdAt});
		expect(origin.requests).toHaveLength(2);
		clock.advance(2);
		await using session = openSession(file);
		expect(await session.deleteExpiredResponses()).toBe(1);
		await using next = openSession(file);
		expect(await next.get(origin.url)).toMatchObject({body: 'kept', isFromCache: false});
	});

	it('answers 50 requests at once: hits from the file, and each miss once', async () => {
		const file = place.path('cache.sqlite');
		await using origin = await startOrigin(({url}) => ({body: `body of ${url}`, delay: 5}));
		const urls = Array.from({length: 50}, (_, index) => `${origin.url}/${index % 25}`);
		const bodies = urls.map(url => `body of ${new URL(url).pathname}`);
		const first = openSession(file);
		const fetched = await Promise.all(urls.map(url => first.get(url)));
		expect(fetched.map(({body}) => body)).toEqual(bodies);
		expect(origin.requests).toHaveLength(25);
		await first.close();

		await using second = openSession(file);
		const hits = await Promise.all(urls.map(url => second.get(url)));
		expect(hits.map(({body}) => body)).toEqual(bodies);
		expect(hits.every(({isFromCache}) => isFromCache)).toBe(true);
		expect(origin.requests).toHaveLength(25);
	});

	it('shares it with another session that is open at the same time', async () => {
		const file = place.path('cache.sqlite');
		await using origin = await startOrigin();
		await using first = openSession(file);
		await using second = openSession(file);
		expect(await second.get(origin.url)).toMatchObject({body: 'response 1', isFromCache: false});
		expect(await first.get(origin.url)).toMatchObject({body: 'response 1', isFromCache: true});
		await first.cache.deleteUrl(origin.url);
		expect(await second.get(origin.url)).toMatchObject({body: 'response 2', isFromCache: false});
	});

	it('keeps a body of several megabytes', async () => {
		const file = place.path('cache.sqlite');
		const body = Buffer.alloc(5_000_000, 'x0y');
		await using origin = await startOrigin({body});
		const first = openSession(file);
		await first.get(origin.url);
		await first.close();
		await using second = openSession(file);
		const hit = await second.get(origin.url, {responseType: 'buffer'});
		expect(hit.isFromCache).toBe(true);
		expect(Buffer.from(hit.body).equals(body)).toBe(true);
	});
});

describe('several processes on a database', () => {
	it('find what the others stored, in either direction', async () => {
		const file = place.path('cache.sqlite');
		await using origin = await startOrigin();
		await using session = openSession(file);
		const {cacheKey} = await session.get(`${origin.url}/ours`);
		expect(await askElsewhere(file, `${origin.url}/ours`, `${origin.url}/theirs`)).toEqual([
			{body: 'response 1', isFromCache: true, cacheKey},
			{body: 'response 2', isFromCache: false, cacheKey: expect.any(String)},
		]);
		expect(await session.get(`${origin.url}/theirs`)).toMatchObject({body: 'response 2', isFromCache: true});
		expect(await askElsewhere(file, `${origin.url}/theirs`)).toMatchObject([{body: 'response 2', isFromCache: true}]);
		expect(origin.requests).toHaveLength(2);
	}, 30_000);

	it('fill it at the same time', async () => {
		const file = place.path('cache.sqlite');
		await using origin = await startOrigin(({url}) => ({body: url, delay: 5}));
		const urls = Array.from({length: 50}, (_, index) => `${origin.url}/${index}`);
		const answers = await Promise.all([1, 2, 3].map(() => askElsewhere(file, ...urls)));
		for (const answer of answers) {
			expect(answer).toMatchObject(urls.map(url => ({body: new URL(url).pathname})));
		}
		await using session = openSession(file, {onlyIfCached: true});
		const hits = await Promise.all(urls.map(url => session.get(url)));
		expect(hits.every(({isFromCache}) => isFromCache)).toBe(true);
	}, 30_000);
});
