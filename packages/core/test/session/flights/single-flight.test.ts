import {setImmediate as turn} from 'node:timers/promises';
import {describe, expect, it} from '@jest/globals';
import {HTTPError, ParseError} from 'got';
import {type Origin, startOrigin} from '../../../../../test-support/origin-server.js';
import {
	CacheBackend,
	type CachedResponse,
	CachedSession,
	type CachedSessionOptions,
	type RequestOptions,
} from '../../../src/index.js';
import {outcomeOf} from '../ask-three-ways.js';
import {makeGate, settle} from '../gate.js';
import {SlowCache} from '../slow-cache.js';
import {times} from '../times.js';

const N = 20;

const STORES: Array<[string, () => CacheBackend]> = [
	['memory', () => new CacheBackend('x')],
	['a slow store', () => new CacheBackend('x', {responses: new SlowCache(), redirects: new SlowCache()})],
];

describe.each(STORES)('with %s', (_, makeBackend) => {
	const makeSession = (options: CachedSessionOptions = {}) =>
		new CachedSession({cache: makeBackend(), retry: {limit: 0}, ...options});

	/** Starts N requests while the first of them is held back, then lets it go. */
	async function askTogether(
		session: CachedSession,
		origin: Origin,
		optionsOf: (index: number) => RequestOptions = () => ({}),
	): Promise<Array<CachedResponse<string>>> {
		return Promise.all(times(N, index => session.get(origin.url, optionsOf(index)))) as Promise<
			Array<CachedResponse<string>>
		>;
	}

	it('identical requests at once reach the origin once', async () => {
		await using origin = await startOrigin();
		await using session = makeSession();
		const responses = await askTogether(session, origin);
		expect(origin.requests).toHaveLength(1);
		expect(new Set(responses.map(({body}) => body))).toEqual(new Set(['response 1']));
		expect(new Set(responses.map(({cacheKey}) => cacheKey))).toEqual(
			new Set([await session.cache.createKey(origin.url)]),
		);
		expect(responses.filter(({isFromCache}) => !isFromCache)).toHaveLength(1);
	});

	it('so do requests that come in one after the other while the first is under way', async () => {
		const gate = makeGate();
		await using origin = await startOrigin(async () => {
			await gate.pass();
			return 'answer';
		});
		await using session = makeSession();
		const calls: Array<Promise<string>> = [];
		for (let index = 0; index < N; index++) {
			calls.push(session.get(origin.url).text());
			await turn();
		}
		await gate.arrivals(1);
		gate.open();
		// And those that come in just as it lands.
		for (let index = 0; index < N; index++) {
			calls.push(session.get(origin.url).text());
			await turn();
		}
		expect(new Set(await Promise.all(calls))).toEqual(new Set(['answer']));
		expect(origin.requests).toHaveLength(1);
	});

	it('so do identical requests through redirects', async () => {
		await using origin = await startOrigin();
		origin.route('/a', {status: 302, headers: {location: '/b'}});
		await using session = makeSession();
		const responses = await Promise.all(times(N, () => session.get(`${origin.url}/a`)));
		expect(origin.requests.map(({url}) => url)).toEqual(['/a', '/b']);
		expect(new Set(responses.map(({url}) => url))).toEqual(new Set([`${origin.url}/b`]));
		expect(responses.every(({redirectUrls}) => redirectUrls.length === 1)).toBe(true);
	});

	it('requests that differ do not share', async () => {
		await using origin = await startOrigin(({url, headers}) => `${url} ${headers.authorization}`);
		await using session = makeSession();
		const bodies = await Promise.all(
			['/a', '/b'].flatMap(path =>
				['x', 'y'].map(authorization => session.get(`${origin.url}${path}`, {headers: {authorization}}).text()),
			),
		);
		expect(bodies).toEqual(['/a x', '/a y', '/b x', '/b y']);
	});

	it('each presents the shared answer in its own way', async () => {
		await using origin = await startOrigin({status: 404, body: '{"a":'});
		await using session = makeSession({allowedCodes: [404]});
		const outcomes = await Promise.all([
			outcomeOf(session.get(origin.url)),
			outcomeOf(session.get(origin.url, {throwHttpErrors: false, responseType: 'buffer'})),
			outcomeOf(session.get(origin.url, {throwHttpErrors: false, resolveBodyOnly: true})),
			outcomeOf(session.get(origin.url, {responseType: 'json'})),
		]);
		expect(origin.requests).toHaveLength(1);
		expect(outcomes[0]?.error).toBeInstanceOf(HTTPError);
		expect(outcomes[1]?.value).toMatchObject({statusCode: 404, body: Buffer.from('{"a":')});
		expect(outcomes[2]?.value).toBe('{"a":');
		expect(outcomes[3]?.error).toMatchObject({name: 'HTTPError', response: {body: '{"a":'}});
		expect(outcomes[3]?.error).not.toBe(outcomes[0]?.error);
	});

	it.each([0, 1])('a body that one cannot parse is its own trouble (caller %d)', async parsing => {
		await using origin = await startOrigin('no JSON');
		await using session = makeSession();
		const outcomes = await Promise.all(
			times(N, index => outcomeOf(session.get(origin.url, index === parsing ? {responseType: 'json'} : {}))),
		);
		expect(origin.requests).toHaveLength(1);
		const [failed] = outcomes.splice(parsing, 1);
		expect(failed?.error).toBeInstanceOf(ParseError);
		expect(outcomes.every(({value}) => (value as {body: unknown}).body === 'no JSON')).toBe(true);
	});

	it.each<[string, object, CachedSessionOptions]>([
		['a status that is not stored', {status: 201}, {}],
		['Vary: *', {headers: {vary: '*'}}, {}],
		['a filter', {}, {filterFn: () => false}],
		['a large body', {body: 'x'.repeat(100)}, {maxBodySize: 10}],
	])('an answer that is not kept (%s) releases the others at once, all together', async (_case, reply, options) => {
		const gate = makeGate();
		await using origin = await startOrigin(async () => {
			await gate.pass();
			return {...reply};
		});
		await using session = makeSession(options);
		const calls = askTogether(session, origin);
		await gate.arrivals(1);
		await settle();
		expect(origin.requests).toHaveLength(1);
		gate.open();
		// Nobody waits for another one any more.
		await gate.arrivals(N);
		gate.open();
		expect((await calls).every(({isFromCache}) => !isFromCache)).toBe(true);
		expect(origin.requests).toHaveLength(N);
	});

	it('an answer that Vary makes unfit for one is not given to it', async () => {
		await using origin = await startOrigin(({headers}) => ({
			headers: {vary: 'accept-language'},
			body: `in ${headers['accept-language']}`,
		}));
		await using session = makeSession();
		const languages = ['en', 'de'];
		const responses = await askTogether(session, origin, index => ({
			headers: {'accept-language': languages[index % 2]},
		}));
		expect(responses.map(({body}) => body)).toEqual(times(N, index => `in ${languages[index % 2]}`));
		// Those who ask for the other one share one request as well.
		expect(origin.requests).toHaveLength(2);
	});

	it('an answer that Vary makes unfit for many is asked for once a variant, all at once', async () => {
		const gate = makeGate();
		await using origin = await startOrigin(async ({headers}) => {
			await gate.pass();
			return {headers: {vary: 'accept-language'}, body: `in ${headers['accept-language']}`};
		});
		await using session = makeSession();
		const calls = askTogether(session, origin, index => ({headers: {'accept-language': `l${index % 5}`}}));
		await gate.arrivals(1);
		gate.open();
		await gate.arrivals(5);
		gate.open();
		expect((await calls).map(({body}) => body)).toEqual(times(N, index => `in l${index % 5}`));
		expect(origin.requests).toHaveLength(5);
	});

	it('an answer that is as good for one whose request says the same in other words is shared', async () => {
		await using origin = await startOrigin({headers: {vary: 'accept-language'}, body: 'x'});
		await using session = makeSession();
		await askTogether(session, origin, index => ({headers: {'accept-language': index % 2 ? 'en, de' : 'EN,de'}}));
		expect(origin.requests).toHaveLength(1);
	});
});
