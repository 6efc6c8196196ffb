import {describe, expect, it} from '@jest/globals';
import type {HttpRequest} from '../../src/http/request.js';
import type {StoredResponse} from '../../src/http/response.js';
import {planRefresh, planWithoutStore} from '../../src/policy/plan-request.js';
import type {CacheSettings, RequestSettings} from '../../src/policy/settings.js';
import {plan, SECOND} from './plan-by-settings.js';
import {ETAG, LAST_MODIFIED, NOW, requestSettingsOf, sampleRequest, sampleStored, settingsOf} from './samples.js';

const conditions = {'if-none-match': ETAG};

/** What is in the store, by name. */
const STORED = {
	nothing: undefined,
	fresh: sampleStored(),
	eternal: sampleStored({expires: undefined, keepUntil: undefined}),
	/** Since 10 seconds. */
	stale: sampleStored({expires: NOW - 10 * SECOND}),
	staleWithoutValidator: sampleStored({expires: NOW - 10 * SECOND, rawHeaders: []}),
	/** To the millisecond. */
	justStale: sampleStored({expires: NOW}),
	freshWithoutValidator: sampleStored({rawHeaders: ['ETag', '']}),
} satisfies Record<string, StoredResponse | undefined>;

const serve = (reason: string) => ({kind: 'serve', reason});
const fetch = (reason: string, standby = false) => ({kind: 'fetch', standby, reason});
const revalidate = (reason: string, standby = false) => ({kind: 'revalidate', conditions, standby, reason});
const serveStale = (reason: string, refresh: boolean) => ({kind: 'serveStale', refresh, reason});
const bypass = (reason: string) => ({kind: 'bypass', reason});
const unsatisfiable = {kind: 'unsatisfiable', reason: 'onlyIfCached'};

describe('planRequest', () => {
	it.each<[stored: keyof typeof STORED, settings: CacheSettings, requestSettings: RequestSettings, plan: object]>([
		['nothing', {}, {}, fetch('nothingStored')],
		['fresh', {}, {}, serve('fresh')],
		['eternal', {}, {}, serve('neverExpires')],
		['stale', {}, {}, revalidate('expired')],
		['staleWithoutValidator', {}, {}, fetch('expired')],
		['justStale', {}, {}, revalidate('expired')],
		// The session's expiration is for what arrives, not for what is stored.
		['fresh', {expireAfter: 'immediately'}, {}, serve('fresh')],
		['stale', {expireAfter: 3600}, {}, revalidate('expired')],

		// Options that demand that the server is asked.
		['nothing', {}, {refresh: true}, fetch('refresh')],
		['fresh', {}, {refresh: true}, revalidate('refresh')],
		['eternal', {}, {refresh: true}, revalidate('refresh')],
		['freshWithoutValidator', {}, {refresh: true}, fetch('refresh')],
		['fresh', {}, {forceRefresh: true}, fetch('forceRefresh')],
		['fresh', {staleIfError: true}, {forceRefresh: true}, fetch('forceRefresh')],
		['fresh', {}, {forceRefresh: true, refresh: true}, fetch('forceRefresh')],
		['fresh', {}, {expireAfter: 'immediately'}, revalidate('expireImmediately')],
		['fresh', {alwaysRevalidate: true}, {}, revalidate('alwaysRevalidate')],
		['fresh', {alwaysRevalidate: true, staleWhileRevalidate: true}, {}, revalidate('alwaysRevalidate')],
		['stale', {staleWhileRevalidate: true}, {refresh: true}, revalidate('refresh')],
		['fresh', {staleIfError: 60}, {refresh: true}, revalidate('refresh', true)],
		['stale', {staleIfError: 60}, {refresh: true}, revalidate('refresh', true)],
		['stale', {staleIfError: 5}, {refresh: true}, revalidate('refresh')],
		['eternal', {staleIfError: 60}, {refresh: true}, revalidate('refresh', true)],
		['freshWithoutValidator', {staleIfError: 60}, {refresh: true}, fetch('refresh', true)],

		// The request's own expiration bounds what is stored, which arrived a minute ago.
		['fresh', {}, {expireAfter: 61}, serve('fresh')],
		['fresh', {}, {expireAfter: 60}, revalidate('olderThanExpireAfter')],
		['eternal', {}, {expireAfter: 60}, revalidate('olderThanExpireAfter')],
		['eternal', {}, {expireAfter: 61}, serve('fresh')],
		['fresh', {}, {expireAfter: new Date(NOW)}, revalidate('olderThanExpireAfter')],
		['fresh', {}, {expireAfter: new Date(NOW + 1)}, serve('fresh')],
		['fresh', {}, {expireAfter: -1}, serve('fresh')],
		['stale', {}, {expireAfter: 3600}, revalidate('expired')],
		['stale', {}, {expireAfter: -1}, revalidate('expired')],
		['fresh', {staleWhileRevalidate: 10}, {expireAfter: 51}, serveStale('staleWhileRevalidate', true)],
		['fresh', {staleWhileRevalidate: 10}, {expireAfter: 50}, revalidate('olderThanExpireAfter')],
		['fresh', {staleIfError: 10}, {expireAfter: 51}, revalidate('olderThanExpireAfter', true)],

		// Stale windows: the response is stale since 10 seconds.
		['stale', {staleWhileRevalidate: true}, {}, serveStale('staleWhileRevalidate', true)],
		['stale', {staleWhileRevalidate: 10.001}, {}, serveStale('staleWhileRevalidate', true)],
		['stale', {staleWhileRevalidate: 10}, {}, revalidate('expired')],
		['justStale', {staleWhileRevalidate: 1}, {}, serveStale('staleWhileRevalidate', true)],
		['stale', {staleIfError: true}, {}, revalidate('expired', true)],
		['stale', {staleIfError: 10.001}, {}, revalidate('expired', true)],
		['stale', {staleIfError: 10}, {}, revalidate('expired')],
		['staleWithoutValidator', {staleIfError: true}, {}, fetch('expired', true)],
		['nothing', {staleIfError: true}, {}, fetch('nothingStored')],
		['stale', {staleIfError: 20, staleWhileRevalidate: 5}, {}, revalidate('expired', true)],
		['stale', {staleIfError: 20, staleWhileRevalidate: 20}, {}, serveStale('staleWhileRevalidate', true)],

		// Nothing may be sent.
		['nothing', {onlyIfCached: true}, {}, unsatisfiable],
		['nothing', {}, {onlyIfCached: true}, unsatisfiable],
		['fresh', {onlyIfCached: true}, {}, serve('fresh')],
		['eternal', {onlyIfCached: true}, {}, serve('neverExpires')],
		['stale', {onlyIfCached: true}, {}, unsatisfiable],
		['stale', {onlyIfCached: true, staleIfError: 60}, {}, serveStale('staleIfError', false)],
		['stale', {onlyIfCached: true, staleWhileRevalidate: 60}, {}, serveStale('staleWhileRevalidate', false)],
		['stale', {onlyIfCached: true, staleIfError: 5, staleWhileRevalidate: 5}, {}, unsatisfiable],
		['stale', {onlyIfCached: true}, {onlyIfCached: false}, revalidate('expired')],
		['fresh', {onlyIfCached: true}, {refresh: true}, unsatisfiable],
		['fresh', {onlyIfCached: true}, {forceRefresh: true}, unsatisfiable],
		['fresh', {onlyIfCached: true, alwaysRevalidate: true}, {}, unsatisfiable],
		['fresh', {onlyIfCached: true}, {expireAfter: 'immediately'}, unsatisfiable],

		// Whatever only matters on the way back.
		['fresh', {readOnly: true}, {}, serve('fresh')],
		['stale', {readOnly: true}, {}, revalidate('expired')],
		['fresh', {allowedCodes: [404], maxBodySize: 0}, {}, serve('fresh')],
	])('with %s stored, settings %p, request settings %p', (stored, settings, requestSettings, expected) => {
		expect(plan(STORED[stored], settings, requestSettings)).toEqual(expected);
	});

	it('sends both validators', () => {
		const rawHeaders = ['ETag', ETAG, 'Last-Modified', LAST_MODIFIED];
		expect(plan(sampleStored({rawHeaders, expires: NOW - 1}))).toMatchObject({
			kind: 'revalidate',
			conditions: {'if-none-match': ETAG, 'if-modified-since': LAST_MODIFIED},
		});
	});

	it("counts the request's own expiration from the last validation", () => {
		const validated = sampleStored({createdAt: NOW - 3600 * SECOND, responseTime: NOW - 5 * SECOND});
		expect(plan(validated, {}, {expireAfter: 6})).toEqual(serve('fresh'));
		expect(plan(validated, {}, {expireAfter: 5})).toEqual(revalidate('olderThanExpireAfter'));
	});

	it('makes no new object to serve', () => {
		expect(plan(STORED.fresh)).toBe(plan(STORED.fresh));
		expect(plan(STORED.eternal)).toBe(plan(STORED.eternal));
		expect(Object.isFrozen(plan(STORED.fresh))).toBe(true);
	});
});

describe('planWithoutStore', () => {
	const cases: Array<[string, Partial<HttpRequest>, CacheSettings, RequestSettings, object | undefined]> = [
		['nothing special', {}, {}, {}, undefined],
		['HEAD', {method: 'HEAD'}, {}, {}, undefined],
		['cache: false', {}, {}, {cache: false}, bypass('cacheDisabled')],
		['a method that is not allowed', {method: 'POST'}, {}, {}, bypass('methodNotAllowed')],
		['a method that is allowed', {method: 'POST'}, {allowedMethods: ['POST']}, {}, undefined],
		['GET where only POST is allowed', {}, {allowedMethods: ['POST']}, {}, bypass('methodNotAllowed')],
		['a veto of the request', {}, {}, {expireAfter: 0}, bypass('doNotCache')],
		['a veto of a pattern', {}, {urlsExpireAfter: {'example.com': 0}}, {expireAfter: 60}, bypass('doNotCache')],
		['a veto of the session', {}, {expireAfter: 0}, {expireAfter: 60}, bypass('doNotCache')],
		['a veto of a pattern that does not match', {}, {urlsExpireAfter: {'other.test': 0}}, {}, undefined],
		['a stream as body', {body: {kind: 'stream'}}, {}, {}, bypass('streamBody')],
		['bytes as body', {body: {kind: 'bytes', bytes: 'a'}}, {}, {}, undefined],
		['a range', {headers: {range: 'bytes=0-1'}}, {}, {}, bypass('ownConditions')],
		['a condition', {headers: {'if-none-match': '*'}}, {}, {}, bypass('ownConditions')],
		['forceRefresh', {}, {}, {forceRefresh: true}, undefined],
	];

	it.each(cases)('with %s', (_, request, settings, requestSettings, expected) => {
		expect(planWithoutStore(sampleRequest(request), settingsOf(settings), requestSettingsOf(requestSettings))).toEqual(
			expected,
		);
	});

	it.each(cases)('is what planRequest says too, with %s', (_, request, settings, requestSettings, expected) => {
		if (expected) {
			expect(plan(STORED.fresh, settings, requestSettings, request)).toEqual(expected);
		} else {
			expect(plan(STORED.fresh, settings, requestSettings, request).kind).not.toBe('bypass');
		}
	});

	it.each(cases.filter(([, , , , expected]) => expected))(
		'sends nothing under onlyIfCached, with %s',
		(_, request, settings, requestSettings) => {
			const early = planWithoutStore(
				sampleRequest(request),
				settingsOf({...settings, onlyIfCached: true}),
				requestSettingsOf(requestSettings),
			);
			expect(early).toEqual(unsatisfiable);
		},
	);
});

describe('planRefresh', () => {
	it('asks whether the stored response holds, which stands by', () => {
		expect(planRefresh(STORED.stale)).toEqual(revalidate('staleWhileRevalidate', true));
	});

	it('fetches where there is no validator', () => {
		expect(planRefresh(STORED.staleWithoutValidator)).toEqual(fetch('staleWhileRevalidate', true));
	});
});
