import assert from 'node:assert/strict';
import type {IncomingMessage} from 'node:http';
import {setTimeout as sleep} from 'node:timers/promises';
import type {ContractCase} from '../contract-case.js';
import {expectBytes, patternOf} from '../expectations.js';
import {inSession} from '../in-session.js';

const everyByte = Uint8Array.from({length: 2048}, (_, index) => (index * 7) & 0xff);

/** What users of a session see of its cache. */
export const sessionCases: readonly ContractCase[] = [
	{
		title: 'answers a second request from the cache, byte for byte',
		advice:
			'What the store was given by write must come back from the next read of the same key: metadata, bytes and version.',
		async run({openBackend}) {
			const answer = () => ({headers: {'content-type': 'image/png', 'x-odd': '"\u00e4"'}, body: everyByte});
			await inSession(await openBackend(), {responseType: 'buffer'}, answer, async ({session, origin}) => {
				const sent = await session.get(`${origin.url}/a`);
				assert.equal(sent.isFromCache, false, 'the first request is answered by the origin');
				for (let count = 0; count < 3; count++) {
					const stored = await session.get(`${origin.url}/a`);
					assert.equal(stored.isFromCache, true, 'the next requests are answered from the cache');
					expectBytes(stored.body as unknown as Uint8Array, everyByte, 'the body of an answer from the cache');
					for (const name of ['content-type', 'x-odd']) {
						assert.equal(
							stored.headers[name],
							sent.headers[name],
							`the header field ${name} of an answer from the cache`,
						);
					}
					assert.equal(stored.statusCode, 200, 'the status of an answer from the cache');
				}
				assert.deepEqual(origin.requests, ['GET /a'], 'what reached the origin');
				const other = await session.get(`${origin.url}/b`);
				assert.equal(other.isFromCache, false, 'another URL is answered by the origin');
			});
		},
	},
	{
		title: 'keeps a large body',
		advice:
			'A session waits a second for an operation of its store: a large body must be written and read in that time. Flag: largestBody.',
		async run({openBackend, flags}) {
			const body = patternOf(Math.min(flags.largestBody, 1_500_000));
			await inSession(
				await openBackend(),
				{responseType: 'buffer'},
				() => ({body}),
				async ({session, origin}) => {
					await session.get(`${origin.url}/large`);
					const stored = await session.get(`${origin.url}/large`);
					assert.equal(stored.isFromCache, true, 'a large body is answered from the cache');
					expectBytes(stored.body as unknown as Uint8Array, body, 'a large body from the cache');
				},
			);
		},
	},
	{
		title: 'tells variants of a response apart',
		advice:
			'With Vary a session writes an index (kind "vary") under the key of the request, and each variant under a key of its own of the same resource.',
		async run({openBackend, flags}) {
			const answer = (request: IncomingMessage) => ({
				headers: {vary: 'Accept-Language'},
				body: `in ${request.headers['accept-language']}`,
			});
			await inSession(await openBackend(), {}, answer, async ({session, origin}) => {
				const ask = async (language: string) =>
					session.get(`${origin.url}/v`, {headers: {'accept-language': language}});
				for (const language of ['de', 'en', 'fr']) {
					assert.equal((await ask(language)).isFromCache, false, `the first request in ${language}`);
				}
				for (const language of ['fr', 'de', 'en']) {
					const {isFromCache, body} = await ask(language);
					assert.equal(isFromCache, true, `the second request in ${language} is answered from the cache`);
					assert.equal(body, `in ${language}`, 'the variant that the request asks for');
				}
				if (flags.findsKeysOf) {
					await session.cache.deleteUrl(`${origin.url}/v`);
					assert.equal((await ask('de')).isFromCache, false, 'a variant whose URL was deleted is fetched again');
				}
			});
		},
	},
	{
		title: 'validates with an entity tag, and renews what is still good',
		advice:
			'After a 304 a session calls touch with the version that read gave: the body stays, and the next read gives the new metadata.',
		async run({openBackend}) {
			const answer = (request: IncomingMessage) =>
				request.headers['if-none-match'] === '"1"'
					? {status: 304, headers: {etag: '"1"', 'cache-control': 'max-age=3600', 'x-renewed': 'yes'}}
					: {headers: {etag: '"1"', 'cache-control': 'max-age=3600'}, body: 'as it was'};
			await inSession(await openBackend(), {cacheControl: true}, answer, async ({session, origin}) => {
				await session.get(`${origin.url}/e`);
				for (const refresh of [true, false]) {
					const reason = refresh ? 'is validated' : 'was validated before';
					const {isFromCache, body, headers} = await session.get(`${origin.url}/e`, {refresh});
					assert.equal(isFromCache, true, `a response that ${reason} is answered from the cache`);
					assert.equal(body, 'as it was', `the body of a response that ${reason}`);
					assert.equal(headers['x-renewed'], 'yes', `the header fields of a response that ${reason}`);
				}
				assert.equal(origin.requests.length, 2, 'a response that was renewed needs no third request');
			});
		},
	},
	{
		title: 'follows redirects that it has stored',
		advice:
			'Redirects are kept in the second cache, responses in the first; a session writes one and deletes the same key from the other.',
		async run({openBackend, flags}) {
			const answer = (request: IncomingMessage) =>
				request.url === '/to' ? {body: 'arrived'} : {status: 302, headers: {location: '/to'}};
			await inSession(await openBackend(), {}, answer, async ({session, origin}) => {
				await session.get(`${origin.url}/from`);
				const {isFromCache, body, url} = await session.get(`${origin.url}/from`);
				assert.equal(isFromCache, true, 'a redirected request is answered from the cache');
				assert.equal(body, 'arrived', 'the answer at the end of the redirects');
				assert.equal(url, `${origin.url}/to`, 'the URL at the end of the redirects');
				assert.deepEqual(origin.requests, ['GET /from', 'GET /to'], 'what reached the origin');
				if (flags.listsKeys) {
					assert.equal(await session.cache.redirects.size(), 1, 'one redirect is stored');
					assert.equal(await session.cache.responses.size(), 1, 'one response is stored');
				}
			});
		},
	},
	{
		title: 'finds, lists and removes by URL',
		advice: 'hasUrl and deleteUrl go by keysOf, getUrls by entries, of both caches.',
		appliesTo: flags => flags.findsKeysOf && flags.listsKeys,
		async run({openBackend}) {
			await inSession(
				await openBackend(),
				{},
				() => ({body: 'x'}),
				async ({session, origin}) => {
					const [one, other] = [`${origin.url}/1?a=%20`, `${origin.url}/2`];
					await session.get(one);
					await session.get(one, {headers: {authorization: 'Bearer of-another-user'}});
					await session.get(other);
					assert.equal(await session.cache.hasUrl(one), true, 'hasUrl() of what is stored');
					assert.equal(await session.cache.hasUrl(`${origin.url}/3`), false, 'hasUrl() of what is not stored');
					assert.equal((await session.cache.getUrls()).length, 2, 'getUrls() gives each URL once');
					assert.equal(await session.cache.deleteUrl(one), 2, 'deleteUrl() removes the responses of all users');
					assert.equal(await session.cache.hasUrl(one), false, 'hasUrl() of what was deleted');
					assert.deepEqual(await session.cache.getUrls(), [other], 'getUrls() after deleteUrl()');
					assert.equal((await session.get(one)).isFromCache, false, 'what was deleted is fetched again');
					assert.equal((await session.get(other)).isFromCache, true, 'what was not deleted is answered from the cache');
				},
			);
		},
	},
	{
		title: 'clears, and removes what has expired',
		advice: 'cache.clear and cache.deleteExpired go to both caches.',
		async run({openBackend, flags}) {
			await inSession(
				await openBackend(),
				{},
				() => ({body: 'x'}),
				async ({session, origin}) => {
					const url = `${origin.url}/c`;
					await session.get(url);
					await session.cache.clear();
					assert.equal((await session.get(url)).isFromCache, false, 'what was cleared is fetched again');
					if (flags.listsKeys) {
						assert.equal(await session.cache.deleteExpired(), 0, 'deleteExpired() takes nothing that is fresh');
						assert.equal((await session.get(url)).isFromCache, true, 'what is fresh is answered from the cache');
						assert.equal(
							await session.cache.deleteExpired(Date.now() + 3_700_000),
							1,
							'deleteExpired() in an hour and more',
						);
						assert.equal((await session.get(url)).isFromCache, false, 'what expired and was removed is fetched again');
					}
				},
			);
		},
	},
	{
		title: 'fetches again what has expired',
		advice: 'expires must come back as it was written, to the millisecond; a session compares it with the clock.',
		async run({openBackend}) {
			const answer = (_request: unknown, count: number) => ({body: `answer ${count}`});
			await inSession(await openBackend(), {expireAfter: 0.05}, answer, async ({session, origin}) => {
				await session.get(`${origin.url}/x`);
				await sleep(80);
				const {isFromCache, body} = await session.get(`${origin.url}/x`);
				assert.equal(isFromCache, false, 'what has expired is fetched again');
				assert.equal(body, 'answer 2', 'the new answer');
			});
		},
	},
];
