/**
 * What TypeScript makes of the public API. `tsc` checks it: the functions below are compiled and never called.
 * Every line after `@ts-expect-error` must be an error.
 */
import {describe, it} from '@jest/globals';
import {expectTypeOf} from 'expect-type';
import type {Response} from 'got';
import type {
	CachedResponse,
	CachedSession,
	CacheStatus,
	ClientSession,
	Explanation,
	RequestOptions,
	ResponsePromise,
} from '../../src/index.js';
import type {User} from './compiled.js';
import {compiled} from './compiled.js';

type Bytes = Response['rawBody'];

const VERBS = ['request', 'get', 'post', 'put', 'patch', 'head', 'delete'] as const;

describe('a request', () => {
	it('gives text by default', () => {
		compiled((session: CachedSession, url: URL) => {
			expectTypeOf(session.get('x')).toEqualTypeOf<ResponsePromise<CachedResponse<string>>>();
			expectTypeOf(session.get(url)).resolves.toEqualTypeOf<CachedResponse<string>>();
			expectTypeOf(session.get('x', {})).resolves.toEqualTypeOf<CachedResponse<string>>();
			expectTypeOf(session.get('x', {headers: {a: 'b'}})).resolves.toEqualTypeOf<CachedResponse<string>>();
			expectTypeOf(session.get('x', {responseType: 'text'})).resolves.toEqualTypeOf<CachedResponse<string>>();
			expectTypeOf(session.get('x', {expireAfter: '3h'})).resolves.toEqualTypeOf<CachedResponse<string>>();
			expectTypeOf(session.get('x', {resolveBodyOnly: false})).resolves.toEqualTypeOf<CachedResponse<string>>();
			expectTypeOf(session.get('x', {resolveBodyOnly: true})).resolves.toEqualTypeOf<string>();
		});
	});

	it('for JSON takes the type of the body', () => {
		compiled((session: CachedSession) => {
			expectTypeOf(session.get('x', {responseType: 'json'})).resolves.toEqualTypeOf<CachedResponse<unknown>>();
			expectTypeOf(session.get<User>('x', {responseType: 'json'})).resolves.toEqualTypeOf<CachedResponse<User>>();
			expectTypeOf(
				session.get<User>('x', {responseType: 'json', resolveBodyOnly: true}),
			).resolves.toEqualTypeOf<User>();
			expectTypeOf(session.get<User>('x', {responseType: 'json', resolveBodyOnly: false})).resolves.toEqualTypeOf<
				CachedResponse<User>
			>();
			expectTypeOf(session.get('x', {responseType: 'json', resolveBodyOnly: true})).resolves.toEqualTypeOf<unknown>();
			// @ts-expect-error A type of the body without JSON would be a lie.
			session.get<User>('x');
			// @ts-expect-error The same, with options.
			session.get<User>('x', {responseType: 'text'});
			// @ts-expect-error The same, with options.
			session.get<User>('x', {resolveBodyOnly: true});
		});
	});

	it('for bytes gives what this got does: a Buffer in 14, a Uint8Array from 15 on', () => {
		compiled((session: CachedSession) => {
			expectTypeOf(session.get('x', {responseType: 'buffer'})).resolves.toEqualTypeOf<CachedResponse<Bytes>>();
			expectTypeOf(session.get('x', {responseType: 'buffer', resolveBodyOnly: true})).resolves.toEqualTypeOf<Bytes>();
		});
	});

	it('with options that are known only later gives what is sure', () => {
		compiled((session: CachedSession, options: RequestOptions, bodyOnly: boolean, type: 'text' | 'buffer') => {
			expectTypeOf(session.get('x', options)).resolves.toEqualTypeOf<unknown>();
			expectTypeOf(session.get('x', {resolveBodyOnly: bodyOnly})).resolves.toEqualTypeOf<
				string | CachedResponse<string>
			>();
			expectTypeOf(session.get('x', {responseType: type})).resolves.toEqualTypeOf<CachedResponse<string | Bytes>>();
			expectTypeOf(session.get('x', {responseType: type, resolveBodyOnly: true})).resolves.toEqualTypeOf<
				string | Bytes
			>();
			const fixed = {headers: {a: 'b'}} as const;
			expectTypeOf(session.get('x', fixed)).resolves.toEqualTypeOf<CachedResponse<string>>();
			const maybe: {headers: {a: string}} | undefined = Math.random() > 2 ? {headers: {a: 'b'}} : undefined;
			expectTypeOf(session.get('x', maybe)).resolves.toEqualTypeOf<CachedResponse<string>>();
		});
	});

	it('says the same for every verb', () => {
		compiled((session: CachedSession, client: ClientSession) => {
			for (const verb of VERBS) {
				expectTypeOf(session[verb]('x')).resolves.toEqualTypeOf<CachedResponse<string>>();
				expectTypeOf(session[verb]<User>('x', {responseType: 'json'})).resolves.toEqualTypeOf<CachedResponse<User>>();
				expectTypeOf(
					session[verb]<User>('x', {responseType: 'json', resolveBodyOnly: true}),
				).resolves.toEqualTypeOf<User>();
				expectTypeOf(session[verb]('x', {responseType: 'buffer'})).resolves.toEqualTypeOf<CachedResponse<Bytes>>();
				expectTypeOf(client[verb]('x', {resolveBodyOnly: true})).resolves.toEqualTypeOf<string>();
			}
		});
	});

	it('takes the options of got and of the cache, and no others', () => {
		compiled((session: CachedSession) => {
			session.post('x', {json: {a: 1}, timeout: {request: 5}, retry: {limit: 0}, searchParams: {a: 1}});
			session.get('x', {expireAfter: {hours: 3}, refresh: true, forceRefresh: false, onlyIfCached: true, cache: false});
			// @ts-expect-error No option of anybody.
			session.get('x', {unheardOf: 1});
			// @ts-expect-error A session gives promises.
			session.get('x', {isStream: true});
			// @ts-expect-error got's own cache is off.
			session.get('x', {cache: new Map()});
			// @ts-expect-error There is one URL already.
			session.get('x', {url: 'y'});
			// @ts-expect-error Not a duration.
			session.get('x', {expireAfter: true});
			// @ts-expect-error A setting of sessions.
			session.get('x', {staleIfError: true});
			// @ts-expect-error Not a type of bodies.
			session.get('x', {responseType: 'xml'});
			// @ts-expect-error A URL is needed.
			session.get();
			// @ts-expect-error And not options in its place.
			session.get({url: 'x'});
		});
	});

	it('has shortcuts', () => {
		compiled((session: CachedSession) => {
			expectTypeOf(session.get('x').json()).toEqualTypeOf<Promise<unknown>>();
			expectTypeOf(session.get('x').json<User>()).toEqualTypeOf<Promise<User>>();
			expectTypeOf(session.get('x').text()).toEqualTypeOf<Promise<string>>();
			expectTypeOf(session.get('x').buffer()).toEqualTypeOf<Promise<Bytes>>();
			expectTypeOf(session.get('x', {resolveBodyOnly: true}).json<User>()).toEqualTypeOf<Promise<User>>();
			expectTypeOf(session.get('x').then(({body}) => body)).toEqualTypeOf<Promise<string>>();
			expectTypeOf(session.get('x')).toExtend<Promise<Response<string>>>();
		});
	});
});

describe('a response', () => {
	it("is got's, with what the cache knows", () => {
		expectTypeOf<CachedResponse<User>>().toExtend<Response<User>>();
		expectTypeOf<CachedResponse<User>['body']>().toEqualTypeOf<User>();
		expectTypeOf<CachedResponse['body']>().toEqualTypeOf<unknown>();
		expectTypeOf<CachedResponse['isFromCache']>().toEqualTypeOf<boolean>();
		expectTypeOf<CachedResponse['createdAt']>().toEqualTypeOf<Date>();
		expectTypeOf<CachedResponse['expires']>().toEqualTypeOf<Date | undefined>();
		expectTypeOf<CachedResponse['isExpired']>().toEqualTypeOf<boolean>();
		expectTypeOf<CachedResponse['cacheKey']>().toEqualTypeOf<string | undefined>();
		expectTypeOf<CachedResponse['cacheStatus']>().toEqualTypeOf<CacheStatus | undefined>();
		expectTypeOf<ReturnType<CachedSession['explain']>>().toEqualTypeOf<Promise<Explanation>>();
		expectTypeOf<ReturnType<CachedSession['idle']>>().toEqualTypeOf<Promise<void>>();
		expectTypeOf<CachedResponse['statusCode']>().toEqualTypeOf<number>();
		compiled((response: CachedResponse) => {
			// @ts-expect-error It says what is, and cannot be told.
			response.cacheKey = 'x';
		});
	});
});
