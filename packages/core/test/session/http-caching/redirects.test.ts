import {describe, expect, it} from '@jest/globals';
import {moveClock} from '../../../../../test-support/moved-clock.js';
import {type Origin, type OriginReply, startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession} from '../../../src/index.js';

const age = (seconds: number) => ({'cache-control': `max-age=${seconds}`});

/** An origin whose answers have the date of the moved clock: a redirect from `/a`, and the end of it at `/b`. */
function originWith(hop: OriginReply, end: OriginReply): Promise<Origin> {
	return startOrigin(({url}) => {
		const reply = url === '/a' ? hop : end;
		return {...reply, headers: {date: new Date(Date.now()).toUTCString(), ...reply.headers}};
	});
}

const paths = ({requests}: Origin) => requests.map(({url}) => url);

describe('redirects with cacheControl', () => {
	it.each<[name: string, status: number, headers: NonNullable<OriginReply['headers']>, isKept: boolean]>([
		['a permanent one without explicit freshness', 301, {'last-modified': 'Sun, 06 Nov 1994 08:49:37 GMT'}, true],
		['a temporary one without explicit freshness', 302, {}, false],
		[
			'a temporary one without explicit freshness, but an old Last-Modified',
			307,
			{'last-modified': 'Sun, 06 Nov 1994 08:49:37 GMT'},
			false,
		],
		['a temporary one with max-age', 302, age(60), true],
		['a permanent one with no-store', 308, {'cache-control': 'no-store'}, false],
		['a permanent one with max-age=0', 301, age(0), false],
	])('%s is followed from the store: %s', async (_name, status, headers, isKept) => {
		using _ = moveClock();
		await using origin = await originWith({status, headers: {location: '/b', ...headers}}, {headers: age(60)});
		await using session = new CachedSession({cacheControl: true});
		await session.get(`${origin.url}/a`);
		const again = await session.get(`${origin.url}/a`);
		expect(again).toMatchObject({isFromCache: isKept, url: `${origin.url}/b`});
		expect(again.redirectUrls.map(String)).toEqual([`${origin.url}/b`]);
		expect(paths(origin)).toEqual(isKept ? ['/a', '/b'] : ['/a', '/b', '/a', '/b']);
	});

	it('have each its own freshness', async () => {
		using clock = moveClock();
		await using origin = await originWith({status: 301, headers: {location: '/b', ...age(10)}}, {headers: age(60)});
		await using session = new CachedSession({cacheControl: true});
		await session.get(`${origin.url}/a`);
		clock.advance(11);
		expect((await session.get(`${origin.url}/a`)).isFromCache).toBe(false);
		expect((await session.get(`${origin.url}/b`)).isFromCache).toBe(true);
		expect(paths(origin)).toEqual(['/a', '/b', '/a', '/b']);
	});

	it('do not take conditions about their end to their beginning', async () => {
		using clock = moveClock();
		await using origin = await originWith(
			{status: 301, headers: {location: '/b', ...age(60)}},
			{headers: {...age(5), etag: '"a"'}},
		);
		await using session = new CachedSession({cacheControl: true});
		await session.get(`${origin.url}/a`);
		clock.advance(6);
		await session.get(`${origin.url}/a`);
		expect(origin.requests.map(({headers}) => headers['if-none-match'])).toEqual([
			undefined,
			undefined,
			undefined,
			undefined,
		]);
	});

	it('to something stale are followed to what stands in when the server fails', async () => {
		using clock = moveClock();
		await using origin = await originWith(
			{status: 301, headers: {location: '/b', ...age(60)}},
			{headers: {'cache-control': 'max-age=5, stale-if-error=60'}, body: 'end'},
		);
		await using session = new CachedSession({cacheControl: true});
		await session.get(`${origin.url}/a`);
		clock.advance(6);
		origin.fallback({status: 503});
		expect(await session.get(`${origin.url}/a`)).toMatchObject({
			body: 'end',
			url: `${origin.url}/b`,
			isFromCache: true,
		});
	});

	it('from what was stored do not delete it when it is elsewhere that nothing may be stored', async () => {
		await using origin = await startOrigin({headers: {...age(60), etag: '"a"'}, body: 'kept'});
		await using session = new CachedSession({cacheControl: true});
		await session.get(origin.url);
		origin.route('/', {status: 302, headers: {location: '/away', 'cache-control': 'no-store'}});
		origin.route('/away', {headers: {'cache-control': 'no-store'}, body: 'away'});
		expect((await session.get(origin.url, {refresh: true})).body).toBe('away');
		expect((await session.explain(origin.url)).stored).toBeDefined();
	});

	it('are conditions answered with at the end of stored ones', async () => {
		using _ = moveClock();
		await using origin = await originWith(
			{status: 301, headers: {location: '/b', ...age(60)}},
			{headers: {...age(60), etag: '"a"'}, body: 'end'},
		);
		await using session = new CachedSession({cacheControl: true});
		await session.get(`${origin.url}/a`);
		const given = await session.get(`${origin.url}/a`, {headers: {'if-none-match': '"a"'}});
		expect(given).toMatchObject({statusCode: 304, url: `${origin.url}/b`, isFromCache: true});
		expect(origin.requests).toHaveLength(2);
	});
});
