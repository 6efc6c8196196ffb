import {describe, expect, it} from '@jest/globals';
import type {ReceivedResponse} from '../../src/policy/judge-response.js';
import {judge, LAST_YEAR, PASS_THROUGH} from './judge-by-rules.js';
import {type JudgeCase, REVALIDATE} from './judge-case.js';
import {cacheControl, dateAt, ETAG, NOW, rfcStored, URL_OF_ALL} from './samples.js';

describe('a 200 to HEAD', () => {
	const stored = rfcStored(cacheControl('max-age=50', 'ETag', ETAG, 'Last-Modified', dateAt(-99), 'X-A', '1'));
	const head = (rawHeaders: string[], changes: JudgeCase = {}) =>
		judge({stored, plan: REVALIDATE, request: {method: 'HEAD'}, response: {rawHeaders, bodySize: 0}, ...changes});

	it.each([
		[['ETag', ETAG]],
		[['ETag', `W/${ETAG}`]],
		[['Last-Modified', dateAt(-99)]],
		[['Content-Length', '5']],
		[[]],
	])('with %p brings its fields', rawHeaders => {
		const verdict = head([...rawHeaders, 'X-A', '2', 'Cache-Control', 'max-age=9']);
		expect(verdict).toMatchObject({
			kind: 'freshen',
			reason: 'headMatches',
			persist: true,
			response: {method: 'GET', bodySize: 5, createdAt: stored.createdAt, expires: NOW + 9000},
		});
		expect('response' in verdict && verdict.response.rawHeaders.join()).toMatch(/X-A,2/);
	});

	it.each([[['ETag', '"v2"']], [['Last-Modified', dateAt(-5)]], [['Content-Length', '6']]])(
		'with %p shows that the stored GET is out of date',
		rawHeaders => {
			expect(head(rawHeaders)).toEqual({kind: 'evict', reason: 'headDiffers'});
		},
	);

	it('is judged by itself where no GET is stored, or with another status, or in settings mode', () => {
		expect(head(cacheControl('max-age=9'), {stored: undefined}).kind).toBe('store');
		expect(head(cacheControl('max-age=9'), {stored: {...stored, method: 'HEAD'}}).kind).toBe('store');
		expect(head([], {response: {statusCode: 410, rawHeaders: cacheControl('max-age=9')}}).kind).toBe('store');
		expect(head(['ETag', '"v2"'], {settings: {cacheControl: false}}).kind).toBe('store');
	});
});

describe('a POST', () => {
	const post = (rawHeaders: string[], changes: Partial<ReceivedResponse> = {}) =>
		judge({
			plan: PASS_THROUGH,
			request: {
				method: 'POST',
				headers: {'content-type': 'text/plain', accept: '*/*'},
				body: {kind: 'bytes', bytes: 'x'},
			},
			response: {rawHeaders, ...changes},
		});
	const EXPLICIT = cacheControl('max-age=5');

	it.each([['/a'], [URL_OF_ALL], [`${URL_OF_ALL}#x`], ['']])(
		'with Content-Location %p may answer a later GET',
		location => {
			expect(post([...EXPLICIT, 'Content-Location', location])).toMatchObject({
				kind: 'store',
				response: {method: 'GET', url: URL_OF_ALL},
				storeAs: {method: 'GET', url: URL_OF_ALL, headers: {accept: '*/*'}},
				invalidations: [URL_OF_ALL],
			});
			expect(post([...EXPLICIT, 'Content-Location', location])).not.toHaveProperty('storeAs.body');
		},
	);

	it.each<[string, string[], Partial<ReceivedResponse>]>([
		['no Content-Location', EXPLICIT, {}],
		['another Content-Location', [...EXPLICIT, 'Content-Location', '/b'], {}],
		['two of them', [...EXPLICIT, 'Content-Location', '/a', 'Content-Location', '/a'], {}],
		['no explicit freshness', ['Content-Location', '/a', ...LAST_YEAR], {}],
		['no freshness at all', [...cacheControl('max-age=0', 'ETag', ETAG), 'Content-Location', '/a'], {}],
		['an error', [...EXPLICIT, 'Content-Location', '/a'], {statusCode: 404}],
	])('with %s may not', (_, rawHeaders, changes) => {
		expect(post(rawHeaders, changes)).toMatchObject({kind: 'skip', reason: 'postNotReusable'});
	});
});

describe('invalidations', () => {
	it.each<[string, JudgeCase, readonly string[] | undefined]>([
		['PUT', {request: {method: 'PUT'}}, [URL_OF_ALL]],
		[
			'an unknown method',
			{request: {method: 'M-SEARCH'}, response: {rawHeaders: ['Location', '/b']}},
			[URL_OF_ALL, 'https://example.com/b'],
		],
		['a failed one', {request: {method: 'PUT'}, response: {statusCode: 500}}, undefined],
		['a safe one', {request: {method: 'OPTIONS'}}, undefined],
		['readOnly', {request: {method: 'PUT'}, settings: {readOnly: true}}, undefined],
		['settings mode', {request: {method: 'PUT'}, settings: {cacheControl: false}}, undefined],
		['a bypass', {request: {method: 'PUT'}, plan: {kind: 'bypass', reason: 'cacheDisabled'}}, [URL_OF_ALL]],
	])('of %s', (_, given, invalidations) => {
		const verdict = judge({plan: PASS_THROUGH, ...given});
		expect(verdict.kind).toBe('skip');
		expect('invalidations' in verdict ? verdict.invalidations : undefined).toEqual(invalidations);
	});
});
