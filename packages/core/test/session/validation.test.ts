import {gzipSync} from 'node:zlib';
import {describe, expect, it} from '@jest/globals';
import {moveClock} from '../../../../test-support/moved-clock.js';
import {type OriginHandler, type OriginReply, startOrigin} from '../../../../test-support/origin-server.js';
import {CacheBackend, CachedSession, type StoredResponse} from '../../src/index.js';

const MODIFIED = 'Sun, 06 Nov 1994 08:49:37 GMT';

/** Answers with the first reply, and what is conditional with the second. */
function answer(first: OriginReply, validation: OriginReply = {status: 304}): OriginHandler {
	return ({headers}) => ('if-none-match' in headers || 'if-modified-since' in headers ? validation : first);
}

async function storedIn({responses}: CacheBackend): Promise<StoredResponse[]> {
	const stored: StoredResponse[] = [];
	for await (const {metadata} of responses.entries()) {
		if (metadata.kind === 'response') {
			stored.push(metadata);
		}
	}
	return stored;
}

describe('a validation', () => {
	it.each([
		['ETag', {etag: '"a"'}, {'if-none-match': '"a"'}],
		['a weak ETag', {etag: 'W/"a"'}, {'if-none-match': 'W/"a"'}],
		['an ETag with letters of Latin-1', {etag: '"é"'}, {'if-none-match': '"é"'}],
		['Last-Modified', {'last-modified': MODIFIED}, {'if-modified-since': MODIFIED}],
		['both', {etag: '"a"', 'last-modified': MODIFIED}, {'if-none-match': '"a"', 'if-modified-since': MODIFIED}],
	])('sends the %s that is stored, beside the headers of the caller', async (_name, validators, conditions) => {
		await using origin = await startOrigin(answer({headers: validators, body: 'kept'}));
		await using session = new CachedSession({alwaysRevalidate: true});
		await session.get(origin.url, {headers: {'x-own': '1'}});
		const validated = await session.get(origin.url, {headers: {'x-own': '1'}});
		expect(validated).toMatchObject({statusCode: 200, statusMessage: 'OK', body: 'kept', isFromCache: true});
		const {'if-none-match': _a, 'if-modified-since': _b, ...rest} = origin.requests[1]!.headers;
		expect(origin.requests[1]!.headers).toMatchObject(conditions);
		expect(rest).toEqual(origin.requests[0]!.headers);
	});

	it('is not made without a validator', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession({alwaysRevalidate: true});
		await session.get(origin.url);
		await session.get(origin.url);
		expect(origin.requests[1]!.headers).toEqual(origin.requests[0]!.headers);
	});

	it('is made once for all who ask meanwhile', async () => {
		await using origin = await startOrigin(answer({headers: {etag: '"a"'}, body: 'kept'}, {status: 304, delay: 20}));
		await using session = new CachedSession({alwaysRevalidate: true});
		await session.get(origin.url);
		const responses = await Promise.all([1, 2, 3].map(() => session.get(origin.url)));
		expect(responses.map(({body, isFromCache}) => [body, isFromCache])).toEqual(Array(3).fill(['kept', true]));
		expect(origin.requests).toHaveLength(2);
	});
});

describe('a 304', () => {
	it('renews what is stored: life and fields, not body and createdAt', async () => {
		using clock = moveClock();
		const first = {headers: {etag: '"a"', 'x-old': 'old', 'x-changed': 'before', age: '5'}, body: 'kept'};
		const validation = {status: 304, headers: {'x-changed': 'after', 'x-new': 'new', 'content-length': '99'}};
		await using origin = await startOrigin(answer(first, validation));
		const cache = new CacheBackend('lasting', {autoclose: false, expireAfter: 60});
		await using session = new CachedSession({cache});
		const fetched = await session.get(origin.url);
		clock.advance(100);

		const renewed = await session.get(origin.url);
		expect(renewed).toMatchObject({body: 'kept', createdAt: fetched.createdAt, isExpired: false});
		expect(renewed.expires?.getTime()).toBe(Date.now() + 60_000);
		expect(renewed.headers).toMatchObject({'x-old': 'old', 'x-changed': 'after', 'x-new': 'new', etag: '"a"'});
		expect(renewed.headers).not.toHaveProperty('content-length', '99');

		const [stored] = await storedIn(cache);
		expect(stored?.expires).toBe(Date.now() + 60_000);
		expect(stored?.createdAt).toBe(fetched.createdAt.getTime());
		await using other = new CachedSession({cache});
		clock.advance(59);
		const hit = await other.get(origin.url);
		expect(hit).toMatchObject({
			body: 'kept',
			isFromCache: true,
			headers: {...renewed.headers, age: expect.any(String)},
		});
		expect(origin.requests).toHaveLength(2);
	});

	it('gives the life that the request asks for', async () => {
		using _ = moveClock();
		await using origin = await startOrigin(answer({headers: {etag: '"a"'}}));
		await using session = new CachedSession({expireAfter: 60});
		await session.get(origin.url);
		const {expires} = await session.get(origin.url, {refresh: true, expireAfter: 10});
		expect(expires?.getTime()).toBe(Date.now() + 10_000);
		const [stored] = await storedIn(session.cache);
		expect(stored?.expires).toBe(Date.now() + 10_000);
	});

	it('with Location is not followed', async () => {
		await using origin = await startOrigin(
			answer({headers: {etag: '"a"'}, body: 'kept'}, {status: 304, headers: {location: '/elsewhere'}}),
		);
		await using session = new CachedSession({alwaysRevalidate: true});
		await session.get(origin.url);
		const validated = await session.get(origin.url);
		expect(validated).toMatchObject({body: 'kept', isFromCache: true, url: `${origin.url}/`, redirectUrls: []});
		expect(origin.requests.map(({url}) => url)).toEqual(['/', '/']);
	});

	it('with another ETag has the whole asked for once more', async () => {
		let version = 'a';
		await using origin = await startOrigin(({headers}) => {
			const etag = `"${version}"`;
			return headers['if-none-match'] ? {status: 304, headers: {etag}} : {headers: {etag}, body: version};
		});
		await using session = new CachedSession({alwaysRevalidate: true});
		await session.get(origin.url);
		version = 'b';
		expect(await session.get(origin.url)).toMatchObject({body: 'b', isFromCache: false});
		expect(await session.get(origin.url)).toMatchObject({body: 'b', isFromCache: true});
		expect(origin.requests.map(({headers}) => headers['if-none-match'])).toEqual([undefined, '"a"', undefined, '"b"']);
	});

	it('to a request without conditions goes to the caller, who gets no loop', async () => {
		let etag = '"a"';
		await using origin = await startOrigin(({headers}) =>
			headers['x-broken'] ? {status: 304, headers: {etag}} : {headers: {etag}, body: 'kept'},
		);
		await using session = new CachedSession({alwaysRevalidate: true});
		await session.get(origin.url);
		etag = '"b"';
		const options = {headers: {'x-broken': '1'}};
		expect(await session.get(origin.url, options)).toMatchObject({statusCode: 304, isFromCache: false});
		expect(origin.requests).toHaveLength(3);
		expect(await storedIn(session.cache)).toMatchObject([{statusCode: 200}]);
	});

	it('is served although the record has gone meanwhile, and does not bring it back', async () => {
		await using origin = await startOrigin(async request => {
			await session.cache.clear();
			return answer({headers: {etag: '"a"'}, body: 'kept'})(request, undefined as never);
		});
		await using session: CachedSession = new CachedSession({alwaysRevalidate: true});
		await session.get(origin.url);
		expect(await session.get(origin.url)).toMatchObject({body: 'kept', isFromCache: true});
		expect(await session.cache.size()).toBe(0);
	});

	it('leaves a decoded body decoded', async () => {
		const coded = {headers: {etag: '"a"', 'content-encoding': 'gzip'}, body: gzipSync('text')};
		await using origin = await startOrigin(
			answer(coded, {status: 304, headers: {etag: '"a"', 'content-encoding': 'gzip'}}),
		);
		await using session = new CachedSession({alwaysRevalidate: true});
		await session.get(origin.url);
		const validated = await session.get(origin.url);
		expect(validated).toMatchObject({body: 'text', isFromCache: true});
		expect(validated.headers).not.toHaveProperty('content-encoding');
		expect((await session.get(origin.url)).body).toBe('text');
	});

	it('to a HEAD renews the record of the GET', async () => {
		using clock = moveClock();
		await using origin = await startOrigin(answer({headers: {etag: '"a"'}, body: 'kept'}));
		await using session = new CachedSession({expireAfter: 60});
		await session.get(origin.url);
		clock.advance(61);
		expect(await session.head(origin.url)).toMatchObject({body: '', isFromCache: true, isExpired: false});
		expect(await session.get(origin.url)).toMatchObject({body: 'kept', isFromCache: true});
		expect(origin.requests.map(({method}) => method)).toEqual(['GET', 'HEAD']);
	});
});

describe('another answer to a validation', () => {
	it('replaces what is stored when it is a 200', async () => {
		let version = 'a';
		await using origin = await startOrigin(({headers}) =>
			headers['if-none-match'] === `"${version}"`
				? {status: 304}
				: {headers: {etag: `"${version}"`, [`x-${version}`]: '1'}, body: version},
		);
		await using session = new CachedSession({alwaysRevalidate: true});
		await session.get(origin.url);
		version = 'b';
		const replaced = await session.get(origin.url);
		expect(replaced).toMatchObject({body: 'b', isFromCache: false});
		const validated = await session.get(origin.url);
		expect(validated).toMatchObject({body: 'b', isFromCache: true, headers: {etag: '"b"', 'x-b': '1'}});
		expect(validated.headers).not.toHaveProperty('x-a');
		expect(await session.cache.size()).toBe(1);
	});

	it('leaves what is stored when it may not be stored itself', async () => {
		await using origin = await startOrigin(answer({headers: {etag: '"a"'}, body: 'kept'}, {status: 404}));
		await using session = new CachedSession({throwHttpErrors: false});
		await session.get(origin.url);
		expect(await session.get(origin.url, {refresh: true})).toMatchObject({statusCode: 404, isFromCache: false});
		expect(await session.get(origin.url)).toMatchObject({statusCode: 200, body: 'kept', isFromCache: true});
	});

	it('is followed when it is a redirect', async () => {
		await using origin = await startOrigin(
			answer({headers: {etag: '"a"'}, body: 'kept'}, {status: 302, headers: {location: '/new'}}),
		);
		origin.route('/new', 'moved');
		await using session = new CachedSession();
		await session.get(origin.url);
		expect(await session.get(origin.url, {refresh: true})).toMatchObject({body: 'moved', url: `${origin.url}/new`});
		expect(await session.get(origin.url)).toMatchObject({body: 'moved', isFromCache: true});
	});
});

describe('what the caller asks for itself', () => {
	it.each([
		['If-None-Match', {'If-None-Match': '"a"'}],
		['If-Modified-Since', {'if-modified-since': MODIFIED}],
		['If-Match', {'if-match': '"a"'}],
		['If-Unmodified-Since', {'if-unmodified-since': MODIFIED}],
		['If-Range', {'if-range': '"a"', range: 'bytes=0-1'}],
		['Range', {Range: 'bytes=0-1'}],
	])('goes past the cache: %s', async (_name, headers) => {
		await using origin = await startOrigin({headers: {etag: '"a"'}, body: 'kept'});
		await using session = new CachedSession();
		await session.get(origin.url);
		origin.fallback({body: 'other'});
		expect(await session.get(origin.url, {headers})).toMatchObject({body: 'other', cacheKey: undefined});
		expect(await session.get(origin.url)).toMatchObject({body: 'kept', isFromCache: true});
		expect(origin.requests).toHaveLength(2);
	});

	it('is answered with 304 and 206 as it comes', async () => {
		await using origin = await startOrigin(({headers}) =>
			headers.range ? {status: 206, headers: {'content-range': 'bytes 0-1/4'}, body: 'ke'} : {status: 304},
		);
		await using session = new CachedSession();
		expect(await session.get(origin.url, {headers: {range: 'bytes=0-1'}})).toMatchObject({statusCode: 206, body: 'ke'});
		expect(await session.get(origin.url, {headers: {'if-none-match': '"a"'}})).toMatchObject({statusCode: 304});
		expect(await session.cache.size()).toBe(0);
	});
});
