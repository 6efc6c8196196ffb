import {describe, expect, it} from '@jest/globals';
import {type Origin, type OriginReply, startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession, type CachedSessionOptions} from '../../../src/index.js';
import {runSteps, type Step, type Story} from './run-steps.js';

const stored: Step = {reply: {headers: {'cache-control': 'max-age=60'}, body: 'stored'}, sent: {}};
const other: Step = {...stored, path: '/other'};

const changes = (method: NonNullable<Step['method']>, reply: OriginReply, path = '/'): Step => ({
	method,
	path,
	reply,
	sent: {},
	gives: {statusCode: reply.status ?? 200},
});
const gone: Step = {reply: {body: 'new'}, sent: {}, gives: {body: 'new'}};
const kept: Step = {sent: false, gives: {body: 'stored'}};

const stories: Story[] = [
	['POST invalidates', stored, changes('POST', {}), gone],
	['PUT invalidates', stored, changes('PUT', {status: 204}), gone],
	['DELETE invalidates', stored, changes('DELETE', {}), gone],
	['PATCH invalidates', stored, changes('PATCH', {}), gone],
	['a method that nobody knows invalidates', stored, changes('MOVE' as 'POST', {}), gone],
	['OPTIONS does not', stored, changes('OPTIONS', {}), kept],
	['an error does not', stored, changes('POST', {status: 500}), kept],
	['a refusal does not', stored, changes('POST', {status: 403}), kept],
	['another URL is left alone', stored, changes('POST', {}, '/elsewhere'), kept],
	[
		'Location invalidates',
		other,
		changes('POST', {status: 201, headers: {location: '/other'}}),
		{...gone, path: '/other'},
	],
	[
		'Content-Location invalidates',
		other,
		changes('PUT', {headers: {'content-location': 'other'}}),
		{...gone, path: '/other'},
	],
	[
		'Location at another origin does not',
		other,
		changes('POST', {status: 201, headers: {location: 'http://127.0.0.1:1/other'}}),
		{...kept, path: '/other'},
	],
	[
		'a redirected POST invalidates',
		stored,
		{...changes('POST', {status: 303, headers: {location: 'http://127.0.0.1:1/'}}), options: {followRedirect: false}},
		gone,
	],
];

/** Whether what was stored at the path is still there, for requests with these headers. */
async function isStored(session: CachedSession, url: string, headers: Record<string, string> = {}): Promise<boolean> {
	const {stored: record} = await session.explain(url, {headers});
	return record !== undefined;
}

function originThatVaries(): Promise<Origin> {
	return startOrigin(({method}) =>
		method === 'POST' ? 'changed' : {headers: {'cache-control': 'max-age=60', vary: 'accept-language'}},
	);
}

describe('unsafe methods', () => {
	it.each(stories)('%s', (_name, ...steps) => runSteps(steps));

	it('make all variants go, of every user', async () => {
		await using origin = await originThatVaries();
		await using session = new CachedSession({cacheControl: true});
		const all = [{'accept-language': 'de'}, {'accept-language': 'en'}, {authorization: 'Bearer a'}, {cookie: 'a=b'}];
		for (const headers of all) {
			await session.get(origin.url, {headers});
			expect(await isStored(session, origin.url, headers)).toBe(true);
		}
		await session.head(`${origin.url}/other`);
		await session.post(origin.url);
		for (const headers of all) {
			expect(await isStored(session, origin.url, headers)).toBe(false);
		}
		expect(await session.cache.size()).toBe(2);
	});

	it('that are redirected invalidate on every hop', async () => {
		await using origin = await startOrigin({headers: {'cache-control': 'max-age=60'}});
		await using session = new CachedSession({cacheControl: true});
		const list = `${origin.url}/list`;
		await session.get(list);
		origin.route('/list', ({method}) =>
			method === 'POST' ? {status: 303, headers: {location: '/done'}} : {headers: {'cache-control': 'max-age=60'}},
		);
		expect((await session.post(list)).url).toBe(`${origin.url}/done`);
		expect(await isStored(session, list)).toBe(false);
		// What the redirect led to is the answer to a GET, and stored as one.
		expect(await isStored(session, `${origin.url}/done`)).toBe(true);
	});

	it.each<[string, CachedSessionOptions]>([
		['with readOnly', {cacheControl: true, readOnly: true}],
		['without cacheControl', {cacheControl: false}],
	])('leave the store alone %s', async (_name, settings) => {
		await using origin = await startOrigin({headers: {'cache-control': 'max-age=60'}});
		await using writer = new CachedSession({cacheControl: true, autoclose: false});
		await writer.get(origin.url);
		await using session = new CachedSession({cache: writer.cache, autoclose: false, ...settings});
		await session.post(origin.url);
		expect(await isStored(writer, origin.url)).toBe(true);
	});

	it('go past the cache with a body that is a stream, and invalidate', async () => {
		await using origin = await startOrigin({headers: {'cache-control': 'max-age=60'}});
		await using session = new CachedSession({cacheControl: true});
		await session.get(origin.url);
		async function* body() {
			yield 'text';
		}
		await session.post(origin.url, {body: body()});
		expect(String(origin.requests[1]?.body)).toBe('text');
		expect(await isStored(session, origin.url)).toBe(false);
	});
});
