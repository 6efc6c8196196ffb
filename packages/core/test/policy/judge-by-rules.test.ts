import {describe, expect, it} from '@jest/globals';
import {judge, LAST_YEAR, PASS_THROUGH, saying} from './judge-by-rules.js';
import {FETCH, type JudgeCase, REVALIDATE} from './judge-case.js';
import {cacheControl, dateAt, ETAG, NOW, sampleStored} from './samples.js';

describe('how long a response lives', () => {
	it.each<[string, JudgeCase, expires: number, keepUntil?: number | undefined]>([
		['max-age', saying('max-age=60'), 60],
		['max-age less Age', saying('max-age=60', 'Age', '20'), 40],
		['Expires', {response: {rawHeaders: ['Expires', dateAt(60), 'Date', dateAt(0)]}}, 60],
		['no-cache', saying('max-age=60, no-cache', 'ETag', ETAG), 0],
		['a guess', {response: {rawHeaders: ['Last-Modified', dateAt(-1000)]}}, 100],
		['its windows', saying('max-age=60, stale-while-revalidate=5, stale-if-error=9'), 60, 69],
		['the windows of the settings', {...saying('max-age=60'), settings: {staleIfError: 9}}, 60, 69],
		[
			'no windows where it forbids them',
			{...saying('max-age=60, must-revalidate'), settings: {staleIfError: 9}},
			60,
			60,
		],
		['itself before the request', {...saying('max-age=60'), requestSettings: {expireAfter: 5}}, 60],
		['itself before a pattern', {...saying('max-age=60'), settings: {urlsExpireAfter: {'*': 5}}}, 60],
		['itself before the session', {...saying('max-age=60'), settings: {expireAfter: 5}}, 60],
		['the request before a pattern', {requestSettings: {expireAfter: 5}, settings: {urlsExpireAfter: {'*': 6}}}, 5],
		['a pattern before the session', {settings: {urlsExpireAfter: {'*': 6}, expireAfter: 7}}, 6],
		[
			'the session before a guess',
			{response: {rawHeaders: ['Last-Modified', dateAt(-1000)]}, settings: {expireAfter: 7}},
			7,
		],
		['its no-cache before the session', {...saying('no-cache', 'ETag', ETAG), settings: {expireAfter: 7}}, 0],
		[
			'a guess where its status is not in allowedCodes',
			{response: {statusCode: 404, rawHeaders: ['Last-Modified', dateAt(-1000)]}, settings: {expireAfter: 7}},
			100,
		],
	])('goes by %s', (_, given, expires, keepUntil = expires) => {
		expect(judge(given)).toMatchObject({
			kind: 'store',
			response: {expires: NOW + expires * 1000, keepUntil: NOW + keepUntil * 1000},
		});
	});

	it('never ends where the settings say so', () => {
		expect(judge({settings: {expireAfter: -1}})).toMatchObject({kind: 'store', response: {expires: undefined}});
	});
});

describe('what is stored', () => {
	it.each<[string, JudgeCase]>([
		['any final status with explicit freshness', {response: {statusCode: 599, rawHeaders: cacheControl('max-age=5')}}],
		['an error with explicit freshness', {response: {statusCode: 503, rawHeaders: ['Expires', dateAt(5)]}}],
		['no-cache with a validator', saying('no-cache', 'ETag', ETAG)],
		['stale at once, with a validator', saying('max-age=0', 'ETag', ETAG)],
		['stale at once, but it may be served so', saying('max-age=0, stale-if-error=5')],
		['stale at once because of its Age', saying('max-age=5', 'Age', '10')],
		['private', saying('private, max-age=5')],
		[
			'private without freshness, with a validator',
			{response: {statusCode: 201, rawHeaders: cacheControl('private', 'ETag', ETAG)}},
		],
		['private for a field, shared', {...saying('private="a", max-age=5'), settings: {shared: true}}],
		['public by a guess', {response: {statusCode: 599, rawHeaders: cacheControl('public', ...LAST_YEAR)}}],
		['no-store, must-understand with a known status', saying('no-store, must-understand, max-age=5')],
		['Authorization in a private cache', {...saying('max-age=5'), request: {headers: {authorization: 'x'}}}],
		...['public', 'must-revalidate', 's-maxage=9'].map((directive): [string, JudgeCase] => [
			`Authorization with ${directive}, shared`,
			{...saying(`max-age=5, ${directive}`), request: {headers: {authorization: 'x'}}, settings: {shared: true}},
		]),
		['s-maxage, shared', {...saying('s-maxage=5'), settings: {shared: true}}],
		[
			'no-store for others only',
			{
				response: {rawHeaders: ['CDN-Cache-Control', 'max-age=5', 'Cache-Control', 'no-store']},
				settings: {shared: true},
			},
		],
		[
			'an allowed status by the settings',
			{response: {statusCode: 403}, settings: {allowedCodes: [403], expireAfter: 5}},
		],
		[
			'a HEAD whatever allowedMethods says',
			{...saying('max-age=5'), request: {method: 'HEAD'}, settings: {allowedMethods: ['GET']}},
		],
		['Set-Cookie', saying('max-age=5', 'Set-Cookie', 'a=b')],
	])('%s', (_, given) => {
		expect(judge(given)).toMatchObject({kind: 'store', reason: 'allowed'});
	});

	it('leaves out the fields that the response keeps out', () => {
		const rawHeaders = [...cacheControl('max-age=5, no-cache="a", private="b"'), 'A', '1', 'B', '2', 'C', '3'];
		expect(judge({response: {rawHeaders}})).toMatchObject({
			response: {rawHeaders: [...rawHeaders.slice(0, 2), 'B', '2', 'C', '3']},
		});
		expect(judge({response: {rawHeaders}, settings: {shared: true}})).toMatchObject({
			response: {rawHeaders: [...rawHeaders.slice(0, 2), 'C', '3']},
		});
	});
});

describe('what is not stored', () => {
	it.each<[reason: string, string, JudgeCase]>([
		['noStore', 'no-store', saying('max-age=5, No-Store')],
		[
			'noStore',
			'no-store for a shared cache',
			{
				response: {rawHeaders: ['CDN-Cache-Control', 'no-store', 'Cache-Control', 'max-age=5']},
				settings: {shared: true},
			},
		],
		[
			'requestNoStore',
			"the request's no-store",
			{...saying('max-age=5'), request: {headers: {'cache-control': 'no-store'}}},
		],
		['private', 'private, shared', {...saying('max-age=5, private'), settings: {shared: true}}],
		[
			'authorization',
			'Authorization, shared',
			{...saying('max-age=5'), request: {headers: {authorization: 'x'}}, settings: {shared: true}},
		],
		[
			'statusNotUnderstood',
			'must-understand with an unknown status',
			{response: {statusCode: 599, rawHeaders: cacheControl('max-age=5, must-understand')}},
		],
		[
			'statusNotUnderstood',
			'the same with no-store',
			{response: {statusCode: 599, rawHeaders: cacheControl('max-age=5, no-store, must-understand')}},
		],
		...[412, 416, 428, 429, 431, 511].map((statusCode): [string, string, JudgeCase] => [
			'statusNeverStored',
			String(statusCode),
			{response: {statusCode, rawHeaders: cacheControl('max-age=5')}},
		]),
		['noFreshness', 'a status that cannot be guessed about', {response: {statusCode: 403, rawHeaders: LAST_YEAR}}],
		[
			'noFreshness',
			'another, which is not in allowedCodes either',
			{response: {statusCode: 403, rawHeaders: LAST_YEAR}, settings: {expireAfter: 5}},
		],
		['neverReusable', 'nothing to go by', {response: {rawHeaders: []}}],
		['neverReusable', 'stale at once without a validator', saying('max-age=0')],
		['neverReusable', 'no-cache without a validator', saying('no-cache, max-age=5')],
		['neverReusable', 'an Expires that is none', {response: {rawHeaders: ['Expires', '0']}}],
		['varyStar', 'Vary: *', saying('max-age=5', 'Vary', '*')],
		['bodyTooLarge', 'a large body', {...saying('max-age=5'), settings: {maxBodySize: 4}}],
		['readOnly', 'readOnly', {...saying('max-age=5'), settings: {readOnly: true}}],
		['doNotCache', 'a veto', {...saying('max-age=5'), requestSettings: {expireAfter: 0}}],
		['bypassed', 'a bypass', {...saying('max-age=5'), plan: {kind: 'bypass', reason: 'cacheDisabled'}}],
		[
			'bypassed',
			'cache: false, in whatever plan',
			{...saying('max-age=5'), plan: PASS_THROUGH, requestSettings: {cache: false}},
		],
		[
			'methodNotAllowed',
			'PUT',
			{...saying('max-age=5'), request: {method: 'PUT'}, plan: FETCH, response: {statusCode: 500}},
		],
		['unexpectedNotModified', 'a 304 that nobody asked for', {response: {statusCode: 304}}],
		[
			'notModifiedForCaller',
			'a 304 that the caller asked for',
			{response: {statusCode: 304}, request: {headers: {'if-none-match': ETAG}}},
		],
	])('%s: %s', (reason, _, given) => {
		expect(judge(given)).toEqual({kind: 'skip', reason});
	});
});

describe('what is stored goes', () => {
	const stored = sampleStored();
	it.each<[string, JudgeCase]>([
		['noStore', saying('no-store')],
		['neverReusable', saying('max-age=0')],
		['varyStar', saying('max-age=5', 'Vary', '*')],
		['bodyTooLarge', {...saying('max-age=5'), settings: {maxBodySize: 4}}],
		['noStore', {response: {statusCode: 404, rawHeaders: cacheControl('no-store')}}],
		['noStore', {response: {statusCode: 302, rawHeaders: cacheControl('no-store')}}],
	])('%s: when an answer overtakes it that is not stored', (reason, given) => {
		expect(judge({stored, plan: REVALIDATE, ...given})).toEqual({kind: 'evict', reason});
	});

	it.each<[string, JudgeCase]>([
		['a failure', {response: {statusCode: 502, rawHeaders: cacheControl('no-store')}}],
		['a refusal', {response: {statusCode: 429, rawHeaders: []}}],
		['an answer to HEAD', {...saying('no-store'), response: {statusCode: 404}, request: {method: 'HEAD'}}],
		['readOnly', {...saying('no-store'), settings: {readOnly: true}}],
		['settings mode', {response: {statusCode: 404}, settings: {cacheControl: false}}],
	])('but not after %s', (_, given) => {
		expect(judge({stored, plan: REVALIDATE, ...given}).kind).toBe('skip');
	});
});
