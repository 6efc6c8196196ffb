import {describe, expect, it} from '@jest/globals';
import {moveClock} from '../../../../../test-support/moved-clock.js';
import {type Origin, startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession, type CachedSessionOptions} from '../../../src/index.js';
import {runSteps, type Story} from './run-steps.js';

const says = (control: string, rest: object = {}) => ({
	headers: {'cache-control': control, etag: '"a"', ...rest},
	body: 'stored',
});
const stale = {statusCode: 200, body: 'stored', isFromCache: true, isExpired: true};

const stories: Story[] = [
	[
		'stale-while-revalidate serves at once and renews behind',
		{reply: says('max-age=1, stale-while-revalidate=60'), sent: {}},
		{after: 3, reply: {...says('max-age=10'), body: 'new'}, sent: {'if-none-match': '"a"'}, gives: stale},
		{sent: false, gives: {body: 'new', isExpired: false}},
	],
	[
		'stale-while-revalidate ends',
		{reply: says('max-age=1, stale-while-revalidate=5'), sent: {}},
		{after: 7, reply: {...says('max-age=1'), body: 'new'}, sent: {}, gives: {body: 'new'}},
	],
	[
		'stale-while-revalidate leaves what is stored when the refresh fails',
		{reply: says('max-age=1, stale-while-revalidate=60'), sent: {}},
		{after: 3, reply: {status: 500}, sent: {}, gives: stale},
		{sent: {}, gives: stale},
	],
	...[500, 502, 503, 504].map<Story>(status => [
		`stale-if-error stands in for ${status}`,
		{reply: says('max-age=1, stale-if-error=60'), sent: {}},
		{after: 3, reply: {status}, sent: {}, gives: stale},
	]),
	[
		'stale-if-error does not stand in for 404',
		{reply: says('max-age=1, stale-if-error=60'), sent: {}},
		{after: 3, reply: {status: 404}, sent: {}, gives: {statusCode: 404}},
	],
	[
		'stale-if-error ends',
		{reply: says('max-age=1, stale-if-error=5'), sent: {}},
		{after: 7, reply: {status: 503}, sent: {}, gives: {statusCode: 503}},
	],
	[
		'must-revalidate forbids both',
		{reply: says('max-age=1, stale-if-error=60, stale-while-revalidate=60, must-revalidate'), sent: {}},
		{after: 3, reply: {status: 503}, sent: {}, gives: {statusCode: 503}},
	],
	[
		"the caller's stale-if-error counts",
		{reply: says('max-age=1'), sent: {}},
		{after: 3, headers: {'cache-control': 'stale-if-error=60'}, reply: {status: 503}, sent: {}, gives: stale},
	],
	[
		'no-cache of the request lets nothing stand in',
		{reply: says('max-age=1, stale-if-error=60'), sent: {}},
		{after: 3, headers: {'cache-control': 'no-cache'}, reply: {status: 503}, sent: {}, gives: {statusCode: 503}},
	],
	[
		"what stands in answers the caller's own condition",
		{reply: says('max-age=1, stale-if-error=60'), sent: {}},
		{after: 3, headers: {'if-none-match': '"a"'}, reply: {status: 503}, sent: {}, gives: {statusCode: 304, body: ''}},
	],
	[
		'what stands in answers a range',
		{reply: says('max-age=1, stale-if-error=60'), sent: {}},
		{after: 3, headers: {range: 'bytes=0-1'}, reply: {status: 503}, sent: {}, gives: {statusCode: 206, body: 'st'}},
	],
	[
		'a stale response says so',
		{reply: says('max-age=1'), sent: {}},
		{
			after: 3,
			headers: {'cache-control': 'max-stale=10'},
			sent: false,
			gives: {
				...stale,
				headers: expect.objectContaining({age: '3'}),
				cacheStatus: expect.objectContaining({hit: true, ttl: -2, detail: 'maxStale'}),
			},
		},
	],
];

/** An origin that is gone, and a session that has something stale of it. */
async function abandoned(options: CachedSessionOptions, headers: object = {}): Promise<[CachedSession, Origin]> {
	const origin = await startOrigin(says('max-age=0, stale-if-error=60', headers));
	const session = new CachedSession({cacheControl: true, retry: {limit: 0}, ...options});
	await session.get(origin.url);
	await origin.close();
	return [session, origin];
}

describe('serving stale', () => {
	it.each(stories)('%s', (_name, ...steps) => runSteps(steps));

	it('stands in for a connection that is refused, and fits the condition of the caller', async () => {
		const [session, {url}] = await abandoned({});
		expect(await session.get(url)).toMatchObject({
			body: 'stored',
			isFromCache: true,
			cacheStatus: {hit: false, fwd: 'stale', detail: 'staleIfError'},
		});
		expect(await session.get(url, {headers: {'if-none-match': '"a"'}})).toMatchObject({statusCode: 304, body: ''});
		expect(await session.get(url, {headers: {range: 'bytes=-2'}})).toMatchObject({statusCode: 206, body: 'ed'});
		await session.close();
	});

	it('stands in for an origin that is too slow', async () => {
		await using origin = await startOrigin(says('max-age=0, stale-if-error=60'));
		await using session = new CachedSession({cacheControl: true, retry: {limit: 0}});
		await session.get(origin.url);
		origin.fallback(() => undefined);
		expect((await session.get(origin.url, {timeout: {response: 50}})).body).toBe('stored');
	});

	it('refreshes once for all who are served meanwhile', async () => {
		using clock = moveClock();
		await using origin = await startOrigin({...says('max-age=1, stale-while-revalidate=60'), delay: 20});
		await using session = new CachedSession({cacheControl: true});
		await session.get(origin.url);
		clock.advance(3);
		const responses = await Promise.all([1, 2, 3, 4, 5].map(() => session.get(origin.url)));
		expect(responses.every(({isExpired}) => isExpired)).toBe(true);
		await session.idle();
		expect(origin.requests).toHaveLength(2);
	});
});

describe('idle()', () => {
	it('waits for the refresh, as close() does', async () => {
		using clock = moveClock();
		await using origin = await startOrigin(says('max-age=1, stale-while-revalidate=60'));
		const session = new CachedSession({cacheControl: true});
		await session.get(origin.url);
		clock.advance(3);
		origin.fallback({...says('max-age=1, stale-while-revalidate=60'), delay: 50});
		await session.get(origin.url);
		expect((await session.explain(origin.url)).plan).toBe('serveStale');
		await session.idle();
		expect((await session.explain(origin.url)).stored?.createdAt.getTime()).toBe(Date.now());
		clock.advance(3);
		await session.get(origin.url);
		await session.close();
		expect(origin.requests).toHaveLength(3);
	});

	it('resolves when nothing was ever asked', async () => {
		await using session = new CachedSession();
		await expect(session.idle()).resolves.toBeUndefined();
	});
});
