import {describe, expect, it} from '@jest/globals';
import type {RequestHeaders} from '../../src/http/headers.js';
import type {StoredResponse} from '../../src/http/response.js';
import type {Plan} from '../../src/policy/plan.js';
import {planRequest} from '../../src/policy/plan-request.js';
import {planWithoutStore} from '../../src/policy/plan-without-store.js';
import type {CacheSettings, RequestSettings} from '../../src/policy/settings.js';
import {dateAt, ETAG, NOW, requestSettingsOf, rfcSettingsOf, rfcStored, sampleRequest} from './samples.js';

interface Case {
	readonly stored?: StoredResponse | undefined;
	readonly headers?: RequestHeaders;
	readonly method?: string;
	readonly settings?: CacheSettings;
	readonly requestSettings?: RequestSettings;
	readonly now?: number;
}

function plan({stored, headers = {}, method = 'GET', settings, requestSettings, now = NOW}: Case): Plan {
	const request = sampleRequest({method, headers});
	return planRequest(request, stored, rfcSettingsOf(settings), requestSettingsOf(requestSettings), now);
}

const cacheControl = (value: string, ...others: string[]) => ['Cache-Control', value, ...others];
const tagged = (value: string) => cacheControl(value, 'ETag', ETAG);
const asks = (value: string): RequestHeaders => ({'cache-control': value});

const fresh = {kind: 'serve', reason: 'fresh'};
const revalidate = (reason: string, standby = false) => ({
	kind: 'revalidate',
	conditions: {'if-none-match': ETAG},
	standby,
	reason,
});
const fetch = (reason: string, standby = false) => ({kind: 'fetch', standby, reason});
const serveStale = (reason: string, refresh = false) => ({kind: 'serveStale', refresh, reason});
const unsatisfiable = {kind: 'unsatisfiable', reason: 'onlyIfCached'};

/** All were received a minute ago. */
const FRESH = rfcStored(tagged('max-age=100'));
const STALE = rfcStored(tagged('max-age=50'));
const NO_CACHE = rfcStored(tagged('max-age=100, no-cache'));

describe('what is stored', () => {
	it.each<[string, StoredResponse | undefined, object]>([
		['nothing', undefined, fetch('nothingStored')],
		['fresh by max-age', FRESH, fresh],
		['stale by max-age', STALE, revalidate('expired')],
		['fresh until this millisecond', rfcStored(tagged('max-age=60')), revalidate('expired')],
		['fresh by Expires', rfcStored(['Expires', dateAt(10), 'Date', dateAt(-60)]), fresh],
		['stale by Age', rfcStored(tagged('max-age=100').concat('Age', '40')), revalidate('expired')],
		['fresh by a guess', rfcStored(['Last-Modified', dateAt(-3600), 'Date', dateAt(-60)]), fresh],
		['without anything to go by', rfcStored([]), fetch('expired')],
		['no-cache', NO_CACHE, revalidate('noCache')],
		['no-cache for a field', rfcStored(tagged('max-age=100, no-cache="a"')), fresh],
		['must-revalidate, fresh', rfcStored(tagged('max-age=100, must-revalidate')), fresh],
		['must-revalidate, stale', rfcStored(tagged('max-age=50, must-revalidate')), revalidate('expired')],
		['immutable, stale', rfcStored(tagged('max-age=50, immutable')), revalidate('expired')],
		['an error', rfcStored(cacheControl('max-age=100'), {statusCode: 503}), fresh],
		['a status that is not in allowedCodes', rfcStored(cacheControl('max-age=100'), {statusCode: 299}), fresh],
	])('is %s', (_, stored, expected) => {
		expect(plan({stored})).toEqual(expected);
	});

	it('is not used without asking where it says so, whatever the clock', () => {
		expect(plan({stored: NO_CACHE, now: NOW - 3_600_000})).toEqual(revalidate('noCache'));
	});

	it('makes no new object to serve', () => {
		expect(plan({stored: FRESH})).toBe(plan({stored: FRESH}));
	});
});

describe('what the request says', () => {
	it.each<[string, string, StoredResponse | undefined, object]>([
		['no-cache', 'no-cache', FRESH, revalidate('requestNoCache')],
		['no-cache with nothing stored', 'no-cache', undefined, fetch('requestNoCache')],
		['a max-age that is enough', 'max-age=60', FRESH, fresh],
		['a max-age that is not', 'max-age=59', FRESH, revalidate('requestMaxAge')],
		['max-age=0', 'max-age=0', rfcStored(tagged('max-age=100'), {age: 0}), revalidate('requestMaxAge')],
		[
			'a max-age of which Age takes its part',
			'max-age=600',
			rfcStored(tagged('max-age=3600').concat('Age', '1800')),
			revalidate('requestMaxAge'),
		],
		['max-age=0 for what is immutable', 'max-age=0', rfcStored(tagged('max-age=100, immutable')), fresh],
		[
			'max-age=0 for what was immutable',
			'max-age=0',
			rfcStored(tagged('max-age=50, immutable')),
			revalidate('requestMaxAge'),
		],
		[
			'no-cache for what is immutable',
			'no-cache',
			rfcStored(tagged('max-age=100, immutable')),
			revalidate('requestNoCache'),
		],
		['a min-fresh that is met', 'min-fresh=40', FRESH, fresh],
		['a min-fresh that is not', 'min-fresh=41', FRESH, revalidate('requestMinFresh')],
		['a max-stale that is enough', 'max-stale=10', STALE, serveStale('maxStale')],
		['a max-stale that is not', 'max-stale=9', STALE, revalidate('expired')],
		['max-stale without a limit', 'max-stale', STALE, serveStale('maxStale')],
		['max-stale, but no-cache stored', 'max-stale', NO_CACHE, revalidate('noCache')],
		[
			'max-stale, but must-revalidate stored',
			'max-stale',
			rfcStored(tagged('max-age=50, must-revalidate')),
			revalidate('expired'),
		],
		['max-stale and a max-age that is not enough', 'max-stale, max-age=5', STALE, revalidate('requestMaxAge')],
		['only-if-cached with nothing stored', 'only-if-cached', undefined, unsatisfiable],
		['only-if-cached with what is fresh', 'only-if-cached', FRESH, fresh],
		['only-if-cached with what is stale', 'only-if-cached', STALE, unsatisfiable],
		['only-if-cached, max-stale', 'only-if-cached, max-stale', STALE, serveStale('maxStale')],
		['only-if-cached, no-cache', 'only-if-cached, no-cache', FRESH, unsatisfiable],
		['no-store', 'no-store', FRESH, {kind: 'bypass', reason: 'requestNoStore'}],
		['no-store, only-if-cached', 'no-store, only-if-cached', FRESH, unsatisfiable],
		['nothing of this', 'foo', FRESH, fresh],
	])('%s', (_, value, stored, expected) => {
		expect(plan({stored, headers: asks(value)})).toEqual(expected);
	});

	it('counts only with cacheControl', () => {
		expect(plan({stored: FRESH, headers: asks('no-cache'), settings: {cacheControl: false}})).toEqual(fresh);
		expect(plan({stored: NO_CACHE, settings: {cacheControl: false}}).kind).toBe('revalidate');
	});

	it('may be said with Pragma', () => {
		expect(plan({stored: FRESH, headers: {pragma: 'no-cache'}})).toEqual(revalidate('requestNoCache'));
	});
});

describe('what lets stale responses be served', () => {
	it.each<[string, StoredResponse, CacheSettings, RequestHeaders, object]>([
		[
			'stale-while-revalidate',
			rfcStored(tagged('max-age=50, stale-while-revalidate=11')),
			{},
			{},
			serveStale('staleWhileRevalidate', true),
		],
		[
			'stale-while-revalidate that is over',
			rfcStored(tagged('max-age=50, stale-while-revalidate=10')),
			{},
			{},
			revalidate('expired'),
		],
		['the setting', STALE, {staleWhileRevalidate: true}, {}, serveStale('staleWhileRevalidate', true)],
		[
			'the directive before the setting',
			rfcStored(tagged('max-age=50, stale-while-revalidate=0')),
			{staleWhileRevalidate: true},
			{},
			revalidate('expired'),
		],
		['stale-if-error', rfcStored(tagged('max-age=50, stale-if-error=11')), {}, {}, revalidate('expired', true)],
		['stale-if-error that is over', rfcStored(tagged('max-age=50, stale-if-error=10')), {}, {}, revalidate('expired')],
		['stale-if-error by a setting', STALE, {staleIfError: true}, {}, revalidate('expired', true)],
		[
			"the request's stale-if-error",
			rfcStored(tagged('max-age=50, stale-if-error=5')),
			{},
			asks('stale-if-error=11'),
			revalidate('expired', true),
		],
		["the request's stale-if-error=0", STALE, {staleIfError: true}, asks('stale-if-error=0'), revalidate('expired')],
		[
			'no-cache of the request, not even after an error',
			STALE,
			{staleIfError: true},
			asks('no-cache'),
			revalidate('requestNoCache'),
		],
		[
			'max-age of the request, after an error',
			STALE,
			{staleIfError: true},
			asks('max-age=0'),
			revalidate('requestMaxAge', true),
		],
	])('%s', (_, stored, settings, headers, expected) => {
		expect(plan({stored, settings, headers})).toEqual(expected);
	});

	it.each([
		['must-revalidate', false],
		['no-cache', false],
		['proxy-revalidate', true],
		['s-maxage=50', true],
	])('%s forbids it against all permissions', (directive, shared) => {
		const permissions = {staleIfError: true, staleWhileRevalidate: true, shared};
		const stored = rfcStored(tagged(`max-age=50, ${directive}, stale-while-revalidate=99, stale-if-error=99`));
		const made = plan({stored, settings: permissions, headers: asks('max-stale, stale-if-error=99')});
		expect(made).toMatchObject({kind: 'revalidate', standby: false});
	});

	it.each(['proxy-revalidate', 's-maxage=50'])('%s is nothing to a private cache', directive => {
		const stored = rfcStored(tagged(`max-age=50, ${directive}`));
		expect(plan({stored, settings: {staleWhileRevalidate: true}})).toEqual(serveStale('staleWhileRevalidate', true));
	});
});

/** Highest first: request directives, response directives, request option, (URL pattern, session, backend, which only count when storing). */
describe('the levels', () => {
	it.each<[string, Case, object]>([
		[
			"a request's directive before the response's",
			{stored: FRESH, headers: asks('max-age=5')},
			revalidate('requestMaxAge'),
		],
		["the response's directive before the request's option", {stored: FRESH, requestSettings: {expireAfter: 5}}, fresh],
		['also where that is EXPIRE_IMMEDIATELY', {stored: FRESH, requestSettings: {expireAfter: 'immediately'}}, fresh],
		[
			"the request's option where the response says nothing",
			{stored: rfcStored(['ETag', ETAG], {settings: {expireAfter: 100}}), requestSettings: {expireAfter: 5}},
			revalidate('olderThanExpireAfter'),
		],
		[
			"the request's EXPIRE_IMMEDIATELY where the response says nothing",
			{
				stored: rfcStored(['ETag', ETAG], {settings: {expireAfter: 100}}),
				requestSettings: {expireAfter: 'immediately'},
			},
			revalidate('expireImmediately'),
		],
		['refresh, which is no expiration', {stored: FRESH, requestSettings: {refresh: true}}, revalidate('refresh')],
		['alwaysRevalidate', {stored: FRESH, settings: {alwaysRevalidate: true}}, revalidate('alwaysRevalidate')],
		['forceRefresh', {stored: FRESH, requestSettings: {forceRefresh: true}}, fetch('forceRefresh')],
		["a request's veto", {stored: FRESH, requestSettings: {expireAfter: 0}}, {kind: 'bypass', reason: 'doNotCache'}],
		["a session's veto", {stored: FRESH, settings: {expireAfter: 0}}, {kind: 'bypass', reason: 'doNotCache'}],
		[
			"a pattern's veto",
			{stored: FRESH, settings: {urlsExpireAfter: {'example.com': 0}}},
			{kind: 'bypass', reason: 'doNotCache'},
		],
		['cache: false', {stored: FRESH, requestSettings: {cache: false}}, {kind: 'bypass', reason: 'cacheDisabled'}],
	])('%s', (_, given, expected) => {
		expect(plan(given)).toEqual(expected);
	});
});

describe('methods', () => {
	it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'M-SEARCH'])('%s passes through', method => {
		expect(plan({stored: FRESH, method, settings: {allowedMethods: [method]}})).toEqual({
			kind: 'passThrough',
			reason: 'methodNotCacheable',
		});
		expect(plan({stored: FRESH, method, settings: {onlyIfCached: true}})).toEqual(unsatisfiable);
	});

	it('HEAD is answered from a GET', () => {
		expect(plan({stored: FRESH, method: 'HEAD', settings: {allowedMethods: ['GET']}})).toEqual(fresh);
	});

	it.each(['if-match', 'if-unmodified-since'])('%s is for the server', name => {
		expect(planWithoutStore(sampleRequest({headers: {[name]: 'x'}}), rfcSettingsOf(), requestSettingsOf())).toEqual({
			kind: 'bypass',
			reason: 'ownConditions',
		});
	});
});

describe('conditions and ranges of the caller', () => {
	const notModified = {kind: 'notModified', reason: 'etagMatches'};
	const PART = rfcStored(cacheControl('max-age=100', 'ETag', ETAG, 'Content-Range', 'bytes 0-4/10'), {statusCode: 206});
	const completion = {
		kind: 'complete',
		conditions: {range: 'bytes=5-', 'if-range': ETAG},
		standby: false,
		reason: 'partStored',
	};
	const of = (stored: StoredResponse, changes: Partial<StoredResponse>): StoredResponse => ({...stored, ...changes});
	it.each<[string, Case, object]>([
		['a matching tag, fresh', {stored: FRESH, headers: {'if-none-match': ETAG}}, notModified],
		['another tag, fresh', {stored: FRESH, headers: {'if-none-match': '"v0"'}}, fresh],
		['nothing stored', {headers: {'if-none-match': ETAG}}, fetch('nothingStored')],
		['a matching tag, stale', {stored: STALE, headers: {'if-none-match': ETAG}}, revalidate('expired')],
		[
			'other tags, stale',
			{stored: STALE, headers: {'if-none-match': '"v0", W/"w"'}},
			{...revalidate('expired'), conditions: {'if-none-match': `${ETAG}, "v0", W/"w"`}},
		],
		['any tag, stale', {stored: STALE, headers: {'if-none-match': '*'}}, revalidate('expired')],
		[
			'a tag where none is stored',
			{
				stored: rfcStored(['Last-Modified', dateAt(-100), 'Cache-Control', 'max-age=1']),
				headers: {'if-none-match': '"v0"'},
			},
			fetch('expired'),
		],
		['a date, stale with a tag', {stored: STALE, headers: {'if-modified-since': dateAt(-5)}}, revalidate('expired')],
		[
			'a date, stale with a date',
			{
				stored: rfcStored(['Last-Modified', dateAt(-100), 'Cache-Control', 'max-age=1']),
				headers: {'if-modified-since': dateAt(-5)},
			},
			{...revalidate('expired'), conditions: {'if-modified-since': dateAt(-100)}},
		],
		[
			'a tag, stale but servable',
			{stored: rfcStored(tagged('max-age=50, stale-while-revalidate=99')), headers: {'if-none-match': ETAG}},
			revalidate('expired'),
		],
		[
			'a range',
			{stored: FRESH, headers: {range: 'bytes=1-2'}},
			{
				kind: 'servePartial',
				reason: 'rangeStored',
				part: {offset: 1, length: 2, contentRange: {first: 1, last: 2, total: 5}},
			},
		],
		[
			'a range beyond the end',
			{stored: FRESH, headers: {range: 'bytes=5-'}},
			{kind: 'rangeNotSatisfiable', total: 5, reason: 'rangeBeyondEnd'},
		],
		['several ranges', {stored: FRESH, headers: {range: 'bytes=0-1,3-4'}}, fetch('rangeNotServable')],
		[
			'several ranges, and nothing may be sent',
			{stored: FRESH, headers: {range: 'bytes=0-1,3-4', 'cache-control': 'only-if-cached'}},
			unsatisfiable,
		],
		[
			'a range of a decoded body',
			{stored: of(FRESH, {decoded: true}), headers: {range: 'bytes=0-1'}},
			fetch('rangeNotServable'),
		],
		[
			'a range of a decoded body, stale',
			{stored: of(STALE, {decoded: true}), headers: {range: 'bytes=0-1'}},
			fetch('expired'),
		],
		['a range, stale', {stored: STALE, headers: {range: 'bytes=0-1'}}, revalidate('expired')],
		['a range with HEAD', {stored: FRESH, method: 'HEAD', headers: {range: 'bytes=0-1'}}, fresh],
		[
			'a range within the stored part',
			{stored: PART, headers: {range: 'bytes=1-2'}},
			{
				kind: 'servePartial',
				reason: 'rangeStored',
				part: {offset: 1, length: 2, contentRange: {first: 1, last: 2, total: 10}},
			},
		],
		['a range outside the stored part', {stored: PART, headers: {range: 'bytes=4-5'}}, fetch('partStored')],
		[
			'a range within the stored part, stale',
			{stored: of(PART, {expires: NOW - 1}), headers: {range: 'bytes=1-2'}},
			revalidate('expired'),
		],
		[
			'a range outside the stored part, stale',
			{stored: of(PART, {expires: NOW - 1}), headers: {range: 'bytes=4-5'}},
			fetch('expired'),
		],
		['the whole of a stored part', {stored: PART}, completion],
		['the whole of a stored part, stale', {stored: of(PART, {expires: NOW - 1})}, completion],
		['the whole of a stored part, with a tag', {stored: PART, headers: {'if-none-match': '"v0"'}}, fetch('partStored')],
		[
			'the whole of a stored part, and nothing may be sent',
			{stored: PART, headers: asks('only-if-cached')},
			unsatisfiable,
		],
		['the head of a stored part', {stored: PART, method: 'HEAD'}, fetch('partStored')],
		[
			'the whole of a stored part with an error window',
			{stored: of(PART, {expires: NOW - 1}), settings: {staleIfError: true}},
			completion,
		],
		[
			'a condition where an error is stored',
			{
				stored: rfcStored(tagged('max-age=100'), {statusCode: 404}),
				headers: {'if-none-match': ETAG, range: 'bytes=0-1'},
			},
			fresh,
		],
	])('%s', (_, given, expected) => {
		expect(plan(given)).toEqual(expected);
	});
});
