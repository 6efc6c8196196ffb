import {describe, expect, it} from '@jest/globals';
import type {StoredResponse} from '../../src/http/response.js';
import {planWithoutStore} from '../../src/policy/plan-without-store.js';
import type {PlanCase} from './plan-by-rules.js';
import {
	asks,
	FRESH,
	fetch,
	fresh,
	NO_CACHE,
	plan,
	revalidate,
	STALE,
	serveStale,
	tagged,
	unsatisfiable,
} from './plan-by-rules.js';
import {
	cacheControl,
	dateAt,
	ETAG,
	NOW,
	requestSettingsOf,
	rfcSettingsOf,
	rfcStored,
	sampleRequest,
} from './samples.js';

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

/** Highest first: request directives, response directives, request option, (URL pattern, session, backend, which only count when storing). */
describe('the levels', () => {
	it.each<[string, PlanCase, object]>([
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
