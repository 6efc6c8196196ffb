import {describe, expect, it} from '@jest/globals';
import fc from 'fast-check';
import {CookieJar} from 'tough-cookie';
import {moveClock} from '../../../../test-support/moved-clock.js';
import {type OriginHandler, type RecordedRequest, startOrigin} from '../../../../test-support/origin-server.js';
import {CacheBackend, CachedSession, type CachedSessionOptions, type RequestOptions} from '../../src/index.js';

type Options = Omit<RequestOptions, 'responseType' | 'resolveBodyOnly'>;

type Way = (user: string, origin: string) => Options;

function jarOf(cookie: string, origin: string): CookieJar {
	const jar = new CookieJar();
	jar.setCookieSync(cookie, origin);
	return jar;
}

const ways: readonly Way[] = [
	() => ({}),
	user => ({headers: {Authorization: `Bearer ${user}`}}),
	user => ({headers: {cookie: `id=${user}; _ga=${Math.random()}`}}),
	user => ({headers: {'X-API-Key': user}}),
	user => ({username: user}),
	(user, origin) => ({cookieJar: jarOf(`id=${user}`, origin)}),
	(user, origin) => ({cookieJar: jarOf(`id=${user}`, origin), headers: {authorization: `Bearer ${user}`}}),
];

const who = ({headers}: RecordedRequest) =>
	JSON.stringify([headers.authorization, headers.cookie?.replace(/; _ga=.*/, ''), headers['x-api-key']]);

const etagOf = (body: string) => `"${Buffer.from(body).toString('base64url')}"`;

/** Answers with who asked, under paths that make the cache do all that it can. */
const answer: OriginHandler = request => {
	const {url, headers} = request;
	const [, path] = url.split('/');
	const said = path === 'vary' ? `${who(request)} in ${headers['accept-language']}` : who(request);
	switch (path) {
		case 'redirect':
			return {status: 302, headers: {location: `/home/${encodeURIComponent(who(request))}`}};
		case 'etag': {
			const etag = etagOf(said);
			return headers['if-none-match'] === etag ? {status: 304, headers: {etag}} : {headers: {etag}, body: said};
		}
		case 'vary':
			return {headers: {vary: 'accept-language', etag: etagOf(said)}, body: said, delay: 1};
		case 'secret':
			return {headers: {vary: 'authorization, cookie'}, body: said};
		case 'error':
			return {status: 404, body: said};
		default:
			return said;
	}
};

const PATHS = ['/plain', '/etag', '/vary', '/secret', '/redirect', '/error', '/plain?a=1&b=2', '/plain?b=2&a=1'];
const OPTIONS: readonly Options[] = [
	{},
	{},
	{},
	{refresh: true},
	{forceRefresh: true},
	{cache: false},
	{expireAfter: 5},
];

/** Requests, in batches that run at the same time. There are few different ones, so that they meet in the cache. */
const batchesOfAsks = fc
	.record({
		someWays: fc.subarray([...ways], {minLength: 2, maxLength: 3}),
		somePaths: fc.subarray([...PATHS], {minLength: 1, maxLength: 3}),
	})
	.chain(({someWays, somePaths}) => {
		const ask = fc.record({
			session: fc.nat(2),
			user: fc.constantFrom('anna', 'ben'),
			way: fc.constantFrom(...someWays),
			path: fc.constantFrom(...somePaths),
			language: fc.constantFrom(undefined, 'de'),
			options: fc.constantFrom(...OPTIONS),
		});
		return fc.array(fc.array(ask, {minLength: 2, maxLength: 8}), {minLength: 2, maxLength: 8, size: 'max'});
	});

/** Sessions on one backend. */
const sessionOptions: readonly CachedSessionOptions[] = [
	{expireAfter: 60, allowedCodes: [200, 404]},
	{expireAfter: 10, staleIfError: true, staleWhileRevalidate: true},
	{alwaysRevalidate: true, includeHeaders: ['accept-language']},
];

// A fresh response is got's own, whose URL has the user in it.
const withoutUser = (url: string) => url.replace(/\/\/\w+@/, '//');

function withLanguage({headers, ...rest}: Options, language: string | undefined): Options {
	return {...rest, headers: {...headers, ...(language !== undefined && {'accept-language': language})}};
}

describe('whatever users ask, in whatever order and at the same time', () => {
	it.each<[string, CachedSessionOptions]>([
		['the settings decide', {}],
		['RFC 9111 decides', {cacheControl: true}],
	])(
		'each gets what the server says to that user, when %s',
		async (_name, mode) => {
			await using origin = await startOrigin(answer);
			await using plain = new CachedSession({throwHttpErrors: false});
			let hits = 0;
			await fc.assert(
				fc.asyncProperty(batchesOfAsks, async batches => {
					using clock = moveClock();
					const cache = new CacheBackend('model', {autoclose: false});
					const sessions = sessionOptions.map(
						options => new CachedSession({cache, throwHttpErrors: false, ...mode, ...options}),
					);
					for (const batch of batches) {
						const got = await Promise.all(
							batch.map(async ({session, user, way, path, language, options}) => {
								const own = withLanguage({...way(user, origin.url), ...options}, language);
								const response = await sessions[session]!.get(`${origin.url}${path}`, own);
								const {body, url, statusCode, isFromCache} = response;
								hits += Number(isFromCache);
								return {body, url: withoutUser(url), statusCode};
							}),
						);
						const wanted = await Promise.all(
							batch.map(async ({user, way, path, language}) => {
								const own = withLanguage(way(user, origin.url), language);
								const {body, url, statusCode} = await plain.get(`${origin.url}${path}`, {...own, cache: false});
								return {body, url: withoutUser(url), statusCode};
							}),
						);
						expect(got).toEqual(wanted);
						clock.advance(7);
					}
					await Promise.all(sessions.map(session => session.close()));
				}),
				{numRuns: 60},
			);
			expect(hits).toBeGreaterThan(50);
		},
		60_000,
	);
});
