import {describe, expect, it} from '@jest/globals';
import {isServerFailure} from '../../src/policy/judge-response.js';
import {
	BYPASS,
	FETCH_WITH_STANDBY,
	type JudgeCase,
	judgeIn,
	REVALIDATE,
	REVALIDATE_WITH_STANDBY,
} from './judge-case.js';
import {ETAG, NOW, sampleStored, settingsOf} from './samples.js';

const EXCHANGE = {requestTime: NOW, responseTime: NOW + 30};
const ARRIVED = EXCHANGE.responseTime;

const judge = judgeIn(EXCHANGE, settingsOf);

describe('a verdict to store', () => {
	it('has the whole record', () => {
		expect(
			judge({
				response: {
					statusMessage: 'Fine',
					httpVersion: '2',
					url: 'https://example.com/final',
					rawHeaders: [
						'Content-Encoding',
						'gzip',
						'Content-Length',
						'3',
						'ETag',
						ETAG,
						'Connection',
						'close',
						'Vary',
						'B, a',
					],
					bodySize: 7,
					decoded: true,
				},
				request: {method: 'HEAD'},
				settings: {expireAfter: 60, staleIfError: 5, staleWhileRevalidate: 10},
			}),
		).toEqual({
			kind: 'store',
			reason: 'allowed',
			vary: ['a', 'b'],
			response: {
				kind: 'response',
				method: 'HEAD',
				url: 'https://example.com/final',
				statusCode: 200,
				statusMessage: 'Fine',
				httpVersion: '2',
				rawHeaders: ['ETag', ETAG, 'Vary', 'B, a'],
				...EXCHANGE,
				createdAt: ARRIVED,
				expires: ARRIVED + 60_000,
				keepUntil: ARRIVED + 70_000,
				bodySize: 7,
				decoded: true,
			},
		});
	});

	it.each<[string, JudgeCase, expires: number | undefined, keepUntil: number | undefined]>([
		['no expiration', {}, undefined, undefined],
		["a session's", {settings: {expireAfter: 60}}, ARRIVED + 60_000, ARRIVED + 60_000],
		["a pattern's", {settings: {expireAfter: 60, urlsExpireAfter: {'*': 5}}}, ARRIVED + 5000, ARRIVED + 5000],
		[
			"a request's",
			{settings: {urlsExpireAfter: {'*': 5}}, requestSettings: {expireAfter: 2}},
			ARRIVED + 2000,
			ARRIVED + 2000,
		],
		['EXPIRE_IMMEDIATELY', {settings: {expireAfter: 'immediately'}}, ARRIVED, ARRIVED],
		['a moment', {settings: {expireAfter: new Date(NOW + 500)}}, NOW + 500, NOW + 500],
		['a window', {settings: {expireAfter: 60, staleIfError: 5}}, ARRIVED + 60_000, ARRIVED + 65_000],
		['a window without end', {settings: {expireAfter: 60, staleWhileRevalidate: true}}, ARRIVED + 60_000, undefined],
		['a window, but no expiration', {settings: {staleIfError: 5}}, undefined, undefined],
	])('expires by %s', (_, given, expires, keep) => {
		expect(judge(given)).toMatchObject({kind: 'store', response: {expires, keepUntil: keep}});
	});

	it('goes by the URL that was asked for, not by the one that the response names', () => {
		const settings = {urlsExpireAfter: {'example.com/a': 5, 'example.com/b': 50}};
		expect(judge({settings, response: {url: 'https://example.com/b'}})).toMatchObject({
			response: {expires: ARRIVED + 5000},
		});
	});

	it.each<[string, JudgeCase]>([
		['a status that is allowed', {response: {statusCode: 404}, settings: {allowedCodes: [404]}}],
		['a method that is allowed', {request: {method: 'POST'}, settings: {allowedMethods: ['post']}}],
		['a body of exactly the largest size', {response: {bodySize: 5}, settings: {maxBodySize: 5}}],
		['a body of any size', {response: {bodySize: 1e12}, settings: {maxBodySize: Number.POSITIVE_INFINITY}}],
		['a new response to a validation', {plan: REVALIDATE, stored: sampleStored()}],
		['a new response while another stands by', {plan: REVALIDATE_WITH_STANDBY, stored: sampleStored()}],
		['a failure that is allowed', {response: {statusCode: 503}, settings: {allowedCodes: [503]}}],
		['an answer to onlyIfCached, which was asked for all the same', {settings: {onlyIfCached: true}}],
	])('is for %s', (_, given) => {
		expect(judge(given).kind).toBe('store');
	});
});

describe('a verdict to skip', () => {
	it.each<[reason: string, string, JudgeCase]>([
		['bypassed', 'a bypass', {plan: BYPASS}],
		[
			'bypassed',
			"a 304 to the caller's own condition",
			{plan: BYPASS, response: {statusCode: 304}, stored: sampleStored()},
		],
		['bypassed', 'a failure of a bypass', {plan: BYPASS, response: {statusCode: 503}, stored: sampleStored()}],
		['readOnly', 'readOnly', {settings: {readOnly: true}}],
		[
			'readOnly',
			'readOnly with a status that is not allowed',
			{settings: {readOnly: true}, response: {statusCode: 404}},
		],
		['methodNotAllowed', 'a method that a redirect ended with', {request: {method: 'PUT'}}],
		['doNotCache', 'a veto of the request', {requestSettings: {expireAfter: 0}}],
		[
			'doNotCache',
			'a veto of a pattern',
			{settings: {urlsExpireAfter: {'example.com': 0}}, requestSettings: {expireAfter: 60}},
		],
		['doNotCache', 'a veto of the session', {settings: {expireAfter: 0}, requestSettings: {expireAfter: 60}}],
		['statusNotAllowed', 'a 404', {response: {statusCode: 404}}],
		['statusNotAllowed', 'a 200 that is not allowed', {settings: {allowedCodes: [404]}}],
		['statusNotAllowed', 'a redirect that is not followed', {response: {statusCode: 302}}],
		[
			'statusNotAllowed',
			'a failure while nothing stands by',
			{response: {statusCode: 503}, plan: REVALIDATE, stored: sampleStored()},
		],
		['bodyTooLarge', 'a body that is too large', {response: {bodySize: 6}, settings: {maxBodySize: 5}}],
		['varyStar', 'Vary: *', {response: {rawHeaders: ['Vary', '*']}}],
		[
			'unexpectedNotModified',
			'a 304 to a request that had no condition',
			{response: {statusCode: 304}, stored: sampleStored()},
		],
		[
			'unexpectedNotModified',
			'a 304 where the stored response is gone',
			{response: {statusCode: 304}, plan: REVALIDATE},
		],
		['unexpectedNotModified', 'a 304 that is allowed', {response: {statusCode: 304}, settings: {allowedCodes: [304]}}],
	])('%s: %s', (reason, _, given) => {
		expect(judge(given)).toEqual({kind: 'skip', reason});
	});
});

describe('a 304 to a validation', () => {
	const stored = sampleStored({rawHeaders: ['ETag', ETAG, 'X-A', '1'], expires: NOW - 1, keepUntil: NOW - 1});
	const response = {statusCode: 304, rawHeaders: ['ETag', ETAG, 'X-A', '2'], bodySize: 0};
	const settings = {expireAfter: 60, staleIfError: 5};
	const renewed = {
		...stored,
		...EXCHANGE,
		expires: ARRIVED + 60_000,
		keepUntil: ARRIVED + 65_000,
		rawHeaders: ['ETag', ETAG, 'X-A', '2'],
	};

	it.each<[string, JudgeCase, persist: boolean]>([
		['in the store too', {}, true],
		['not in the store with readOnly', {settings: {...settings, readOnly: true}}, false],
		[
			'not in the store when it varies by everything from now on',
			{response: {...response, rawHeaders: [...response.rawHeaders, 'Vary', '*']}},
			false,
		],
	])('renews the stored response, %s', (_, given, persist) => {
		const verdict = judge({stored, response, settings, plan: REVALIDATE, ...given});
		expect(verdict).toMatchObject({
			kind: 'freshen',
			reason: 'notModified',
			persist,
			response: {createdAt: stored.createdAt, bodySize: 5},
		});
	});

	it('gives the whole renewed record', () => {
		const verdict = judge({stored, response, settings, plan: REVALIDATE});
		expect(verdict).toEqual({kind: 'freshen', reason: 'notModified', persist: true, response: renewed});
	});

	it('renews for as long as the request says', () => {
		const verdict = judge({stored, response, settings, plan: REVALIDATE, requestSettings: {expireAfter: 1}});
		expect(verdict).toMatchObject({kind: 'freshen', response: {expires: ARRIVED + 1000}});
	});

	it('does not ask whether 304 is allowed, or how large the stored body is', () => {
		expect(judge({stored, response, settings: {maxBodySize: 0}, plan: REVALIDATE}).kind).toBe('freshen');
	});

	it('that names another ETag renews nothing; the request is sent again', () => {
		const verdict = judge({
			stored,
			response: {...response, rawHeaders: ['ETag', '"v2"']},
			settings,
			plan: REVALIDATE_WITH_STANDBY,
		});
		expect(verdict).toEqual({kind: 'refetch', reason: 'etagMismatch', plan: FETCH_WITH_STANDBY});
	});
});

describe('a server failure', () => {
	it.each([500, 502, 503, 504])('%i: the stored response that stands by is used', statusCode => {
		for (const plan of [FETCH_WITH_STANDBY, REVALIDATE_WITH_STANDBY]) {
			expect(judge({response: {statusCode}, stored: sampleStored(), plan})).toEqual({
				kind: 'useStored',
				reason: 'staleIfError',
			});
		}
	});

	it.each([200, 304, 400, 404, 429, 501, 505, 511])('%i is none', statusCode => {
		expect(isServerFailure(statusCode)).toBe(false);
		expect(judge({response: {statusCode}, stored: sampleStored(), plan: REVALIDATE_WITH_STANDBY}).kind).not.toBe(
			'useStored',
		);
	});

	it('is used even if its status may be stored', () => {
		const given = {
			response: {statusCode: 503},
			stored: sampleStored(),
			plan: FETCH_WITH_STANDBY,
			settings: {allowedCodes: [503]},
		};
		expect(judge(given).kind).toBe('useStored');
	});

	it('is passed on where nothing is stored', () => {
		expect(judge({response: {statusCode: 503}, plan: FETCH_WITH_STANDBY}).kind).toBe('skip');
	});
});
