import {describe, expect, it} from '@jest/globals';
import got, {type Got, type OptionsInit, type Response} from 'got';
import {type Origin, startOrigin} from '../../../../../test-support/origin-server.js';
import {CachedSession, ClientSession, type PaginateOptions} from '../../../src/index.js';

/** Pages of two items; each page names the next one in its `Link`. */
async function startPages(pages = 3): Promise<Origin> {
	const origin = await startOrigin(({url}) => {
		const page = Number(new URL(url, 'http://a').searchParams.get('page') ?? 1);
		const next = `${origin.url}/items?page=${page + 1}`;
		return {
			headers: page < pages ? {link: `<${next}>; rel="next"`} : {},
			body: [page * 10, page * 10 + 1],
		};
	});
	return origin;
}

const items = [10, 11, 20, 21, 30, 31];
const paths = (origin: Origin) => origin.requests.map(({url}) => url);

type Paginator = Pick<Got, 'paginate'> | Pick<CachedSession, 'paginate'>;

/** Goes through the pages in each way that there is. */
async function collect<T>(client: Paginator, url: string, options: PaginateOptions<T, unknown> = {}): Promise<T[][]> {
	const {paginate} = client as CachedSession;
	const one: T[] = [];
	for await (const item of paginate<T>(url, options)) {
		one.push(item);
	}
	const two: T[] = [];
	for await (const item of paginate.each<T>(url, options)) {
		two.push(item);
	}
	return [one, two, await paginate.all<T>(url, options)];
}

describe('session.paginate', () => {
	it('goes through all pages, each of them cached', async () => {
		await using origin = await startPages();
		await using session = new CachedSession();
		expect(await collect(session, `${origin.url}/items`)).toEqual([items, items, items]);
		expect(paths(origin)).toEqual(['/items', '/items?page=2', '/items?page=3']);
		expect(await session.get(`${origin.url}/items?page=2`)).toMatchObject({isFromCache: true});
		await session.cache.deleteUrl(`${origin.url}/items?page=2`);
		origin.requests.length = 0;
		expect(await session.paginate.all(`${origin.url}/items`)).toEqual(items);
		expect(paths(origin)).toEqual(['/items?page=2']);
	});

	it('asks for a page when it is wanted', async () => {
		await using origin = await startPages();
		await using session = new CachedSession();
		for await (const item of session.paginate<number>(`${origin.url}/items`)) {
			if (item === 20) {
				break;
			}
		}
		expect(paths(origin)).toEqual(['/items', '/items?page=2']);
	});

	it.each<[string, PaginateOptions<number, unknown>]>([
		['countLimit', {pagination: {countLimit: 3}}],
		['requestLimit', {pagination: {requestLimit: 2}}],
		['filter', {pagination: {filter: ({item}) => item % 2 === 0}}],
		['shouldContinue', {pagination: {shouldContinue: ({item}) => item < 21}}],
		['transform', {pagination: {transform: response => JSON.parse(response.body as string).slice(1)}}],
		['responseType', {responseType: 'json', pagination: {transform: response => response.body as number[]}}],
		[
			'paginate',
			{
				searchParams: {page: 2},
				pagination: {
					paginate: ({response}) => {
						const page = Number(response.request.options.url && new URL(response.url).searchParams.get('page'));
						return page < 3 ? {searchParams: {page: page + 1}} : false;
					},
				},
			},
		],
		['stackAllItems', {pagination: {stackAllItems: true, filter: ({allItems}) => allItems.length < 4}}],
		[
			'the very options of the last page',
			{
				pagination: {
					paginate: ({response}) => {
						const {options} = response.request;
						const page = Number(new URL(response.url).searchParams.get('page') ?? 1);
						if (page === 3) {
							return false;
						}
						options.url = new URL(`${new URL(response.url).origin}/items?page=${page + 1}`);
						return options as OptionsInit;
					},
				},
			},
		],
		['an instance of got, twice over', {headers: {accept: 'application/json'}, resolveBodyOnly: true}],
	])("takes got's options: %s", async (_, options) => {
		await using origin = await startPages();
		const expected = await collect<number>(got, `${origin.url}/items`, options);
		const asked = paths(origin).slice(0, origin.requests.length / 3);
		expect(expected[2]!.length).toBeGreaterThan(0);
		origin.requests.length = 0;
		await using session = new CachedSession();
		expect(await collect<number>(session, `${origin.url}/items`, options)).toEqual(expected);
		expect(paths(origin)).toEqual(asked);
		origin.requests.length = 0;
		expect(await collect<number>(session.toGot().extend({}), `${origin.url}/items`, options)).toEqual(expected);
		expect(paths(origin)).toEqual([]);
	});

	it('takes those of the session, for every page', async () => {
		await using origin = await startPages();
		await using session = new CachedSession();
		const url = `${origin.url}/items`;
		await session.paginate.all(url, {expireAfter: 60, context: {mine: true}});
		const facts = (await session.get(`${url}?page=2`)) as Response & {expires: Date | undefined};
		expect(facts.expires).toBeInstanceOf(Date);
		await session.paginate.all(url, {forceRefresh: true});
		expect(origin.requests).toHaveLength(6);
		const contexts: unknown[] = [];
		const transform = (response: Response) => {
			contexts.push(response.request.options.context['mine']);
			return [1];
		};
		await session.paginate.all(url, {cache: false, context: {mine: true}, pagination: {transform}});
		expect(contexts).toEqual([true, true, true]);
		expect(origin.requests).toHaveLength(9);
	});

	it('has defaults from the session', async () => {
		await using origin = await startPages();
		await using session = new CachedSession({prefixUrl: origin.url, pagination: {countLimit: 1}});
		expect(await session.paginate.all('items')).toEqual([10]);
		await using extended = session.extend({pagination: {countLimit: 2}});
		expect(await extended.paginate.all('items')).toEqual([10, 11]);
		expect(origin.requests).toHaveLength(1);
	});

	it('works without a cache', async () => {
		await using origin = await startPages();
		await using session = new ClientSession();
		expect(await session.paginate.all(`${origin.url}/items`)).toEqual(items);
		expect(await session.paginate.all(`${origin.url}/items`)).toEqual(items);
		expect(origin.requests).toHaveLength(6);
	});

	it.each<[string, object]>([
		['an unknown option', {nonsense: 1}],
		['a wrong setting', {expireAfter: 'soon'}],
		['isStream', {isStream: true}],
		['a pagination that is none', {pagination: {transform: 'no'}}],
	])('rejects %s', async (_, options) => {
		await using origin = await startPages();
		await using session = new CachedSession();
		await expect(session.paginate.all(origin.url, options)).rejects.toThrow();
		await expect(session.paginate(origin.url, options).next()).rejects.toThrow();
		expect(origin.requests).toHaveLength(0);
	});

	it('rejects with the error of a page, after the items before it', async () => {
		await using origin = await startPages();
		await using session = new CachedSession({retry: {limit: 0}});
		origin.fallback(({url}) =>
			url === '/items' ? {headers: {link: '</more>; rel="next"'}, body: [1]} : {status: 404},
		);
		const seen: unknown[] = [];
		const run = async () => {
			for await (const item of session.paginate(`${origin.url}/items`)) {
				seen.push(item);
			}
		};
		await expect(run()).rejects.toMatchObject({name: 'HTTPError'});
		await session.close();
		await expect(session.paginate.all(`${origin.url}/items`)).rejects.toMatchObject({code: 'ERR_SESSION_CLOSED'});
		expect(seen).toEqual([1]);
	});
});
