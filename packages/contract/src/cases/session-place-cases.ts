import assert from 'node:assert/strict';
import type {IncomingMessage} from 'node:http';
import type {CachedSession} from 'got-client-cache';
import type {ContractCase} from '../contract-case.js';
import {expectBytes, patternOf} from '../expectations.js';
import {inSession} from '../in-session.js';

/** Sessions that share a place, that ask at once, or whose store is in trouble. */
export const sessionPlaceCases: readonly ContractCase[] = [
	{
		title: 'sends identical requests once that come at once',
		advice:
			'Of requests at once one writes and the others wait for it; afterwards all of them read: a store must bear many reads at once.',
		async run({openBackend}) {
			const answer = (request: IncomingMessage) => ({body: `answer to ${request.url}`});
			await inSession(await openBackend(), {}, answer, async ({session, origin}) => {
				const paths = ['/0', '/1', '/2', '/3'];
				for (const isFromCache of [undefined, true]) {
					const answers = await Promise.all(
						Array.from({length: 40}, async (_, index) => session.get(`${origin.url}${paths[index % 4]}`)),
					);
					for (const [index, {body, isFromCache: isHit}] of answers.entries()) {
						assert.equal(body, `answer to ${paths[index % 4]}`, 'each request gets its own answer');
						assert.ok(isHit === (isFromCache ?? isHit), 'what is stored is answered from the cache');
					}
				}
				assert.deepEqual(
					[...origin.requests].sort(),
					paths.map(path => `GET ${path}`),
					'what reached the origin',
				);
			});
		},
	},
	{
		title: 'answers HEAD from what GET has stored',
		advice:
			'A HEAD without a record of its own is answered from the metadata of the GET: read must give it whole without its body being asked for.',
		async run({openBackend}) {
			await inSession(
				await openBackend(),
				{},
				() => ({body: 'a body'}),
				async ({session, origin}) => {
					await session.get(`${origin.url}/h`);
					const head = await session.head(`${origin.url}/h`);
					assert.equal(head.isFromCache, true, 'HEAD after GET is answered from the cache');
					assert.equal(head.headers['content-length'], '6', 'the length that HEAD gives');
					assert.equal(head.body, '', 'HEAD has no body');
					await session.head(`${origin.url}/only`);
					assert.equal(
						(await session.head(`${origin.url}/only`)).isFromCache,
						true,
						'a second HEAD is answered from the cache',
					);
					assert.equal(
						(await session.get(`${origin.url}/only`)).body,
						'a body',
						'GET after HEAD is answered by the origin',
					);
				},
			);
		},
	},
	{
		title: 'removes what a POST has changed',
		advice: 'An unsafe request invalidates its URL: a session removes what keysOf gives for it, in both caches.',
		appliesTo: flags => flags.findsKeysOf,
		async run({openBackend}) {
			const answer = (_request: unknown, count: number) => ({
				headers: {'cache-control': 'max-age=3600'},
				body: `answer ${count}`,
			});
			await inSession(await openBackend(), {cacheControl: true}, answer, async ({session, origin}) => {
				await session.get(`${origin.url}/p`);
				await session.get(`${origin.url}/p/other`);
				assert.equal((await session.get(`${origin.url}/p`)).isFromCache, true, 'before the POST');
				await session.post(`${origin.url}/p`, {body: 'change'});
				const {isFromCache, body} = await session.get(`${origin.url}/p`);
				assert.equal(isFromCache, false, 'what a POST has changed is fetched again');
				assert.equal(body, 'answer 2', 'the answer after the POST');
				assert.equal((await session.get(`${origin.url}/p/other`)).isFromCache, true, 'other URLs are not concerned');
			});
		},
	},
	{
		title: 'keeps nothing of an answer that was cut short',
		advice: 'The body that write is given fails when the answer does: reject, and keep nothing.',
		async run({openBackend, flags}) {
			const answer = (_request: unknown, count: number) => ({body: 'x'.repeat(100_000), isCutShort: count === 1});
			await inSession(await openBackend(), {}, answer, async ({session, origin}) => {
				await assert.rejects(async () => session.get(`${origin.url}/cut`), 'an answer that is cut short rejects');
				if (flags.listsKeys) {
					assert.equal(await session.cache.size(), 0, 'nothing is stored of an answer that was cut short');
				}
				const {isFromCache, body} = await session.get(`${origin.url}/cut`);
				assert.equal(isFromCache, false, 'after an answer that was cut short, the origin is asked');
				assert.equal(body.length, 100_000, 'the whole answer');
				assert.equal((await session.get(`${origin.url}/cut`)).isFromCache, true, 'the whole answer is stored');
			});
		},
	},
	{
		title: 'answers from what another session has stored, one that is open and one that was closed',
		advice:
			'Two backends in one place have the same records at once, and find them again later: keys and formats must not depend on the instance.',
		appliesTo: flags => flags.persistent,
		async run({openBackend, openAnotherBackend, flags}) {
			const large = patternOf(Math.min(flags.largestBody, 700_000));
			const answer = (request: IncomingMessage) =>
				request.url === '/from' ? {status: 301, headers: {location: '/to'}} : {body: large, headers: {vary: 'accept'}};
			const first = await openBackend();
			await inSession(first, {responseType: 'buffer'}, answer, async ({session, origin, openSession}) => {
				await session.get(`${origin.url}/from`);
				const expectHit = async (other: CachedSession, when: string) => {
					const {isFromCache, body} = await other.get(`${origin.url}/from`);
					assert.equal(isFromCache, true, `a second session on the place is answered from the cache, ${when}`);
					expectBytes(body as unknown as Uint8Array, large, `the body that a second session gets ${when},`);
				};
				await expectHit(openSession(await openAnotherBackend()), 'while the first is open');
				await session.close();
				await expectHit(openSession(await openAnotherBackend()), 'when the first was closed');
				assert.equal(origin.requests.length, 2, 'no other session asks the origin');
			});
		},
	},
	{
		title: 'goes to the network where the backend was closed',
		advice:
			'After close every operation rejects, at once: a session takes that for a fault, and asks the origin. Flag: rejectsAfterClose.',
		appliesTo: flags => flags.rejectsAfterClose,
		async run({openBackend}) {
			const backend = await openBackend();
			await inSession(
				backend,
				{},
				() => ({body: 'x'}),
				async ({origin, openSession}) => {
					const session = openSession(backend, {onCacheError: 'continue'});
					const codes: unknown[] = [];
					session.on('error', error => codes.push((error.cause as {code?: unknown} | undefined)?.code));
					await session.get(`${origin.url}/k`);
					assert.equal((await session.get(`${origin.url}/k`)).isFromCache, true, 'before the backend is closed');
					await backend.close();
					const {isFromCache, body} = await session.get(`${origin.url}/k`);
					assert.equal(isFromCache, false, 'a session whose backend was closed asks the origin');
					assert.equal(body, 'x', 'the answer of the origin');
					assert.ok(
						codes.includes('ERR_CACHE_CLOSED'),
						`the session’s 'error' events tell of ERR_CACHE_CLOSED, not of ${codes}`,
					);
				},
			);
		},
	},
	{
		title: 'fetches what is damaged, and stores it anew',
		advice:
			'A damaged record is a miss for a session, without an error; what it fetches then replaces the record. Flag: damage.',
		appliesTo: flags => flags.damage !== undefined,
		async run({openBackend, place, flags}) {
			await inSession(
				await openBackend(),
				{},
				() => ({body: 'y'.repeat(1000)}),
				async ({session, origin}) => {
					const {cacheKey} = await session.get(`${origin.url}/d`);
					assert.ok(cacheKey, 'a response that was stored has a cacheKey');
					for (const damage of ['metadata', 'format'] as const) {
						await flags.damage?.(place, cacheKey, damage);
						const {isFromCache, body} = await session.get(`${origin.url}/d`);
						assert.equal(isFromCache, false, `a record with damaged ${damage} is fetched again`);
						assert.equal(body.length, 1000, 'the whole answer');
						assert.equal((await session.get(`${origin.url}/d`)).isFromCache, true, 'what was fetched again is stored');
					}
				},
			);
		},
	},
];
