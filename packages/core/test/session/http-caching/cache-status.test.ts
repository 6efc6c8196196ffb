import {describe, expect, it} from '@jest/globals';
import {moveClock} from '../../../../../test-support/moved-clock.js';
import {type OriginReply, startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession, type CachedSessionOptions, ClientSession} from '../../../src/index.js';
import {runSteps, type Story} from './run-steps.js';

const fresh: OriginReply = {headers: {'cache-control': 'max-age=10', etag: '"a"'}, body: 'body'};
const status = (expected: object) => ({cacheStatus: expect.objectContaining({cache: 'got-client-cache', ...expected})});

const stories: Story[] = [
	[
		'a miss that is stored, and a hit',
		{
			reply: fresh,
			sent: {},
			gives: status({hit: false, fwd: 'uri-miss', stored: true, ttl: 10, detail: 'nothingStored'}),
		},
		{after: 3, sent: false, gives: status({hit: true, ttl: 7, detail: 'fresh', key: expect.any(String)})},
	],
	[
		'a miss that is not stored',
		{
			reply: {headers: {'cache-control': 'no-store'}},
			sent: {},
			gives: status({hit: false, fwd: 'uri-miss', stored: false, detail: 'noStore'}),
		},
	],
	[
		'a validation',
		{reply: fresh, sent: {}},
		{
			after: 11,
			reply: {...fresh, status: 304, body: ''},
			sent: {},
			gives: status({hit: false, fwd: 'stale', fwdStatus: 304, stored: true, ttl: 10, detail: 'expired'}),
		},
	],
	[
		'another variant',
		{headers: {'x-kind': 'a'}, reply: {headers: {...fresh.headers, vary: 'x-kind'}}, sent: {}},
		{headers: {'x-kind': 'b'}, sent: {}, gives: status({fwd: 'vary-miss', detail: 'nothingStored'})},
	],
	[
		'a request that demands that the server is asked',
		{reply: fresh, sent: {}},
		{headers: {'cache-control': 'no-cache'}, sent: {}, gives: status({fwd: 'request', detail: 'requestNoCache'})},
	],
	['another method', {method: 'POST', sent: {}, gives: status({hit: false, fwd: 'method', stored: false})}],
	[
		'cache: false',
		{options: {cache: false}, sent: {}, gives: status({hit: false, fwd: 'bypass', detail: 'cacheDisabled'})},
	],
	[
		'a part',
		{reply: fresh, sent: {}},
		{
			headers: {range: 'bytes=0-1'},
			sent: false,
			gives: {statusCode: 206, ...status({hit: true, detail: 'rangeStored'})},
		},
		{
			headers: {'if-none-match': '"a"'},
			sent: false,
			gives: {statusCode: 304, ...status({hit: true, detail: 'etagMatches'})},
		},
	],
	[
		'nothing that may be sent',
		{
			options: {onlyIfCached: true},
			sent: false,
			gives: {statusCode: 504, ...status({hit: false, detail: 'onlyIfCached'})},
		},
	],
];

describe('cacheStatus', () => {
	it.each(stories)('of %s', (_name, ...steps) => runSteps(steps));

	it('is text as well, the value of a Cache-Status field', async () => {
		using clock = moveClock();
		await using origin = await startOrigin();
		await using session = new CachedSession({expireAfter: 60});
		const miss = await session.get(origin.url);
		expect(String(miss.cacheStatus)).toBe(
			`got-client-cache; fwd=uri-miss; ttl=60; stored; key="${miss.cacheKey}"; detail=nothingStored`,
		);
		clock.advance(20);
		const hit = await session.get(origin.url);
		expect(String(hit.cacheStatus)).toBe(`got-client-cache; hit; ttl=40; key="${hit.cacheKey}"; detail=fresh`);
		expect(JSON.parse(JSON.stringify(hit.cacheStatus))).toEqual({
			cache: 'got-client-cache',
			hit: true,
			ttl: 40,
			key: hit.cacheKey,
			detail: 'fresh',
		});
	});

	it('says who shared the answer to another request', async () => {
		await using origin = await startOrigin({...fresh, delay: 20});
		await using session = new CachedSession({cacheControl: true});
		const both = await Promise.all([session.get(origin.url), session.get(origin.url)]);
		expect(both.map(({cacheStatus}) => [cacheStatus?.fwd, cacheStatus?.collapsed])).toEqual([
			['uri-miss', undefined],
			['uri-miss', true],
		]);
	});

	it('says that the store did not take it', async () => {
		await using origin = await startOrigin({headers: {'cache-control': 'max-age=10'}});
		await using session = new CachedSession({cacheControl: true});
		session.on('error', () => undefined);
		session.cache.responses.write = () => {
			throw new Error('full');
		};
		expect((await session.get(origin.url)).cacheStatus).toMatchObject({fwd: 'uri-miss', stored: false});
	});

	it.each<[string, () => ClientSession]>([['of a session without a cache', () => new ClientSession()]])(
		'%s is undefined',
		async (_name, make) => {
			await using origin = await startOrigin();
			await using session = make();
			expect((await session.get(origin.url)).cacheStatus).toBeUndefined();
		},
	);

	it('says that the cache was switched off', async () => {
		await using origin = await startOrigin();
		await using session = new CachedSession();
		const {cacheStatus} = await session.disabled(() => session.get(origin.url));
		expect(cacheStatus).toMatchObject({hit: false, fwd: 'bypass', detail: 'cacheDisabled'});
	});

	it.each<[string, CachedSessionOptions]>([
		['without cacheControl', {}],
		['with it', {cacheControl: true}],
	])('is on the response of an HTTPError too, %s', async (_name, settings) => {
		await using origin = await startOrigin({status: 404});
		await using session = new CachedSession(settings);
		await expect(session.get(origin.url)).rejects.toMatchObject({
			response: {cacheStatus: {hit: false, fwd: 'uri-miss', stored: false}},
		});
	});
});
