import {describe, expect, it} from '@jest/globals';
import type {HttpRequest} from '../../src/http/request.js';
import type {ReceivedResponse} from '../../src/policy/judge-response.js';
import type {Plan} from '../../src/policy/plan.js';
import type {CacheSettings} from '../../src/policy/settings.js';
import {FETCH, type JudgeCase, judgeIn} from './judge-case.js';
import {dateAt, ETAG, NOW, rfcSettingsOf, rfcStored, sampleStored, URL_OF_ALL} from './samples.js';

const EXCHANGE = {requestTime: NOW, responseTime: NOW};
const REVALIDATE: Plan = {kind: 'revalidate', conditions: {'if-none-match': ETAG}, standby: false, reason: 'expired'};
const PASS_THROUGH: Plan = {kind: 'passThrough', reason: 'methodNotCacheable'};
const COMPLETE: Plan = {kind: 'complete', conditions: {}, standby: false, reason: 'partStored'};

const judge = judgeIn(EXCHANGE, rfcSettingsOf);

const cacheControl = (value: string, ...others: string[]) => ['Cache-Control', value, ...others];
const saying = (value: string, ...others: string[]): JudgeCase => ({
	response: {rawHeaders: cacheControl(value, ...others)},
});
const LAST_YEAR = ['Last-Modified', dateAt(-365 * 86_400)];

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

describe('a 304', () => {
	const stored = rfcStored(cacheControl('max-age=50', 'ETag', ETAG, 'Date', dateAt(-60), 'X-A', '1'));
	const notModified = (...rawHeaders: string[]) => ({
		stored,
		plan: REVALIDATE,
		response: {statusCode: 304, rawHeaders},
	});

	it('renews by what was stored, where it says nothing new', () => {
		expect(judge(notModified('ETag', ETAG, 'X-B', '2'))).toEqual({
			kind: 'freshen',
			persist: true,
			reason: 'notModified',
			response: {
				...stored,
				...EXCHANGE,
				expires: NOW + 50_000,
				keepUntil: NOW + 50_000,
				rawHeaders: [...cacheControl('max-age=50'), 'X-A', '1', 'ETag', ETAG, 'X-B', '2', 'Date', dateAt(0)],
			},
		});
	});

	it.each<[string, string[], number]>([
		['a new max-age', ['Cache-Control', 'max-age=9'], 9],
		['a new Expires, which max-age goes before', ['Expires', dateAt(9)], 50],
		['an Age', ['Age', '10'], 40],
		['a Date', ['Date', dateAt(-10)], 40],
		['no-cache', ['Cache-Control', 'no-cache, max-age=9'], 0],
	])('renews by %s', (_, rawHeaders, seconds) => {
		expect(judge(notModified(...rawHeaders))).toMatchObject({
			kind: 'freshen',
			response: {expires: NOW + seconds * 1000},
		});
	});

	it.each([
		['no-store', 'no-store', {}],
		['private, shared', 'private', {shared: true}],
	])('that says %s removes what is stored, which the caller still gets', (_, directive, settings) => {
		const verdict = judge({...notModified('Cache-Control', directive), settings});
		expect(verdict).toMatchObject({kind: 'freshen', persist: false, evict: true});
	});

	it('that varies by everything removes what is stored', () => {
		expect(judge(notModified('Vary', '*'))).toMatchObject({kind: 'freshen', persist: false, evict: true});
	});

	it('changes nothing in the store with readOnly', () => {
		const verdict = judge({...notModified('Cache-Control', 'no-store'), settings: {readOnly: true}});
		expect(verdict).toMatchObject({kind: 'freshen', persist: false});
		expect(verdict).not.toHaveProperty('evict');
	});

	it('takes over no field that it keeps out itself', () => {
		const verdict = judge(notModified('Cache-Control', 'max-age=9, no-cache="x-a"', 'X-A', '2'));
		expect(verdict).toMatchObject({kind: 'freshen'});
		expect('response' in verdict && verdict.response.rawHeaders).not.toContain('X-A');
	});

	it('with another tag renews nothing', () => {
		expect(judge(notModified('ETag', '"v2"'))).toMatchObject({kind: 'refetch', reason: 'etagMismatch'});
	});

	it.each<[string, Partial<HttpRequest>['headers'], string[], object]>([
		[
			'its own tag',
			{'if-none-match': ETAG},
			['ETag', ETAG],
			{kind: 'freshen', answer: {kind: 'notModified', reason: 'etagMatches'}},
		],
		[
			'its own tag, unnamed',
			{'if-none-match': ETAG},
			[],
			{kind: 'freshen', answer: {kind: 'notModified', reason: 'etagMatches'}},
		],
		['an older tag', {'if-none-match': '"v0"'}, ['ETag', ETAG], {kind: 'freshen', reason: 'notModified'}],
		['a newer tag', {'if-none-match': '"v2"'}, ['ETag', '"v2"'], {kind: 'evict', reason: 'notModifiedForCaller'}],
		['another tag, unnamed', {'if-none-match': '"v2"'}, [], {kind: 'refetch', reason: 'etagMismatch'}],
		['any tag', {'if-none-match': '*'}, [], {kind: 'freshen', answer: {kind: 'notModified'}}],
		[
			'a range',
			{range: 'bytes=0-1'},
			[],
			{kind: 'freshen', answer: {kind: 'servePartial', part: {offset: 0, length: 2}}},
		],
		['several ranges', {range: 'bytes=0-0,2-2'}, [], {kind: 'freshen'}],
	])('answers a caller that has %s', (_, headers, rawHeaders, expected) => {
		const verdict = judge({...notModified(...rawHeaders), request: {headers: headers ?? {}}});
		expect(verdict).toMatchObject(expected);
		if (!('answer' in expected)) {
			expect(verdict).not.toHaveProperty('answer');
		}
	});

	it('answers a caller that has its date', () => {
		const dated = rfcStored(cacheControl('max-age=50', 'Last-Modified', dateAt(-3000)));
		const plan: Plan = {...REVALIDATE, conditions: {'if-modified-since': dateAt(-3000)}};
		const request = {headers: {'if-modified-since': dateAt(-3000)}};
		expect(judge({stored: dated, plan, request, response: {statusCode: 304, rawHeaders: []}})).toMatchObject({
			kind: 'freshen',
			answer: {kind: 'notModified', reason: 'notModifiedSince'},
		});
	});
});

it('a failure while the stored response stands by is answered as the caller asks', () => {
	const plan: Plan = {...REVALIDATE, standby: true};
	const given = {stored: sampleStored(), plan, response: {statusCode: 503}};
	expect(judge(given)).toEqual({kind: 'useStored', reason: 'staleIfError'});
	expect(judge({...given, request: {headers: {'if-none-match': ETAG}}})).toMatchObject({answer: {kind: 'notModified'}});
});

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

describe('a part', () => {
	const head = (range: string, ...others: string[]) => [
		...cacheControl('max-age=50'),
		'ETag',
		ETAG,
		'Content-Range',
		range,
		...others,
	];
	const asked = {headers: {range: 'bytes=0-4'}};
	const received = (range: string, ...others: string[]) => ({statusCode: 206, rawHeaders: head(range, ...others)});
	const stored = rfcStored(head('bytes 0-4/10'), {statusCode: 206});

	it('is stored as it is', () => {
		expect(judge({request: asked, response: received('bytes 0-4/10')})).toMatchObject({
			kind: 'store',
			response: {statusCode: 206, bodySize: 5},
		});
	});

	it.each<[string, JudgeCase]>([
		['nobody asked for', {response: received('bytes 0-4/10')}],
		['has no range', {request: asked, response: {statusCode: 206, rawHeaders: cacheControl('max-age=5')}}],
		['has two', {request: asked, response: received('bytes 0-4/10', 'Content-Range', 'bytes 0-4/10')}],
		['has another unit', {request: asked, response: received('items 0-4/10')}],
		['was decoded', {request: asked, response: {...received('bytes 0-4/10'), decoded: true}}],
		['is empty', {request: asked, response: {...received('bytes 0-4/10'), bodySize: 0}}],
		['is longer than it says', {request: asked, response: received('bytes 0-3/10')}],
		['may be cut off', {request: asked, response: received('bytes 0-5/10')}],
	])('that %s is not stored', (_, given) => {
		expect(judge(given)).toEqual({kind: 'skip', reason: 'rangeNotUnderstood'});
	});

	it.each([
		['Content-Length', '5'],
		['Transfer-Encoding', 'gzip, chunked'],
	])('that is short, but whole by %s, is stored', (...framing) => {
		expect(judge({request: asked, response: received('bytes 0-5/10', ...framing)}).kind).toBe('store');
	});

	it('is not stored over the whole, unless that is another version', () => {
		const whole = rfcStored(cacheControl('max-age=50', 'ETag', ETAG), {bodySize: 10});
		expect(judge({request: asked, stored: whole, response: received('bytes 0-4/10')})).toEqual({
			kind: 'skip',
			reason: 'completeStored',
		});
		const other = {...whole, rawHeaders: cacheControl('max-age=50', 'ETag', '"v0"')};
		const decoded = {...other, decoded: true};
		expect(judge({request: asked, stored: decoded, response: received('bytes 0-4/10')}).kind).toBe('skip');
		expect(judge({request: asked, stored: other, response: received('bytes 0-4/10')}).kind).toBe('store');
	});

	it('that completes the stored one makes a 200 of it', () => {
		expect(judge({stored, plan: COMPLETE, response: received('bytes 5-9/10', 'X-A', '1')})).toEqual({
			kind: 'combine',
			reason: 'partsJoined',
			give: 'combined',
			persist: true,
			vary: undefined,
			pieces: [
				{from: 'stored', start: 0, end: 5},
				{from: 'received', start: 0, end: 5},
			],
			response: {
				...stored,
				...EXCHANGE,
				createdAt: NOW,
				statusCode: 200,
				statusMessage: 'OK',
				expires: NOW + 50_000,
				keepUntil: NOW + 50_000,
				bodySize: 10,
				rawHeaders: [...cacheControl('max-age=50'), 'ETag', ETAG, 'X-A', '1', 'Content-Length', '10'],
			},
		});
	});

	it('that was asked for is joined to the stored one, and given by itself', () => {
		const verdict = judge({stored, request: {headers: {range: 'bytes=4-8'}}, response: received('bytes 4-8/10')});
		expect(verdict).toMatchObject({
			kind: 'combine',
			give: 'received',
			response: {statusCode: 206, bodySize: 9},
			pieces: [
				{from: 'stored', start: 0, end: 4},
				{from: 'received', start: 0, end: 5},
			],
		});
		expect('response' in verdict && verdict.response.rawHeaders).toContain('bytes 0-8/10');
	});

	it('that does not touch the stored one takes its place', () => {
		const given = {
			stored,
			request: {headers: {range: 'bytes=6-9'}},
			response: {...received('bytes 6-9/10'), bodySize: 4},
		};
		expect(judge(given)).toMatchObject({kind: 'store', response: {statusCode: 206, bodySize: 4}});
	});

	it.each<[string, Partial<ReceivedResponse>]>([
		['another part than was missing', received('bytes 6-10/11')],
		['a part of another version', {statusCode: 206, rawHeaders: ['Content-Range', 'bytes 5-9/10', 'ETag', '"v2"']}],
		['a part without a tag', {statusCode: 206, rawHeaders: ['Content-Range', 'bytes 5-9/10']}],
		['a 416', {statusCode: 416, rawHeaders: []}],
	])('that should be completed is fetched anew after %s', (_, response) => {
		expect(judge({stored, plan: COMPLETE, response})).toEqual({
			kind: 'refetch',
			plan: {kind: 'fetch', standby: false, reason: 'partStored'},
			reason: 'notCombinable',
		});
	});

	it('that should be completed is replaced by a whole', () => {
		expect(judge({stored, plan: COMPLETE, response: {rawHeaders: cacheControl('max-age=5')}})).toMatchObject({
			kind: 'store',
			response: {statusCode: 200},
		});
	});

	it.each<[string, CacheSettings, string[]]>([
		['readOnly', {readOnly: true}, []],
		['a size that is too large', {maxBodySize: 9}, []],
		['no-store', {}, ['Cache-Control', 'no-store']],
		['Vary: *', {}, ['Vary', '*']],
	])('is given whole but not kept with %s', (_, settings, fields) => {
		const rawHeaders = ['ETag', ETAG, 'Content-Range', 'bytes 5-9/10', ...fields];
		expect(judge({stored, plan: COMPLETE, settings, response: {statusCode: 206, rawHeaders}})).toMatchObject({
			kind: 'combine',
			give: 'combined',
			persist: false,
		});
	});
});
