import {it} from '@jest/globals';
import {expectTypeOf} from 'expect-type';
import type {Got, Response} from 'got';
import type {CacheContext, CachedSession, ClientSession} from '../../../src/index.js';

interface Item {
	readonly id: number;
}

/** Code that only has to compile. */
function compiled(_code: (session: CachedSession, client: ClientSession) => unknown): void {}

it('the instance of got, its context and the pages are typed', () => {
	compiled(async (session, client) => {
		expectTypeOf(session.toGot()).toEqualTypeOf<Got>();
		expectTypeOf(client.toGot()).toEqualTypeOf<Got>();
		expectTypeOf(await session.toGot()('x')).toExtend<Response<string>>();
		session.toGot()('x', {context: {gotClientCache: {expireAfter: '1h', refresh: true}} satisfies CacheContext});
		session.toGot().extend({context: {gotClientCache: {cache: false}} satisfies CacheContext});
		// @ts-expect-error No setting of anybody.
		session.toGot()('x', {context: {gotClientCache: {unheardOf: 1}} satisfies CacheContext});

		expectTypeOf(session.paginate<Item>('x')).toEqualTypeOf<AsyncIterableIterator<Item>>();
		expectTypeOf(session.paginate.each<Item>('x')).toEqualTypeOf<AsyncIterableIterator<Item>>();
		expectTypeOf(client.paginate.all<Item>(new URL('http://x'))).resolves.toEqualTypeOf<Item[]>();
		session.paginate<Item, {items: Item[]}>('x', {
			responseType: 'json',
			expireAfter: 60,
			pagination: {
				transform: response => {
					expectTypeOf(response).toEqualTypeOf<Response<{items: Item[]}>>();
					return response.body.items;
				},
				filter: ({item}) => item.id > 1,
				paginate: ({currentItems}) => (currentItems.length > 0 ? {searchParams: {after: 1}} : false),
			},
		});
		// @ts-expect-error No option of anybody.
		session.paginate('x', {unheardOf: 1});
		// @ts-expect-error got's own cache is off.
		session.paginate('x', {cache: new Map()});
		// @ts-expect-error A URL is needed.
		session.paginate();
	});
});
